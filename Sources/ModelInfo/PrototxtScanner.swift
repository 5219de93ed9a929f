/// Reads protobuf text format without knowing the schema, one field at a time: plug-ins and branches of Caffe have fields of their own.
///
/// Messages nest at most ``depthLimit`` deep. There is no recursion.
struct PrototxtScanner {
    enum Event: Hashable {
        /// `name: value`; one for each element of a list.
        case scalar(name: Range<Int>, PrototxtValue)
        /// `name {`; one for each element of a list.
        case begin(name: Range<Int>)
        /// The end of the message that began last and has not ended.
        case end
    }

    /// As in other readers of protobuf.
    static let depthLimit = 100

    private var lexer: PrototxtLexer
    private var open: [Opening] = []

    private struct Opening {
        let name: Range<Int>
        let offset: Int
        let closing: UInt8
        var isList: Bool { closing == UInt8(ascii: "]") }
        /// A list whose field has no colon: it can only hold messages.
        var holdsMessages = false
    }

    init(_ bytes: [UInt8]) { lexer = PrototxtLexer(bytes) }

    /// Nil at the end of a text without fault.
    mutating func next() throws(PrototxtFailure) -> Event? {
        while true {
            lexer.skipBlanks()
            if let list = open.last, list.isList { return try element(of: list) }
            guard let byte = lexer.next else {
                guard let opening = open.last else { return nil }
                throw unclosed(opening)
            }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: ">") {
                try close(byte)
                return .end
            }
            if let event = try field() { return event }
        }
    }

    /// Nil for an empty list.
    private mutating func field() throws(PrototxtFailure) -> Event? {
        let name = try lexer.fieldName()
        lexer.skipBlanks()
        let hasColon = lexer.consume(UInt8(ascii: ":"))
        if hasColon { lexer.skipBlanks() }
        switch lexer.next {
        case UInt8(ascii: "{"), UInt8(ascii: "<"): return try begin(name)
        case UInt8(ascii: "["):
            try push(Opening(name: name, offset: lexer.position, closing: UInt8(ascii: "]"), holdsMessages: !hasColon))
            _ = lexer.consume(UInt8(ascii: "["))
            lexer.skipBlanks()
            guard lexer.consume(UInt8(ascii: "]")) else { return try element(of: open[open.count - 1]) }
            open.removeLast()
            skipSeparator()
            return nil
        default:
            guard hasColon else { throw lexer.failure(expected: "':' or '{' behind \(quoted(name))") }
            let value = try lexer.value()
            skipSeparator()
            return .scalar(name: name, value)
        }
    }

    private mutating func element(of list: Opening) throws(PrototxtFailure) -> Event {
        guard let byte = lexer.next else { throw unclosed(list) }
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "<") { return try begin(list.name) }
        guard !list.holdsMessages else { throw lexer.failure(expected: "'{' in the list \(quoted(list.name))") }
        let value = try lexer.value()
        try endElement(of: list)
        return .scalar(name: list.name, value)
    }

    /// Behind an element stands a comma and a further one, or the list's end.
    private mutating func endElement(of list: Opening) throws(PrototxtFailure) {
        lexer.skipBlanks()
        if lexer.consume(UInt8(ascii: "]")) {
            open.removeLast()
            skipSeparator()
        } else if !lexer.consume(UInt8(ascii: ",")) {
            guard lexer.next != nil else { throw unclosed(list) }
            throw lexer.failure(expected: "',' or ']' in the list \(quoted(list.name))")
        }
    }

    private mutating func begin(_ name: Range<Int>) throws(PrototxtFailure) -> Event {
        let closing = lexer.next == UInt8(ascii: "<") ? UInt8(ascii: ">") : UInt8(ascii: "}")
        try push(Opening(name: name, offset: lexer.position, closing: closing))
        _ = lexer.consume(UInt8(ascii: "{")) || lexer.consume(UInt8(ascii: "<"))
        return .begin(name: name)
    }

    private mutating func push(_ opening: Opening) throws(PrototxtFailure) {
        guard open.count < Self.depthLimit else {
            throw PrototxtFailure(
                "messages are nested more than \(Self.depthLimit) deep", at: opening.offset,
                hint: "no net needs that: is this the right file?")
        }
        open.append(opening)
    }

    private mutating func close(_ byte: UInt8) throws(PrototxtFailure) {
        guard let opening = open.last else { throw lexer.failure(expected: "a field name") }
        guard opening.closing == byte else {
            throw lexer.failure(expected: "a field name or '\(String(UnicodeScalar(opening.closing)))'")
        }
        open.removeLast()
        _ = lexer.consume(byte)
        if let list = open.last, list.isList { return try endElement(of: list) }
        skipSeparator()
    }

    /// One comma or semicolon may stand behind each field.
    private mutating func skipSeparator() {
        lexer.skipBlanks()
        if !lexer.consume(UInt8(ascii: ",")) { _ = lexer.consume(UInt8(ascii: ";")) }
    }

    private func unclosed(_ opening: Opening) -> PrototxtFailure {
        let closing = String(UnicodeScalar(opening.closing))
        return PrototxtFailure(
            "the file ends, and what \(quoted(opening.name)) opens here is not closed", at: opening.offset,
            hint: "a '\(closing)' is missing, in this place or below")
    }

    private func quoted(_ name: Range<Int>) -> String { Quotation.of(String(decoding: lexer.bytes[name.prefix(100)], as: UTF8.self)) }
}
