/// A part of a YAML document: structure, and scalars as the text that was written. Nothing has a type: `no` is two letters.
public struct YAMLNode: Sendable {
    /// How a scalar was written.
    public enum Style: Sendable { case plain, quoted, literal, folded }

    /// What it is.
    public enum Content: Sendable {
        case scalar(String, Style)
        case sequence([YAMLNode])
        /// In the order of the file; a key may occur twice.
        case mapping([Pair])
    }

    /// One `key: value`.
    public struct Pair: Sendable {
        /// Most often a scalar; YAML allows anything.
        public let key: YAMLNode
        /// An empty plain scalar where nothing was written.
        public let value: YAMLNode

        /// A pair that no text holds.
        public init(key: YAMLNode, value: YAMLNode) { (self.key, self.value) = (key, value) }
    }

    /// What it is.
    public let content: Content
    /// Where it begins; nil when it comes from no text.
    public let mark: YAMLMark?

    /// A node by itself.
    public init(_ content: Content, at mark: YAMLMark? = nil) { (self.content, self.mark) = (content, mark) }

    /// The text of a scalar; nil for lists and maps.
    public var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The value of a map's key, compared by bytes; of several the first. Nil without it, and when this is no map.
    public subscript(key: String) -> YAMLNode? {
        guard case .mapping(let pairs) = content else { return nil }
        return pairs.first { $0.key.text.map { $0.utf8.elementsEqual(key.utf8) } ?? false }?.value
    }
}

/// A place in a text. Both from 1; the column counts Unicode scalars.
public struct YAMLMark: Hashable, Sendable {
    public let line, column: Int

    /// A place by its numbers.
    public init(line: Int, column: Int) { (self.line, self.column) = (line, column) }
}

/// Why a text was not read.
public enum YAMLProblem: Error, Hashable, Sendable {
    /// It is YAML with something in it that is never obeyed: an anchor, an alias, a tag, or more than ``YAMLNode/maximumDepth`` levels.
    case refused(YAMLMark, what: String)
    /// It is no YAML. The words are libyaml's; the mark is where the trouble began, not where the text ended.
    case invalid(YAMLMark, why: String)
}
