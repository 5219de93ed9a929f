/// A scalar value of a prototxt as it is written there.
struct PrototxtValue: Hashable {
    enum Kind: Hashable { case string, number, name }

    let kind: Kind
    /// Of a string with its quotes, and with all strings that follow it; of a number with its sign.
    let range: Range<Int>

    /// A string without quotes and escapes, or a name as written; nil for a number.
    ///
    /// - Parameter limit: Bytes; what is longer is cut and ends in `…`.
    func text(in bytes: [UInt8], limit: Int = 200) -> String? {
        switch kind {
        case .number: return nil
        case .name: return Self.text(Array(bytes[range.prefix(limit + 4)]), limit: limit)
        case .string: return Self.text(content(in: bytes, limit: limit + 4), limit: limit)
        }
    }

    /// An integer in any of its notations; nil when it is none, or no `Int` holds it.
    func integer(in bytes: [UInt8]) -> Int? {
        guard kind == .number, range.count <= 40 else { return nil }
        var digits = Substring(decoding: bytes[range], as: UTF8.self)
        let isNegative = digits.hasPrefix("-")
        if isNegative { digits = digits.dropFirst().drop { $0.isWhitespace } }
        var radix = 10
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            (radix, digits) = (16, digits.dropFirst(2))
        } else if digits.hasPrefix("0"), digits.utf8.count > 1 {
            radix = 8
        }
        return Int((isNegative ? "-" : "") + digits, radix: radix)
    }

    private static func text(_ content: [UInt8], limit: Int) -> String {
        guard content.count > limit else { return ReadableText.string(content) }
        // Not through a character.
        var end = limit
        while end > 0, content[end] & 0xC0 == 0x80 { end -= 1 }
        return ReadableText.string(content[..<end]) + "…"
    }

    /// The bytes that strings stand for, as far as `limit`.
    private func content(in bytes: [UInt8], limit: Int) -> [UInt8] {
        var content: [UInt8] = []
        var index = range.lowerBound
        var quote: UInt8?
        while index < range.upperBound, content.count < limit {
            let byte = bytes[index]
            index += 1
            switch (quote, byte) {
            case (nil, UInt8(ascii: "#")):
                while index < range.upperBound, bytes[index] != .lineFeed { index += 1 }
            case (nil, UInt8(ascii: "\"")), (nil, UInt8(ascii: "'")): quote = byte
            case (nil, _): continue
            case (byte, _): quote = nil
            case (_, UInt8(ascii: "\\")): content += escaped(in: bytes, &index)
            default: content.append(byte)
            }
        }
        return content
    }

    private static let letters: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
        UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
    ]

    /// - Parameter index: Behind the backslash; afterwards behind the escape.
    private func escaped(in bytes: [UInt8], _ index: inout Int) -> [UInt8] {
        guard index < range.upperBound else { return [] }
        let letter = bytes[index]
        func number(_ radix: Int, _ limit: Int) -> UInt32 {
            var digits = ""
            while index < range.upperBound, digits.utf8.count < limit, Int(String(UnicodeScalar(bytes[index])), radix: radix) != nil {
                digits.unicodeScalars.append(UnicodeScalar(bytes[index]))
                index += 1
            }
            return UInt32(digits, radix: radix) ?? 0
        }
        switch letter {
        case UInt8(ascii: "0")...UInt8(ascii: "7"): return [UInt8(truncatingIfNeeded: number(8, 3))]
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "u"), UInt8(ascii: "U"):
            index += 1
            guard letter != UInt8(ascii: "x"), letter != UInt8(ascii: "X") else { return [UInt8(truncatingIfNeeded: number(16, 2))] }
            let scalar = Unicode.Scalar(number(16, letter == UInt8(ascii: "u") ? 4 : 8)) ?? "\u{FFFD}"
            return Array(String(scalar).utf8)
        default:
            index += 1
            return [Self.letters[letter] ?? letter]
        }
    }
}
