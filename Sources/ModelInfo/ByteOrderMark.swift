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
        /// Not UTF-8 from this place on, so every byte above 127 that is no part of UTF-8 is taken as ISO 8859-1.
        case latin1(line: Int, column: Int)
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
            encoding = .latin1(line: line, column: column)
        }
    }

    /// UTF-8 where it is valid, else ISO 8859-1, which every byte is.
    static func string(_ bytes: some Sequence<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
