import FoundationEssentials
import ModelInfo

/// What polling remembers over a restart, so that it neither hammers the host nor forgets what it has seen.
struct PollingMemory: Equatable, Sendable, Codable {
    /// Which host the lists are of; those of another say nothing.
    var host: String
    /// When to ask next.
    var dueAt: Date
    /// `gists.poll` when that was drawn, and the seconds between two polls that came of it.
    var interval: TimeInterval
    var spacing: TimeInterval
    var own: FollowedList?
    /// By login in lower case.
    var others: [String: FollowedList] = [:]
    /// Whose list was asked for last.
    var lastAsked: String?
    /// Gists that were read once more, and the host's time of the revision about which there was a doubt.
    var reread: [String: Date] = [:]

    /// - Parameter interval: `gists.poll`, in seconds.
    init(host: String, interval: TimeInterval, dueAt: Date) {
        (self.host, self.dueAt, self.interval, spacing) = (host, dueAt, interval, interval)
    }

    subscript(whose: GistListingRequest.Whose) -> FollowedList? {
        get {
            switch whose {
            case .own: own
            case .of(let login): others[login]
            }
        }
        set {
            switch whose {
            case .own: own = newValue
            case .of(let login): others[login] = newValue
            }
        }
    }

    /// Forgets owners that no gist has any more, and doubts that are over.
    mutating func prune(to gists: [FollowedGist]) {
        let owners = Set(gists.compactMap { $0.owner?.lowercased() })
        others = others.filter { owners.contains($0.key) }
        let doubtful = Dictionary(gists.map { ($0.id.description, $0) }, uniquingKeysWith: { first, _ in first })
        reread = reread.filter { id, time in doubtful[id].map { GistRereading.isDoubtful($0) && $0.updatedAt == time } ?? false }
    }
}
