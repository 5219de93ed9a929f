/// What of a file no connection brings yet, handed out in pieces in the order of the file, so that its beginning can be hashed while the
/// rest is on its way.
struct PieceQueue {
    /// So long that asking for the next one costs nothing.
    static let largest: Int64 = 16 << 20
    /// So short that asking costs as much as the bytes do.
    static let smallest: Int64 = 1 << 20
    /// The same of a host near by, that answers at once.
    static let smallestNearby: Int64 = 128 << 10

    private var untaken: ByteRanges
    var smallest = Self.smallest
    /// Among how many connections it may be shared.
    var shares: Int

    init(_ missing: ByteRanges = ByteRanges(), shares: Int = 1) { (untaken, self.shares) = (missing, shares) }

    /// The next piece; nil when all are taken.
    mutating func take() -> Range<Int64>? { untaken.all.first.map { take(from: $0) } }

    /// The next piece for one of so many connections that are to bring all of the rest, and that should not have to ask again: from far
    /// away each request is a round trip in which nothing comes. Nil when all are taken.
    mutating func take(forOneOf count: Int) -> Range<Int64>? {
        untaken.all.first.map { take(from: $0, wanted: untaken.byteCount / Int64(max(count, 1))) }
    }

    /// The piece that begins at `position` and ends at `limit` at the latest: what a connection that is there can go on with.
    /// - Parameter isLong: Whether it should last to the end: then it gets one and a half times its share of everything. Who is done
    ///   before takes half of what is left of it.
    mutating func take(at position: Int64, upTo limit: Int64, isLong: Bool = false) -> Range<Int64>? {
        guard position < limit, let part = untaken.all.first(where: { $0.lowerBound == position }) else { return nil }
        return take(from: position..<min(part.upperBound, limit), halfShares: isLong ? 3 : 1)
    }

    mutating func giveBack(_ range: Range<Int64>) { untaken.insert(range) }

    /// The later half of what a connection still has to bring; nil when that is too little to be shared: what is under way of it comes
    /// twice.
    static func half(of rest: Range<Int64>) -> Range<Int64>? {
        guard rest.count >= 2 * smallest else { return nil }
        return (rest.lowerBound + Int64(rest.count) / 2)..<rest.upperBound
    }

    /// Pieces grow shorter towards the end, so that all connections are done at about the same time. A rest too short for a request of
    /// its own goes with the piece before it.
    private mutating func take(from part: Range<Int64>, halfShares: Int64 = 1, wanted: Int64? = nil) -> Range<Int64> {
        let wanted = min(Self.largest, max(smallest, wanted ?? halfShares * untaken.byteCount / Int64(2 * max(shares, 1))))
        let count = Int64(part.count) < wanted + smallest ? Int64(part.count) : wanted
        let piece = part.lowerBound..<(part.lowerBound + count)
        untaken.remove(piece)
        return piece
    }
}
