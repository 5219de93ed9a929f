/// Cuts protobuf text format into names and values. Linear, never beyond the end; bytes above 127 are text only in strings and comments.
///
/// The rules are those of <https://protobuf.dev/reference/protobuf/textformat-spec/> and, like Caffe's own reader, of the C++ tokenizer.
struct PrototxtLexer {
    let bytes: [UInt8]
    private(set) var position: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0
    }

    /// Nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func consume(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    func failure(expected: String) -> PrototxtFailure { PrototxtFailure(expected: expected, at: position, in: bytes) }

    /// Passes blanks, line ends and comments.
    mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), 0x09...0x0D: position += 1
            case UInt8(ascii: "#"):
                while position < bytes.count, bytes[position] != .lineFeed { position += 1 }
            default: return
            }
        }
    }

    /// A field's name, or an extension's or type's in brackets, which are part of the range.
    mutating func fieldName() throws(PrototxtFailure) -> Range<Int> {
        let start = position
        guard let first = next else { throw failure(expected: "a field name") }
        if first == UInt8(ascii: "[") {
            position += 1
            while let byte = next, byte != UInt8(ascii: "]") {
                guard byte.isIdentifier || "./-%".utf8.contains(byte) || byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) else {
                    throw failure(expected: "']' behind the name of an extension")
                }
                position += 1
            }
            guard consume(UInt8(ascii: "]")), position - start > 2 else { throw failure(expected: "the name of an extension and ']'") }
            return start..<position
        }
        guard first.isIdentifier, !first.isDigit else { throw failure(expected: "a field name") }
        return identifier()
    }

    /// One scalar value: adjacent strings, a number with its sign, or a name like `MAX` or `true`.
    mutating func value() throws(PrototxtFailure) -> PrototxtValue {
        let start = position
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            var end = position
            while let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                try string(quote)
                end = position
                skipBlanks()
            }
            return PrototxtValue(kind: .string, range: start..<end)
        case UInt8(ascii: "-"):
            position += 1
            skipBlanks()
            guard let byte = next, byte.isIdentifier || byte == UInt8(ascii: ".") else { throw failure(expected: "a number behind '-'") }
            guard byte.isDigit || byte == UInt8(ascii: ".") else {
                let name = identifier()
                guard ["inf", "infinity", "nan"].contains(String(decoding: bytes[name].prefix(9), as: UTF8.self).lowercased()) else {
                    throw PrototxtFailure(expected: "a number behind '-'", at: name.lowerBound, in: bytes)
                }
                return PrototxtValue(kind: .number, range: start..<position)
            }
            try number()
            return PrototxtValue(kind: .number, range: start..<position)
        case let byte? where byte.isDigit || byte == UInt8(ascii: "."):
            try number()
            return PrototxtValue(kind: .number, range: start..<position)
        case let byte? where byte.isIdentifier: return PrototxtValue(kind: .name, range: identifier())
        default: throw failure(expected: "a value")
        }
    }

    private mutating func identifier() -> Range<Int> {
        let start = position
        while position < bytes.count, bytes[position].isIdentifier { position += 1 }
        return start..<position
    }

    private mutating func string(_ quote: UInt8) throws(PrototxtFailure) {
        let start = position
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case quote:
                position += 1
                return
            case UInt8(ascii: "\\"): try escape()
            case .lineFeed, 0:
                let hint = "close it with \(String(UnicodeScalar(quote))); a long text may be written as several strings, one a line"
                throw PrototxtFailure("the string that begins here is not closed on its line", at: start, hint: hint)
            default: position += 1
            }
        }
        throw PrototxtFailure(
            "the string that begins here is never closed", at: start, hint: "close it with \(String(UnicodeScalar(quote)))")
    }

    private mutating func escape() throws(PrototxtFailure) {
        let start = position
        position += 1
        guard let letter = next else { return }
        position += 1
        switch letter {
        case UInt8(ascii: "0")...UInt8(ascii: "7"): return
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            if digits(2, where: \.isHexDigit) > 0 { return }
        case UInt8(ascii: "u"):
            if digits(4, where: \.isHexDigit) == 4 { return }
        case UInt8(ascii: "U"):
            if digits(8, where: \.isHexDigit) == 8 { return }
        default:
            if "abfnrtv\\?'\"".utf8.contains(letter) { return }
        }
        throw PrototxtFailure(
            "no such escape in a string as \(Quotation.of(ReadableText.string(bytes[start..<start + 2])))", at: start,
            hint: "write '/' in paths, and '\\\\' where a backslash is meant")
    }

    /// Passes at most `limit` bytes of a kind, and tells how many there were.
    private mutating func digits(_ limit: Int = .max, where isDigit: (UInt8) -> Bool) -> Int {
        let start = position
        while position - start < limit, position < bytes.count, isDigit(bytes[position]) { position += 1 }
        return position - start
    }

    /// Decimal, octal and hexadecimal integers, decimal fractions with an exponent and an `f` behind.
    private mutating func number() throws(PrototxtFailure) {
        let start = position
        func malformed() -> PrototxtFailure {
            let end = bytes[start...].prefix(40).firstIndex { !($0.isIdentifier || "+-.".utf8.contains($0)) }
            let text = String(decoding: bytes[start..<(end ?? min(start + 40, bytes.count))], as: UTF8.self)
            return PrototxtFailure(
                "no number: \(Quotation.of(text))", at: start, hint: "put a name or path in quotes, and a blank behind a number")
        }
        if consume(UInt8(ascii: "0")) {
            if consume(UInt8(ascii: "x")) || consume(UInt8(ascii: "X")) {
                guard digits(where: \.isHexDigit) > 0, !isAtNumberTail else { throw malformed() }
                return
            }
            if digits(where: { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }) > 0 || next?.isDigit == true {
                guard !isAtNumberTail else { throw malformed() }
                return
            }
        }
        var count = position - start + digits(where: \.isDigit)
        if consume(UInt8(ascii: ".")) { count += digits(where: \.isDigit) }
        guard count > 0 else { throw malformed() }
        if consume(UInt8(ascii: "e")) || consume(UInt8(ascii: "E")) {
            if !consume(UInt8(ascii: "+")) { _ = consume(UInt8(ascii: "-")) }
            guard digits(where: \.isDigit) > 0 else { throw malformed() }
        }
        if !consume(UInt8(ascii: "f")) { _ = consume(UInt8(ascii: "F")) }
        guard !isAtNumberTail else { throw malformed() }
    }

    /// Whether what follows a number would still belong to it.
    private var isAtNumberTail: Bool { next.map { $0.isIdentifier || $0 == UInt8(ascii: ".") } ?? false }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    fileprivate var isHexDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }

    /// An ASCII letter, a digit or an underscore.
    fileprivate var isIdentifier: Bool { isAlphanumeric || self == UInt8(ascii: "_") }
}
