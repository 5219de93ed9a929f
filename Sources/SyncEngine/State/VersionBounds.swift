import FoundationEssentials

/// Which versions of one model are kept.
///
/// The newest ``alwaysKept`` always are. Of the others those that are younger than ``age`` or among the newest ``regardlessOfAge``, as
/// long as all of a model are no more than ``count`` and their contents, each counted once, no more than ``byteCount``.
enum VersionBounds {
    static let alwaysKept = 10
    static let regardlessOfAge = 50
    /// Seconds: 400 days.
    static let age: TimeInterval = 400 * 86400
    static let count = 1000
    static let byteCount = 64 << 20

    /// - Parameter versions: Newest first, each with the contents that it names.
    /// - Returns: Numbers of those to drop.
    static func surplus(_ versions: [VersionRecord], now: Date) -> [Int64] {
        let cutoff = now.addingTimeInterval(-age)
        var counted: Set<String> = []
        var sum = 0
        var isFull = false
        var dropped: [Int64] = []
        for (rank, version) in versions.enumerated() {
            var grown = sum
            for file in version.files.values where counted.insert(file.sha256.description).inserted { grown += file.byteCount }
            // Once full, nothing older is kept: a history with holes would show changes that nobody made.
            isFull = isFull || rank >= count || grown > byteCount || rank >= regardlessOfAge && version.at < cutoff
            guard rank < alwaysKept || !isFull else {
                dropped.append(version.number)
                continue
            }
            sum = grown
        }
        return dropped
    }
}
