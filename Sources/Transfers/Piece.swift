/// What one exchange of a download brings: a part of the file, from its beginning on.
final class Piece: BodyReceiver {
    private unowned let download: Download
    /// What this exchange asked for; nil for the one whose answer tells what there is.
    let asked: Range<Int64>?
    /// Whether it was begun while others were under way.
    let isBeside: Bool
    /// Where the next byte goes.
    var position: Int64
    /// Where another connection's piece begins.
    var end: Int64
    /// Where the answer ends by itself. The server goes on until there, unless the connection is given up.
    var answerEnd: Int64
    var hasBegun = false
    var broughtByteCount: Int64 = 0
    /// Whether the answer was no answer to what was asked: the server does not do parts as it should.
    var isUnfit = false

    /// The first one: the answer tells what it brings.
    init(firstOf download: Download) {
        (self.download, asked, isBeside) = (download, nil, false)
        (position, end, answerEnd) = (0, 0, 0)
    }

    init(of download: Download, asking asked: Range<Int64>, isBeside: Bool) {
        (self.download, self.asked, self.isBeside) = (download, asked, isBeside)
        (position, end, answerEnd) = (asked.lowerBound, asked.upperBound, asked.upperBound)
    }

    /// What it still has to bring; empty where nobody knows.
    var rest: Range<Int64> { end == .max ? 0..<0 : position..<end }

    func begin(_ head: ResponseHead) throws(TransferFailure) -> Bool {
        guard let asked else { return try download.begin(head, self) }
        return try download.begin(head, self, asked)
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(TransferFailure) -> Bool { try unsafe download.receive(bytes, self) }
}
