/// How bytes become text, and what was assumed when they are not UTF-8.
enum ByteOrderMark {
    static let utf8: [UInt8] = [0xEF, 0xBB, 0xBF]
    static let utf16LittleEndian: [UInt8] = [0xFF, 0xFE]
    static let utf16BigEndian: [UInt8] = [0xFE, 0xFF]
}

/// A readme's bytes as something that is ASCII where it matters.
struct ReadableText {
    /// Those given, or UTF-8 made out of UTF-16.
    let bytes: [UInt8]
    let encoding: Encoding

    enum Encoding: Hashable {
        case utf8, utf16
        /// Not UTF-8 from this place on, so lines that are none are taken as Windows-1252, which holds all that is printed of ISO 8859-1.
        case windows1252(line: Int, column: Int)
    }

    init(_ raw: [UInt8]) {
        if raw.starts(with: ByteOrderMark.utf16LittleEndian) || raw.starts(with: ByteOrderMark.utf16BigEndian) {
            let low = raw[0] == 0xFF ? 0 : 1
            let units = stride(from: 2, to: raw.count - 1, by: 2).map { UInt16(raw[$0 + low]) | UInt16(raw[$0 + 1 - low]) << 8 }
            (bytes, encoding) = (Array(String(decoding: units, as: UTF16.self).utf8), .utf16)
        } else if String(validating: raw, as: UTF8.self) != nil {
            (bytes, encoding) = (raw, .utf8)
        } else {
            bytes = raw
            var (line, column) = (1, 1)
            var codec = UTF8()
            var iterator = raw.makeIterator()
            decoding: while true {
                switch codec.decode(&iterator) {
                case .scalarValue("\n"): (line, column) = (line + 1, 1)
                case .scalarValue: column += 1
                case .error, .emptyInput: break decoding
                }
            }
            encoding = .windows1252(line: line, column: column)
        }
    }

    /// Windows-1252 from 0x80 to 0x9F; what it leaves open is the control character that ISO 8859-1 has there.
    private static let windows1252: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
        0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ]

    /// UTF-8 where it is valid, else Windows-1252, which every byte is.
    static func string(_ bytes: some Sequence<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text: [UInt8] = []
        for byte in bytes {
            if byte < 0x80 { text.append(byte) } else { text += encodedWindows1252[Int(byte) - 0x80] }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The upper half of Windows-1252 in UTF-8, made once: a text may hold a great many values that are to be decoded.
    private static let encodedWindows1252: [[UInt8]] = (UInt8(0x80)...0xFF).map { byte in
        let scalar = byte < 0xA0 ? Unicode.Scalar(windows1252[Int(byte) - 0x80]) : Unicode.Scalar(byte)
        return Array(String(Character(scalar ?? Unicode.Scalar(byte))).utf8)
    }
}
