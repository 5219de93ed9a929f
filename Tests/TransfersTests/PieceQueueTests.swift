import Testing

@testable import Transfers

@Suite struct `Pieces of a file` {
    private let mebibyte: Int64 = 1 << 20

    @Test func `one connection takes pieces of 16 MiB in the order of the file, without a gap`() {
        var queue = PieceQueue(ByteRanges(0..<100 * mebibyte))
        var end: Int64 = 0
        while let piece = queue.take() {
            #expect(piece.lowerBound == end && piece.count <= 16 * mebibyte)
            end = piece.upperBound
        }
        #expect(end == 100 * mebibyte)
    }

    @Test func `for eight connections pieces grow shorter towards the end, and none is too short to be worth asking`() {
        var queue = PieceQueue(ByteRanges(0..<48 * mebibyte + 5), shares: 8)
        var pieces: [Range<Int64>] = []
        while let piece = queue.take() { pieces.append(piece) }
        #expect(pieces.count >= 16 && pieces.allSatisfy { $0.count >= mebibyte && $0.count < 4 * mebibyte })
        #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(pieces.last?.upperBound == 48 * mebibyte + 5)
    }

    @Test func `a connection goes on only with what follows and nobody has`() {
        var queue = PieceQueue(ByteRanges(0..<64 * mebibyte))
        let first = queue.take()
        #expect(first == 0..<16 * mebibyte)
        #expect(queue.take(at: 16 * mebibyte, upTo: 20 * mebibyte) == 16 * mebibyte..<20 * mebibyte)
        #expect(queue.take() == 20 * mebibyte..<36 * mebibyte)
        #expect(queue.take(at: 20 * mebibyte, upTo: 64 * mebibyte) == nil)
        #expect(queue.take(at: 36 * mebibyte, upTo: 36 * mebibyte) == nil)
    }

    @Test func `what is given back is taken again, and first`() {
        var queue = PieceQueue(ByteRanges(0..<40 * mebibyte))
        _ = queue.take()
        _ = queue.take()
        queue.giveBack(3 * mebibyte..<5 * mebibyte)
        #expect(queue.take() == 3 * mebibyte..<5 * mebibyte)
        #expect(queue.take()?.lowerBound == 28 * mebibyte)
    }

    @Test func `only a rest of two mebibytes or more is shared, by halves`() {
        #expect(PieceQueue.half(of: 10..<10 + 2 * mebibyte) == 10 + mebibyte..<10 + 2 * mebibyte)
        #expect(PieceQueue.half(of: 0..<2 * mebibyte - 1) == nil)
        #expect(PieceQueue.half(of: 0..<0) == nil)
    }

    @Test func `who is opened one after the other gets the same part of all that is left, within bounds`() {
        var queue = PieceQueue(ByteRanges(9 * mebibyte..<48 * mebibyte), shares: 8)
        let pieces = (1...7).reversed().compactMap { queue.take(forOneOf: $0) }
        #expect(pieces.count == 7 && pieces.allSatisfy { abs(Int64($0.count) - 39 * mebibyte / 7) <= 7 })
        #expect(pieces.last?.upperBound == 48 * mebibyte && queue.take(forOneOf: 1) == nil)
        queue = PieceQueue(ByteRanges(0..<100 * mebibyte), shares: 2)
        #expect(queue.take(forOneOf: 1) == 0..<16 * mebibyte)
        queue = PieceQueue(ByteRanges(0..<3 * mebibyte), shares: 8)
        #expect(queue.take(forOneOf: 7) == 0..<mebibyte)
    }

    @Test func `from a host near by pieces grow shorter still, so that all connections end together`() {
        var queue = PieceQueue(ByteRanges(0..<48 * mebibyte), shares: 8)
        queue.smallest = PieceQueue.smallestNearby
        var pieces: [Range<Int64>] = []
        while let piece = queue.take() { pieces.append(piece) }
        #expect(pieces.suffix(8).allSatisfy { $0.count < mebibyte / 2 + 1 } && pieces.allSatisfy { $0.count >= mebibyte / 8 })
    }

    @Test func `a connection that is lost at the end of its piece gets half as much again as its share of all`() {
        var queue = PieceQueue(ByteRanges(0..<48 * mebibyte), shares: 8)
        #expect(queue.take(at: 0, upTo: 48 * mebibyte, isLong: true) == 0..<9 * mebibyte)
        #expect(queue.take()?.lowerBound == 9 * mebibyte)
        var single = PieceQueue(ByteRanges(0..<48 * mebibyte))
        #expect(single.take(at: 0, upTo: 48 * mebibyte, isLong: true) == 0..<16 * mebibyte)
    }
}
