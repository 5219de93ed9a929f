/// Parts of a file: half-open, not empty, apart from each other, in order.
public struct ByteRanges: Hashable, Sendable {
    /// None touches the next.
    public private(set) var all: [Range<Int64>] = []

    /// No part at all.
    public init() {}

    /// One part; an empty one is none.
    public init(_ range: Range<Int64>) { insert(range) }

    /// How many bytes they are together.
    public var byteCount: Int64 { all.reduce(0) { $0 + Int64($1.count) } }

    /// Where the first gap begins.
    public var prefixEnd: Int64 { all.first.map { $0.lowerBound == 0 ? $0.upperBound : 0 } ?? 0 }

    /// Whether they are the beginning of the file and nothing else, or nothing.
    public var isPrefix: Bool { all.isEmpty || (all.count == 1 && all[0].lowerBound == 0) }

    /// Adds a part; what touches grows together.
    public mutating func insert(_ range: Range<Int64>) {
        guard !range.isEmpty else { return }
        let first = all.firstIndex { $0.upperBound >= range.lowerBound } ?? all.endIndex
        var (whole, end) = (range, first)
        while end < all.endIndex, all[end].lowerBound <= whole.upperBound {
            whole = min(whole.lowerBound, all[end].lowerBound)..<max(whole.upperBound, all[end].upperBound)
            end += 1
        }
        all.replaceSubrange(first..<end, with: CollectionOfOne(whole))
    }

    /// Takes a part away.
    public mutating func remove(_ range: Range<Int64>) {
        guard !range.isEmpty else { return }
        all = all.flatMap { part in
            guard part.overlaps(range) else { return [part] }
            let before = part.lowerBound..<max(part.lowerBound, range.lowerBound)
            let after = min(part.upperBound, range.upperBound)..<part.upperBound
            return [before, after].filter { !$0.isEmpty }
        }
    }

    /// What of them lies in both.
    public func intersection(_ other: ByteRanges) -> ByteRanges {
        var both = self
        for gap in other.gaps(below: all.last?.upperBound ?? 0) { both.remove(gap) }
        return both
    }

    /// What they leave out of the first `byteCount` bytes, in order.
    public func gaps(below byteCount: Int64) -> [Range<Int64>] {
        var (gaps, end): ([Range<Int64>], Int64) = ([], 0)
        for part in all where part.lowerBound < byteCount {
            if part.lowerBound > end { gaps.append(end..<part.lowerBound) }
            end = part.upperBound
        }
        if end < byteCount { gaps.append(end..<byteCount) }
        return gaps
    }
}

extension ByteRanges: Codable {
    /// From pairs of bounds; what is no range is left out.
    public init(from decoder: any Decoder) throws {
        for pair in try decoder.singleValueContainer().decode([[Int64]].self) {
            if pair.count == 2, 0 <= pair[0], pair[0] < pair[1] { insert(pair[0]..<pair[1]) }
        }
    }

    /// As pairs of bounds: `[[0, 1048576]]`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(all.map { [$0.lowerBound, $0.upperBound] })
    }
}
