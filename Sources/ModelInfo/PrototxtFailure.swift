/// Where a prototxt stops to be protobuf text format, and why.
struct PrototxtFailure: Error, Hashable {
    /// Byte that cannot be.
    let offset: Int
    let message: String
    let hint: String

    /// - Parameters:
    ///   - expected: What the format has at this place.
    ///   - offset: Of what stands there instead; it is quoted.
    init(expected: String, at offset: Int, in bytes: [UInt8]) {
        (self.offset, message) = (offset, "expected \(expected), found \(Self.token(at: offset, in: bytes))")
        hint = Self.hint(at: offset, in: bytes)
    }

    init(_ message: String, at offset: Int, hint: String) {
        (self.offset, self.message, self.hint) = (offset, message, hint)
    }

    func diagnostic(in bytes: [UInt8], file: String) -> Diagnostic {
        let (line, column) = Self.position(of: offset, in: bytes)
        let message = "not protobuf text format, so Caffe cannot read it: \(message)"
        return Diagnostic(.prototxtInvalid, file: file, line: line, column: column, message: message, hint: hint)
    }

    /// Line and column of a byte, both from 1; the column counts characters (Unicode scalars, or bytes that are no UTF-8).
    ///
    /// The end of the file is the place behind its last word: an empty line below that shows nobody anything.
    static func position(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        var offset = offset
        if offset >= bytes.count { offset = (bytes.lastIndex { $0 > UInt8(ascii: " ") } ?? -1) + 1 }
        var (start, number) = (0, 1)
        while let line = TextLine(in: bytes, at: start), line.end <= offset, line.content.upperBound < offset {
            (start, number) = (line.end, number + 1)
        }
        if start == 0, bytes.starts(with: ByteOrderMark.utf8) { start = ByteOrderMark.utf8.count }
        return (number, String(decoding: bytes[min(start, offset)..<offset], as: UTF8.self).unicodeScalars.count + 1)
    }

    /// The word or character that stands at `offset`, in quotes.
    private static func token(at offset: Int, in bytes: [UInt8]) -> String {
        guard offset < bytes.count else { return "the end of the file" }
        let rest = bytes[offset..<min(offset + 40, bytes.count)]
        let word = rest.prefix { $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
        if !word.isEmpty { return Quotation.of(String(decoding: word, as: UTF8.self)) }
        if let character = String(decoding: rest, as: UTF8.self).unicodeScalars.first, character != "\u{FFFD}" {
            return Quotation.of(String(character))
        }
        return "the byte 0x" + String(bytes[offset], radix: 16, uppercase: true)
    }

    /// What people mean by characters that the format does not have.
    private static func hint(at offset: Int, in bytes: [UInt8]) -> String {
        guard offset < bytes.count else { return "the file seems to be cut off" }
        switch bytes[offset] {
        case UInt8(ascii: "<") where bytes.prefix(offset).allSatisfy({ $0 <= UInt8(ascii: " ") || $0 >= 0x80 }):
            return "this looks like a web page: save the raw file instead"
        case UInt8(ascii: "="): return "write ':' between a field and its value"
        case UInt8(ascii: "/"): return "a comment begins with '#'"
        case UInt8(ascii: "}"), UInt8(ascii: ">"), UInt8(ascii: "]"):
            return "a closing bracket too many, or one of another kind than the opening one"
        case ..<0x20: return "the file is damaged, or no text"
        case 0xFE, 0xFF: return "save the file as UTF-8"
        case 0x80...: return "outside of strings and comments all characters are ASCII: retype this one"
        default: return "a field is written 'name: value' or 'name { … }', and text stands in quotes"
        }
    }
}
