/// A line of one file of a model: `deploy.prototxt:12`.
public struct SecretPlace: Hashable, Sendable, Codable, Comparable {
    /// The file's name in the model directory.
    public let file: String
    /// From 1.
    public let line: Int

    public init(file: String, line: Int) { (self.file, self.line) = (file, line) }

    /// `FILE:LINE`, as people write it and diagnostics print it; nil when it is no such thing.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex, let line = Int(text[text.index(after: colon)...]), line > 0
        else { return nil }
        self.init(file: String(text[..<colon]), line: line)
    }

    public static func < (a: SecretPlace, b: SecretPlace) -> Bool { (a.file, a.line) < (b.file, b.line) }
}

extension SecretPlace: CustomStringConvertible {
    public var description: String { "\(file):\(line)" }
}
