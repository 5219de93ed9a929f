/// One doubtful thing about a model directory, said to a person. `docs/troubleshooting.md` explains every code.
public struct Diagnostic: Hashable, Sendable, Codable {
    /// `error`: something will not be done because of it. `warning`: a person should look. `note`: good to know.
    public enum Severity: String, Sendable, Codable, Comparable {
        case note, warning, error

        public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
        private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
    }

    /// A stable word of `DiagnosticCode`.
    public let code: DiagnosticCode
    public let severity: Severity
    /// The file's name in the model directory; nil for what concerns the directory.
    public let file: String?
    /// From 1; nil when the directory as a whole is meant.
    public let line: Int?
    /// From 1, counted in characters (Unicode scalars); nil with `line`.
    public let column: Int?
    /// The key of the model info that is meant, as in `ModelCard`; nil when none is.
    public let field: String?
    public let message: String
    /// What a person can do about it; a command where there is one.
    public let hint: String?

    public init(
        _ code: DiagnosticCode, file: String? = nil, line: Int? = nil, column: Int? = nil, field: String? = nil,
        message: String, hint: String? = nil
    ) {
        (self.code, self.severity, self.file) = (code, code.severity, file)
        (self.line, self.column, self.field) = (line, column, field)
        (self.message, self.hint) = (message, hint)
    }
}
