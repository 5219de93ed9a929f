/// A line of the form `key: value`, cut into its parts without asking whether it is YAML.
struct KeyLine: Hashable, Sendable {
    /// Blanks before the key.
    let indentation: Range<Int>
    /// Without quotes.
    let key: Range<Int>
    /// The colon itself.
    let colon: Int
    /// Without the blanks around it; empty at the end of the line when there is no value. Quotes belong to it, a comment does not.
    let value: Range<Int>
    /// A quote is opened and not closed on this line.
    let isOpenEnded: Bool

    /// - Parameter content: A line without its ending. Nil when it is no such line: a comment, a list item, no colon.
    init?(_ content: Range<Int>, in bytes: borrowing [UInt8]) {
        var start = content.lowerBound
        while start < content.upperBound, bytes[start].isBlank { start += 1 }
        indentation = content.lowerBound..<start
        guard start < content.upperBound, bytes[start] != UInt8(ascii: "#"),
            let colon = Self.colon(in: bytes, start..<content.upperBound)
        else { return nil }
        self.colon = colon
        let key = Self.trim(start..<colon, in: bytes)
        guard !key.isEmpty, key.count <= 200 else { return nil }
        if key.count > 2, Self.isQuote(bytes[key.lowerBound]), bytes[key.upperBound - 1] == bytes[key.lowerBound] {
            self.key = key.lowerBound + 1..<key.upperBound - 1
        } else {
            self.key = key
        }
        let rest = Self.trim(colon + 1..<content.upperBound, in: bytes)
        guard let first = rest.first, Self.isQuote(bytes[first]) else {
            value = Self.withoutComment(rest, in: bytes)
            isOpenEnded = false
            return
        }
        if let end = Self.closingQuote(of: rest, in: bytes) {
            let behind = Self.withoutComment(end..<rest.upperBound, in: bytes)
            value = behind.isEmpty ? rest.lowerBound..<end : rest
            isOpenEnded = false
        } else {
            (value, isOpenEnded) = (rest, true)
        }
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// The first colon with a blank or nothing behind it; for a key that zood knows, the first colon of all.
    private static func colon(in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        var first: Int?
        for index in range where bytes[index] == UInt8(ascii: ":") {
            first = first ?? index
            if index + 1 == range.upperBound || bytes[index + 1].isBlank {
                guard let first, index != first, KnownKey(spelledBy: range.lowerBound..<first, of: bytes) != nil else { return index }
                return first
            }
        }
        guard let first, first - range.lowerBound <= 40,
            KnownKey(spelledBy: range.lowerBound..<first, of: bytes) != nil
        else { return nil }
        return first
    }

    private static func trim(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start].isBlank { start += 1 }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    /// `range` up to a `#` that has a blank, or nothing, before it.
    private static func withoutComment(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
        for index in range where bytes[index] == UInt8(ascii: "#") && (index == range.lowerBound || bytes[index - 1].isBlank) {
            return trim(range.lowerBound..<index, in: bytes)
        }
        return trim(range, in: bytes)
    }

    /// The index behind the quote that closes the one at the beginning of `range`.
    private static func closingQuote(of range: Range<Int>, in bytes: [UInt8]) -> Int? {
        let quote = bytes[range.lowerBound]
        var index = range.lowerBound + 1
        while index < range.upperBound {
            if quote == UInt8(ascii: "\""), bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if bytes[index] == quote {
                guard quote == UInt8(ascii: "'"), index + 1 < range.upperBound, bytes[index + 1] == quote else { return index + 1 }
                index += 2
            } else {
                index += 1
            }
        }
        return nil
    }
}
