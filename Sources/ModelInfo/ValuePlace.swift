/// Where on its line the value of a key stands, if it plainly stands there: an edit replaces these bytes and no others.
struct ValuePlace: Hashable {
    /// With its quotes, without the blanks around it. Empty, and right behind the colon, when there is no value.
    let range: Range<Int>
    /// Right behind the colon: a blank has to come between.
    let needsBlank: Bool

    /// Within a block: what KeyLine cuts out, so that quotes go with the value and a comment stays.
    /// - Parameter line: That of the key, without its ending. Nil when the value goes on over the end of the line.
    init?(inBlock line: Range<Int>, of bytes: [UInt8]) {
        guard let cut = KeyLine(line, in: bytes), !cut.isOpenEnded else { return nil }
        range = cut.value.isEmpty ? cut.colon + 1..<cut.colon + 1 : cut.value
        needsBlank = range.lowerBound == cut.colon + 1
    }

    /// In a text: the value must stand in its column as it was read, with nothing behind it but blanks or the end of a table's cell.
    /// Nil when it is decorated, in the middle of a sentence, or elsewhere.
    init?(inText line: Range<Int>, of bytes: [UInt8], holding occurrence: KeyOccurrence) {
        if occurrence.value.isEmpty {
            let end = Self.trimmedEnd(line, in: bytes)
            guard end > line.lowerBound, bytes[end - 1] == UInt8(ascii: ":") else { return nil }
            (range, needsBlank) = (end..<end, true)
            return
        }
        guard let start = Self.offset(ofColumn: occurrence.valueColumn, in: line, of: bytes) else { return nil }
        let value = occurrence.value.utf8
        let quote = bytes[start..<line.upperBound].first.flatMap { "'\"".utf8.contains($0) ? $0 : nil }
        var end = start
        if bytes[start..<line.upperBound].starts(with: value) {
            end += value.count
        } else if let quote, bytes[(start + 1)..<line.upperBound].starts(with: value), start + 1 + value.count < line.upperBound,
            bytes[start + 1 + value.count] == quote
        {
            end += value.count + 2
        } else {
            return nil
        }
        let behind = bytes[end..<line.upperBound].drop(while: \.isBlank)
        let isCell = bytes[line].drop(while: \.isBlank).first == UInt8(ascii: "|")
        guard behind.isEmpty || isCell && behind.first == UInt8(ascii: "|") else { return nil }
        (range, needsBlank) = (start..<end, start > line.lowerBound && bytes[start - 1] == UInt8(ascii: ":"))
    }

    /// `bytes` with `written` in this place.
    func replacing(with written: String, in bytes: [UInt8]) -> [UInt8] {
        bytes[..<range.lowerBound] + Array(((needsBlank ? " " : "") + written).utf8) + bytes[range.upperBound...]
    }

    private static func trimmedEnd(_ line: Range<Int>, in bytes: [UInt8]) -> Int {
        var end = line.upperBound
        while end > line.lowerBound, bytes[end - 1].isBlank { end -= 1 }
        return end
    }

    /// The byte at which a column begins, counted from 1 in Unicode scalars; nil behind the end of the line.
    static func offset(ofColumn column: Int, in line: Range<Int>, of bytes: [UInt8]) -> Int? {
        var (offset, count) = (line.lowerBound, 1)
        while offset < line.upperBound {
            // Of UTF-8 every byte but those inside a character begins one; of ISO 8859-1, every byte: there the value is not found.
            if bytes[offset] & 0xC0 != 0x80 {
                if count == column { return offset }
                count += 1
            }
            offset += 1
        }
        return nil
    }
}
