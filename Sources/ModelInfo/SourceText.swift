/// A file's lines as diagnostics count them, to show people the one that is meant.
public struct SourceText {
    private let bytes: [UInt8]
    private let lines: [TextLine]
    private let secrets: [Range<Int>]

    /// - Parameter raw: The whole file, in any of the encodings in which a readme is read.
    public init(_ raw: [UInt8]) {
        bytes = ReadableText(raw).bytes
        lines = TextLine.all(in: bytes, range: 0..<bytes.count)
        secrets = SecretMatch.all(in: bytes).map(\.range)
    }

    /// The line of that number, from 1, without its ending and without a byte order mark.
    ///
    /// Nil when there is none, and for a line with a secret or a part of one: that is never shown.
    public func line(_ number: Int) -> String? {
        guard number >= 1, number <= lines.count else { return nil }
        var content = bytes[lines[number - 1].content]
        let place = content.startIndex..<content.endIndex
        guard !secrets.contains(where: { $0.overlaps(place) }) else { return nil }
        if number == 1, content.starts(with: ByteOrderMark.utf8) { content = content.dropFirst(ByteOrderMark.utf8.count) }
        return ReadableText.string(content)
    }
}
