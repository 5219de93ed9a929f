import FoundationEssentials

/// How much is asked, so that the host's limits are far away however many gists of others are followed.
struct PollingTempo: Equatable, Sendable {
    /// Seconds between two polls.
    let interval: TimeInterval
    /// So many lists of others are asked for in one poll; the rest have their turn in the next ones.
    let listLimit: Int
    /// So many gists of others are read in one poll because their turn has come.
    let readLimit: Int
    /// Seconds within which each gist of others is read once.
    let directPeriod: TimeInterval
    /// Whether there is a list of the own gists; without a token there is none, and all gists are somebody's.
    let listsOwn: Bool

    /// - Parameters:
    ///   - interval: The configured one, in seconds.
    ///   - otherCount: How many gists are followed one by one.
    init(_ interval: TimeInterval, otherCount: Int, isSignedIn: Bool) {
        // GitHub lets nobody in particular ask 60 times an hour: a half of that for lists, a sixth for gists. With a token it is 5,000.
        let (listSpacing, readSpacing): (TimeInterval, TimeInterval) = isSignedIn ? (2, 5) : (120, 360)
        self.interval = isSignedIn ? interval : max(interval, listSpacing)
        listLimit = max(1, Int(min(self.interval, 3600) / listSpacing))
        readLimit = max(1, Int(min(self.interval, 3600) / readSpacing))
        directPeriod = max(GistRereading.dailyPeriod, Double(otherCount) * readSpacing)
        listsOwn = isSignedIn
    }
}
