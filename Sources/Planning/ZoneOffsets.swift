import FoundationEssentials

/// What a time zone adds to GMT, as a value: with it, planning needs no clock on the wall.
public struct ZoneOffsets: Equatable, Sendable {
    /// From `since` on it is `seconds`.
    public struct Change: Equatable, Sendable {
        /// Seconds since 1970.
        public let since: Int64
        /// East of Greenwich is positive.
        public let seconds: Int64

        public init(since: Int64, seconds: Int64) { (self.since, self.seconds) = (since, seconds) }
    }

    /// Earliest first, never empty. Before the first and behind the last it is as there.
    public let changes: [Change]

    /// - Parameter changes: In any order; none is GMT.
    public init(_ changes: [Change]) {
        let sorted = changes.sorted { $0.since < $1.since }
        self.changes = sorted.isEmpty ? [Change(since: .min, seconds: 0)] : sorted
    }

    public static let gmt = ZoneOffsets([])

    /// - Parameter moment: Seconds since 1970.
    public func seconds(at moment: Int64) -> Int64 { (changes.last { $0.since <= moment } ?? changes[0]).seconds }
}
