import Yams

/// Reads the text of a block as YAML, structure only: scalars stay the text that was written, and nothing that could be dangerous is obeyed.
enum YAMLText {
    /// A place in the text that was read; both from 1, columns in Unicode scalars.
    struct Position: Hashable { let line, column: Int }

    enum Problem: Error {
        /// An anchor, an alias, a tag, or nesting that nobody writes by hand.
        case unsafe(Position, String)
        case invalid(Position, String)
        /// A key occurs twice, which YAML forbids; all of it reads line by line.
        case duplicateKeys
    }

    /// One top-level pair, positions within the text.
    struct Pair {
        let key: String
        let keyPosition: Position
        let value: Node
        let valuePosition: Position
    }

    static let maximumDepth = 16

    /// The top-level pairs in order; empty when the text holds nothing.
    static func pairs(of text: String) throws(Problem) -> [Pair] {
        if let position = refusedBeforeParsing(text) { throw .unsafe(position, "anchors with aliases, or deep nesting") }
        if let position = foreignLineBreak(text) {
            throw .invalid(position, "a control character or a line break that is not one everywhere")
        }
        let root: Node?
        let parser: Parser
        do {
            parser = try Parser(yaml: text, resolver: .basic)
            root = try parser.singleRoot()
        } catch let error as YamlError {
            throw problem(error, in: text)
        } catch {
            throw .invalid(Position(line: 1, column: 1), "\(error)")
        }
        guard let root else { return [] }
        // Nodes hold their anchors weakly: the parser is what keeps them.
        return try withExtendedLifetime(parser) { () throws(Problem) in try pairs(ofRoot: root) }
    }

    private static func pairs(ofRoot root: Node) throws(Problem) -> [Pair] {
        try refuseUnsafe(root, depth: 0)
        guard case .mapping(let mapping) = root else {
            if case .scalar(let scalar) = root, scalar.string.isEmpty { return [] }
            throw .invalid(position(root), "expected `key: value` lines")
        }
        var pairs: [Pair] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else { throw .invalid(position(key), "a key must be plain text") }
            pairs.append(Pair(key: scalar.string, keyPosition: position(key), value: value, valuePosition: position(value)))
        }
        return pairs
    }

    static func position(_ node: Node) -> Position {
        Position(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    private static func refuseUnsafe(_ node: Node, depth: Int, isKey: Bool = false) throws(Problem) {
        guard depth <= maximumDepth else { throw .unsafe(position(node), "nested more than \(maximumDepth) levels deep") }
        let anchored: Bool
        let tag: String
        switch node {
        case .scalar(let scalar): (anchored, tag) = (scalar.anchor != nil, scalar.tag.description)
        case .mapping(let mapping): (anchored, tag) = (mapping.anchor != nil, mapping.tag.description)
        case .sequence(let sequence): (anchored, tag) = (sequence.anchor != nil, sequence.tag.description)
        case .alias: throw .unsafe(position(node), "an alias")
        }
        guard !anchored else { throw .unsafe(position(node), "an anchor") }
        // Yams gives this tag to quoted scalars, and to keys when it looks for duplicates; where it was written it does no harm either.
        let mayBeString = if case .scalar(let scalar) = node { isKey || scalar.style != .plain } else { isKey }
        guard tag.isEmpty || tag == "!" || mayBeString && ["str", "seq", "map"].contains(where: { tag == "tag:yaml.org,2002:\($0)" }) else {
            throw .unsafe(position(node), "the tag \(Quotation.of(tag))")
        }
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                try refuseUnsafe(key, depth: depth + 1, isKey: true)
                try refuseUnsafe(value, depth: depth + 1)
            }
        case .sequence(let sequence):
            for item in sequence { try refuseUnsafe(item, depth: depth + 1) }
        case .scalar, .alias: break
        }
    }

    private static func problem(_ error: YamlError, in text: String) -> Problem {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            // An open quote is noticed where the text ends; what helps is where it began.
            let place = context.flatMap { $0.text.contains("quoted scalar") ? $0.mark : nil } ?? mark
            return .invalid(Position(line: max(1, place.line), column: max(1, place.column)), problem)
        case .duplicatedKeysInMapping: return .duplicateKeys
        default: return .invalid(Position(line: 1, column: 1), "it cannot be read as YAML")
        }
    }

    /// Where a control character stands, or a line break that YAML counts and editors do not. Lines would be counted wrongly behind it.
    private static func foreignLineBreak(_ text: String) -> Position? {
        var (line, column) = (1, 1)
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where previous == "\r": break
            case 0x0A, 0x0D: (line, column) = (line + 1, 1)
            case 0x09: column += 1
            case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: return Position(line: line, column: column)
            default: column += 1
            }
            previous = scalar
        }
        return nil
    }

    /// What must not even be parsed, since the parser itself would work too hard on it: both anchors and aliases, or nesting
    /// so deep that recursion would need a large stack. Errs on the side of refusing.
    private static func refusedBeforeParsing(_ text: String) -> Position? {
        let maximumOpened = 128
        var (line, column, brackets, indentation) = (1, 0, 0, 0)
        var isIndentation = true
        var previous = UInt8.lineFeed
        var mark: (byte: UInt8, position: Position)?
        var (anchor, alias): (Position?, Position?) = (nil, nil)
        for byte in text.utf8 {
            column += 1
            if let begun = mark, byte.isAlphanumeric || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") {
                if begun.byte == UInt8(ascii: "&") { anchor = anchor ?? begun.position } else { alias = alias ?? begun.position }
            }
            mark = nil
            switch byte {
            case .lineFeed, .carriageReturn:
                line += byte == .lineFeed ? 1 : 0
                (column, indentation, isIndentation) = (0, 0, true)
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
                indentation += isIndentation ? 1 : 0
            case UInt8(ascii: "["), UInt8(ascii: "{"): (brackets, isIndentation) = (brackets + 1, false)
            case UInt8(ascii: "&"), UInt8(ascii: "*"):
                isIndentation = false
                if !previous.isAlphanumeric { mark = (byte, Position(line: line, column: column)) }
            default: isIndentation = false
            }
            if brackets > maximumOpened || indentation > maximumOpened { return Position(line: line, column: column) }
            previous = byte
        }
        guard let anchor, alias != nil else { return nil }
        return anchor
    }
}
