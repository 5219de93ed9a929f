/// One line of a text held as bytes. Lines end with LF, CR LF or a lone CR, as YAML counts them.
struct TextLine: Hashable, Sendable {
    /// The line without its ending.
    let content: Range<Int>
    /// Where the next line begins: behind the line ending.
    let end: Int

    /// The line that begins at `start`; nil at the end of the bytes.
    init?(in bytes: borrowing [UInt8], at start: Int) {
        guard start < bytes.count else { return nil }
        var index = start
        while index < bytes.count, bytes[index] != .lineFeed, bytes[index] != .carriageReturn { index += 1 }
        content = start..<index
        if index + 1 < bytes.count, bytes[index] == .carriageReturn, bytes[index + 1] == .lineFeed {
            end = index + 2
        } else {
            end = min(index + 1, bytes.count)
        }
    }

    /// `content` without the blanks and tabs at its end.
    func trimmedContent(in bytes: [UInt8]) -> ArraySlice<UInt8> { bytes[content.lowerBound..<trimmedEnd(in: bytes)] }

    /// Where the blanks and tabs at the end of `content` begin.
    func trimmedEnd(in bytes: [UInt8]) -> Int {
        var end = content.upperBound
        while end > content.lowerBound, bytes[end - 1].isBlank { end -= 1 }
        return end
    }

    /// Whether it holds nothing but blanks and tabs.
    func isBlank(in bytes: [UInt8]) -> Bool {
        for index in content where !bytes[index].isBlank { return false }
        return true
    }

    /// The first byte that is no blank; nil in a blank line.
    func firstMark(in bytes: [UInt8]) -> UInt8? {
        for index in content where !bytes[index].isBlank { return bytes[index] }
        return nil
    }

    /// All lines of a readme, the first one without its byte order mark.
    static func all(inReadme bytes: [UInt8]) -> [TextLine] {
        all(in: bytes, range: (bytes.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0)..<bytes.count)
    }

    /// The lines of `range`, in order.
    static func all(in bytes: [UInt8], range: Range<Int>) -> [TextLine] {
        var lines: [TextLine] = []
        // To grow an array of so many takes longer than to count them.
        lines.reserveCapacity(1 + bytes[range].count { $0 == .lineFeed })
        var start = range.lowerBound
        while start < range.upperBound, let line = TextLine(in: bytes, at: start) {
            lines.append(line)
            start = line.end
        }
        return lines
    }
}

extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    /// A blank or a tab.
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// An ASCII letter or digit.
    var isAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }
}

extension String {
    /// Without blanks, tabs and line ends at both ends; what a person does not see stays, so that it can be told of.
    var trimmedOfBlanks: String {
        if let first = utf8.first, let last = utf8.last, first > 0x20, last > 0x20 { return self }
        let bytes = utf8.drop { $0.isBlank || $0 == .lineFeed || $0 == .carriageReturn }
        guard let last = bytes.lastIndex(where: { !($0.isBlank || $0 == .lineFeed || $0 == .carriageReturn) }) else { return "" }
        return String(Substring(bytes[...last]))
    }

    /// The first character that nobody sees. Nearly all values are plain ASCII, where a look at the bytes is enough.
    var firstInvisible: Unicode.Scalar? {
        utf8.allSatisfy { 0x20...0x7E ~= $0 } ? nil : unicodeScalars.first(where: \.isInvisible)
    }

    /// Without white space, control and invisible characters at both ends.
    var trimmed: String {
        if let first = utf8.first, let last = utf8.last, 0x21...0x7E ~= first, 0x21...0x7E ~= last { return self }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isTrimmed }), let last = scalars.lastIndex(where: { !$0.isTrimmed }) else {
            return ""
        }
        return String(scalars[first...last])
    }
}

extension Unicode.Scalar {
    fileprivate var isTrimmed: Bool { properties.isWhitespace || isInvisible }

    /// A control or format character, or a blank that looks like another: what a person does not see in a value.
    var isInvisible: Bool {
        if value < 0x7F { return value < 0x20 && value != 0x09 && value != 0x0A && value != 0x0D }
        if value == 0xA0 { return true }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
