/// Which model: the zoo's name and the model directory's path below the zoo's root.
public struct ModelID: Hashable, Comparable, Sendable, Codable {
    /// The zoo's configured name; never holds `:` or `/`.
    public let zoo: String
    /// One to four components.
    public let path: RelativePath

    public init(zoo: String, path: RelativePath) {
        (self.zoo, self.path) = (zoo, path)
    }

    /// How deep below its zoo's root a model may lie.
    public static let maximumDepth = 4

    public static func < (a: ModelID, b: ModelID) -> Bool { (a.path, a.zoo) < (b.path, b.zoo) }
}

extension ModelID: CustomStringConvertible {
    /// `ZOO:ID`, which is never ambiguous. What people see in a zoo of their own is `path` alone.
    public var description: String { "\(zoo):\(path)" }
}
