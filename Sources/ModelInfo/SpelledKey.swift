/// Tells, byte by byte, which key a spelling means. Nearly all that is asked about is no key, and shows it within a few bytes.
struct SpelledKey {
    /// Bytes of a spelling; what is longer is none.
    static let maximumByteCount = 64
    /// No key has more letters.
    private static let maximumLetterCount = 13

    /// The letters so far, each in five bits.
    private var letters: UInt128 = 0
    private var letterCount = 0
    /// Bytes of a character that is not finished: the first ones of a blank that is not ASCII.
    private var open: UInt32 = 0
    private var hasWideBlank = false
    /// A byte that is a blank in Windows-1252 and makes a text be read as that.
    private var byteBlankCount = 0
    private var byteCount = 0

    /// - Returns: False when no key begins so.
    mutating func take(_ byte: UInt8) -> Bool {
        byteCount += 1
        guard byte < 0x80, open == 0 else { return takeWide(byte) }
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "\\"), 0x20, 0x09...0x0D: return true
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "1"):
            letterCount += 1
            letters = letters << 5 | UInt128(Self.code(byte))
            return letterCount <= Self.maximumLetterCount
        default: return false
        }
    }

    /// What was spelled; nil when it is no key.
    var key: KnownKey? {
        guard open == 0, byteBlankCount == 0 || !hasWideBlank, byteCount + byteBlankCount <= Self.maximumByteCount else { return nil }
        return Self.keys.first { $0.letters == letters }?.key
    }

    /// One of the blanks of Unicode, or the start of one: no letter beyond ASCII has a small form in a key.
    private mutating func takeWide(_ byte: UInt8) -> Bool {
        if open == 0, byte == 0xA0 {
            byteBlankCount += 1
            return true
        }
        open = open << 8 | UInt32(byte)
        switch open {
        case 0xC2, 0xE1, 0xE2, 0xE3, 0xE19A, 0xE280, 0xE281, 0xE380: return true
        case 0xC285, 0xC2A0, 0xE19A80, 0xE28080...0xE2808A, 0xE280A8, 0xE280A9, 0xE280AF, 0xE2819F, 0xE38080:
            (open, hasWideBlank) = (0, true)
            return true
        default: return false
        }
    }

    /// Letters of either case from 1 to 26, the digit of `sha1` as 27.
    private static func code(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "1") ? 27 : byte & 0x1F }

    private static let keys: [(letters: UInt128, key: KnownKey)] = {
        let names = KnownKey.allCases.map { ($0.rawValue, $0) } + [("licence", .license)]
        return names.map { name, key in
            (name.utf8.filter { $0 != UInt8(ascii: "_") }.reduce(0) { $0 << 5 | UInt128(code($1)) }, key)
        }
    }()
}
