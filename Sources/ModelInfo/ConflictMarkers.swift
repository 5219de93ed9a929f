/// Lines that a version control system leaves in a file that it could not merge.
enum ConflictMarkers {
    /// Number of the first such line, from 1; nil when there is none.
    ///
    /// A line of seven `=` alone also underlines a heading. It counts where it certainly does not: before a `---`, and among keys.
    static func firstLine(in bytes: [UInt8]) -> Int? {
        var (start, number) = (bytes.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0, 1)
        var before: Range<Int>?
        while let line = TextLine(in: bytes, at: start) {
            if isMarker(line.content, in: bytes) {
                guard bytes[line.content.lowerBound] == UInt8(ascii: "=") else { return number }
                if isBetweenKeys(before: before, next: TextLine(in: bytes, at: line.end), in: bytes) { return number }
            }
            if !line.isBlank(in: bytes) { before = line.content }
            (start, number) = (line.end, number + 1)
        }
        return nil
    }

    /// - Parameter before: The last line that is not blank.
    private static func isBetweenKeys(before: Range<Int>?, next: TextLine?, in bytes: [UInt8]) -> Bool {
        guard let next else { return false }
        if next.trimmedContent(in: bytes).elementsEqual("---".utf8) { return true }
        return isKey(next.content, in: bytes) && before.map { isKey($0, in: bytes) } ?? false
    }

    private static func isKey(_ line: Range<Int>, in bytes: [UInt8]) -> Bool { line.count <= 1000 && KeyLine(line, in: bytes) != nil }

    /// Whether a line is `<<<<<<<`, `|||||||`, `=======` or `>>>>>>>`, alone or with a label behind a blank.
    static func isMarker(_ line: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard line.count >= 7 else { return false }
        let first = bytes[line.lowerBound]
        switch first {
        case UInt8(ascii: "<"), UInt8(ascii: "|"), UInt8(ascii: "="), UInt8(ascii: ">"): break
        default: return false
        }
        let behind = line.lowerBound + 7
        for index in line.lowerBound..<behind where bytes[index] != first { return false }
        return behind == line.upperBound || bytes[behind] == UInt8(ascii: " ") && first != UInt8(ascii: "=")
    }
}
