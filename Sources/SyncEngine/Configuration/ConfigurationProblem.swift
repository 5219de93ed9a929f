/// One thing that is wrong with the configuration, and where.
public struct ConfigurationProblem: Hashable, Sendable {
    /// The file's path, a variable's name or a flag.
    public let source: String
    /// Counted from 1; nil when the source has no lines.
    public let line: Int?
    /// Counted from 1, in Unicode scalars.
    public let column: Int?
    /// Such as `verify.every` or `zoos[0].path`; nil for the file as a whole.
    public let key: String?
    /// What is wrong and what to write instead.
    public let message: String

    init(source: String, line: Int? = nil, column: Int? = nil, key: String? = nil, message: String) {
        (self.source, self.line, self.column, self.key, self.message) = (source, line, column, key, message)
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// `zood.yaml:12:9: verify.every: "30x" is no duration; write e.g. 30d`, as compilers write it.
    public var description: String {
        let position = [line, column].compactMap(\.self).map { ":\($0)" }.joined()
        return "\(source)\(position): \(key.map { $0 + ": " } ?? "")\(message)"
    }
}

/// Why no configuration was loaded: all that is wrong at once, in the order of the sources and lines. Never empty.
public struct ConfigurationFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// In the order of the sources and lines.
    public let problems: [ConfigurationProblem]

    /// One line a problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
