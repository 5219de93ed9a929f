import FoundationEssentials

/// One list of a host's gists as it is asked for again and again: only what changed since a time that stays the same while nothing new
/// comes, so that the host can answer that nothing did.
struct FollowedList: Equatable, Sendable, Codable {
    /// Nil: from the first gist on.
    var since: Date?
    /// Of the last answer to this very request; nil when there is none, or when it had several pages.
    var validator: String?

    /// A host may show a change a little later than a younger one, and clocks differ. In seconds.
    static let margin: TimeInterval = 300
    /// So many gists, or fewer, are left on the list: they fit on one page together with some that come.
    static let keptCount = 50

    init(since: Date?, validator: String? = nil) { (self.since, self.validator) = (since, validator) }

    /// Begins where the oldest reading leaves off: what changed before it was read.
    init(following gists: some Sequence<FollowedGist>) {
        let readings = gists.map { $0.readAt ?? .distantPast }
        since = readings.min().flatMap { $0 == .distantPast ? nil : $0.addingTimeInterval(-Self.margin) }
    }

    /// The list to ask for after one that was read to its end.
    /// - Parameters:
    ///   - times: When the gists on it were changed, by the host's clock.
    ///   - validator: Of its only page; nil when there were more.
    func advanced(over times: [Date], validator: String?, now: Date) -> FollowedList {
        let newestFirst = times.sorted(by: >)
        guard let newest = newestFirst.first else { return FollowedList(since: since, validator: validator) }
        var reach = newest.addingTimeInterval(-Self.margin)
        if newestFirst.count > Self.keptCount { reach = max(reach, newestFirst[Self.keptCount - 1]) }
        // A time in the future, which anybody can write into a commit, would hide what comes before.
        let next = max(since ?? .distantPast, min(reach, now))
        return next == since ? FollowedList(since: since, validator: validator) : FollowedList(since: next)
    }
}
