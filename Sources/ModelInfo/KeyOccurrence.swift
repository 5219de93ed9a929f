/// One `key: value` of a readme, where it stands and what it says. Every layout of a readme gives these; `ModelCard` judges them.
public struct KeyOccurrence: Hashable, Sendable {
    /// What stands behind the key.
    public enum Shape: String, Hashable, Sendable {
        /// A scalar that begins and ends on the key's line, or nothing at all.
        case oneLine
        /// A scalar that goes over several lines.
        case severalLines
        case list, map
    }

    /// As written, quotes removed.
    public let key: String
    /// The scalar as written, whitespace trimmed and quotes removed, never retyped; empty for a list or a map.
    public let value: String
    public let shape: Shape
    /// The scalars of a list, in order; empty for any other shape.
    public let items: [String]
    /// Line of the key, from 1.
    public let line: Int
    /// Column of the key, from 1, in Unicode scalars.
    public let column: Int
    /// Column of the value on `line`, from 1; that of the key when the value is elsewhere or absent.
    public let valueColumn: Int

    public init(
        key: String, value: String, shape: Shape = .oneLine, items: [String] = [], line: Int, column: Int, valueColumn: Int? = nil
    ) {
        (self.key, self.value, self.shape, self.items) = (key, value, shape, items)
        (self.line, self.column, self.valueColumn) = (line, column, valueColumn ?? column)
    }
}
