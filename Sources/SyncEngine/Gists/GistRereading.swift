import FoundationEssentials
import ModelInfo

/// Which gists have to be read although no list tells of a change.
enum GistRereading {
    /// Hosts give times in whole seconds: within the second of the newest revision known, another may have followed. One is as good as
    /// certain that none did when it was read so many seconds later, whatever the two clocks say.
    static let doubtfulAge: TimeInterval = 300
    /// After so many seconds the host's clock has surely moved on by one.
    private static let oneSecondLater: TimeInterval = 2
    /// Within so many seconds each gist of others is read once: not all of them are on a list, and none tells that one is gone.
    static let dailyPeriod: TimeInterval = 86_400

    /// Whether a younger revision may have the time of the one that is known.
    static func isDoubtful(_ gist: FollowedGist) -> Bool {
        guard let updatedAt = gist.updatedAt, let readAt = gist.readAt else { return false }
        return readAt.timeIntervalSince(updatedAt) < doubtfulAge
    }

    /// - Parameter rereadAt: The ``FollowedGist/updatedAt`` for which it was read once more already.
    static func settlesDoubt(of gist: FollowedGist, rereadAt: Date?, now: Date) -> Bool {
        guard isDoubtful(gist), rereadAt != gist.updatedAt, let readAt = gist.readAt else { return false }
        return now.timeIntervalSince(readAt) >= oneSecondLater || readAt > now
    }

    /// Whether its turn has come: once within each period, all gists spread over it by their ids.
    static func isDue(_ gist: FollowedGist, period: TimeInterval, now: Date) -> Bool {
        let offset = spread(gist.id) * period
        let turn = ((now.timeIntervalSince1970 - offset) / period).rounded(.down) * period + offset
        return (gist.readAt ?? .distantPast).timeIntervalSince1970 < turn
    }

    /// In `0..<1`, the same for the same id in every process, as Swift's own hashes are not: FNV-1a, whose bits are then mixed, since ids
    /// that differ in their last digit only are to lie far apart.
    private static func spread(_ id: GistID) -> Double {
        var hash = id.description.utf8.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        return Double((hash ^ (hash >> 33)) >> 11) * 0x1p-53
    }
}
