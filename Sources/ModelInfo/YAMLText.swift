import PlainYAML

/// Reads the text of a block as YAML, structure only: scalars stay the text that was written, and nothing that could be dangerous is obeyed.
enum YAMLText {
    typealias Position = YAMLMark

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
        let value: YAMLNode
        let valuePosition: Position
    }

    /// The top-level pairs in order; empty when the text holds nothing.
    static func pairs(of text: String) throws(Problem) -> [Pair] {
        if let position = foreignLineBreak(text) {
            throw .invalid(position, "a control character or a line break that is not one everywhere")
        }
        do {
            guard let root = try YAMLNode(text: text) else { return [] }
            return try pairs(ofRoot: root)
        } catch let problem as YAMLProblem {
            switch problem {
            case .refused(let mark, let what): throw .unsafe(mark, Quotation.of(what))
            case .invalid(let mark, let why): throw .invalid(mark, why)
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .invalid(start, "\(error)")
        }
    }

    private static let start = Position(line: 1, column: 1)

    private static func pairs(ofRoot root: YAMLNode) throws(Problem) -> [Pair] {
        guard case .mapping(let written) = root.content else {
            if root.text == "" { return [] }
            throw .invalid(root.mark ?? start, "expected `key: value` lines")
        }
        var seen: Set<[UInt8]> = []
        var pairs: [Pair] = []
        for pair in written {
            guard let key = pair.key.text else { throw .invalid(pair.key.mark ?? start, "a key must be plain text") }
            guard seen.insert(Array(key.utf8)).inserted else { throw .duplicateKeys }
            pairs.append(Pair(key: key, keyPosition: pair.key.mark ?? start, value: pair.value, valuePosition: pair.value.mark ?? start))
        }
        return pairs
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
}
