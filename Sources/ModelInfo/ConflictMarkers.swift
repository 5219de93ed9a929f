/// Lines that a version control system leaves in a file that it could not merge.
enum ConflictMarkers {
    /// Number of the first such line, from 1; nil when there is none.
    ///
    /// A line of seven `=` alone says nothing: it also underlines a heading.
    static func firstLine(in bytes: [UInt8]) -> Int? {
        var (start, number) = (0, 1)
        while let line = TextLine(in: bytes, at: start) {
            if isMarker(bytes[line.content]), bytes[line.content.lowerBound] != UInt8(ascii: "=") { return number }
            (start, number) = (line.end, number + 1)
        }
        return nil
    }

    /// Whether a line is `<<<<<<<`, `|||||||`, `=======` or `>>>>>>>`, alone or with a label behind a blank.
    static func isMarker(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first, "<|=>".utf8.contains(first), line.prefix(while: { $0 == first }).count == 7 else { return false }
        guard let behind = line.dropFirst(7).first else { return true }
        return behind == UInt8(ascii: " ") && first != UInt8(ascii: "=")
    }
}
