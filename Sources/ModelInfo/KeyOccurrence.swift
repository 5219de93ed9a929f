/// One `key: value` of a readme, where it stands and what it says. Every layout of a readme gives these; `FieldReader` judges them.
public struct KeyOccurrence: Hashable, Sendable {
    /// What stands behind the key.
    public enum Shape: String, Hashable, Sendable {
        /// A scalar that begins and ends on the key's line, or nothing at all.
        case oneLine
        /// A scalar that goes over several lines.
        case severalLines
        case list, map
    }

    /// In which layout it was found. The order is that of their weight: what a block says is asked no second time of the text.
    public enum Layout: Int, Hashable, Sendable, Comparable {
        /// The frontmatter block.
        case block
        /// Lines, lists, headings and tables of the readme's text.
        case text
        /// A code fence.
        case fence
        /// The middle of a sentence.
        case sentence
        /// A URL that stands for itself; no key was written.
        case link

        public static func < (a: Layout, b: Layout) -> Bool { a.rawValue < b.rawValue }
    }

    /// As written, quotes removed.
    public let key: String
    /// The scalar as written, whitespace trimmed and quotes removed, never retyped; a list or a map as it stands in the file.
    public let value: String
    public let shape: Shape
    /// The scalars of a list, in order; empty for any other shape.
    public let items: [String]
    /// The maps of a list, in order, each with its pairs; empty for any other shape.
    public let maps: [[KeyOccurrence]]
    /// Line of the key, from 1.
    public let line: Int
    /// Column of the key, from 1, in Unicode scalars.
    public let column: Int
    /// Column of the value on `line`, from 1; that of the key when the value is elsewhere or absent.
    public let valueColumn: Int
    public let layout: Layout
    /// Occurrences with one number belong together: they stand under one heading, or in one row of a table.
    public let section: Int
    /// What zood takes the key for; nil for a key that it has no meaning for.
    let known: KnownKey?

    public init(
        key: String, value: String, shape: Shape = .oneLine, items: [String] = [], maps: [[KeyOccurrence]] = [], line: Int, column: Int,
        valueColumn: Int? = nil, layout: Layout = .block, section: Int = 0
    ) {
        (self.key, self.value, self.shape, self.items, self.maps) = (key, value, shape, items, maps)
        (self.line, self.column, self.valueColumn) = (line, column, valueColumn ?? column)
        (self.layout, self.section) = (layout, section)
        known = KnownKey(spelled: key)
    }
}
