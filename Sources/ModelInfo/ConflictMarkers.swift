/// Lines that a version control system leaves in a file that it could not merge.
enum ConflictMarkers {
    /// Number of the first such line, from 1; nil when there is none.
    ///
    /// A line of seven `=` alone also underlines a heading. It counts where it certainly does not: before a `---`, and among keys.
    static func firstLine(in bytes: [UInt8]) -> Int? {
        var (start, number) = (bytes.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0, 1)
        var isBehindKey = false
        while let line = TextLine(in: bytes, at: start) {
            let text = bytes[line.content]
            if isMarker(text) {
                guard text.first == UInt8(ascii: "=") else { return number }
                if isBetweenKeys(behindKey: isBehindKey, next: TextLine(in: bytes, at: line.end), in: bytes) { return number }
            }
            if !line.isBlank(in: bytes) { isBehindKey = text.count <= 1000 && KeyLine(line.content, in: bytes) != nil }
            (start, number) = (line.end, number + 1)
        }
        return nil
    }

    private static func isBetweenKeys(behindKey: Bool, next: TextLine?, in bytes: [UInt8]) -> Bool {
        guard let next else { return false }
        if next.trimmedContent(in: bytes).elementsEqual("---".utf8) { return true }
        return behindKey && next.content.count <= 1000 && KeyLine(next.content, in: bytes) != nil
    }

    /// Whether a line is `<<<<<<<`, `|||||||`, `=======` or `>>>>>>>`, alone or with a label behind a blank.
    static func isMarker(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first, "<|=>".utf8.contains(first), line.prefix(while: { $0 == first }).count == 7 else { return false }
        guard let behind = line.dropFirst(7).first else { return true }
        return behind == UInt8(ascii: " ") && first != UInt8(ascii: "=")
    }
}
