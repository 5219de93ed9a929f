import ModelInfo
import SystemPackage

/// A setting's type: one scalar of the file, always read from its text as written, so that YAML's own guesses
/// (`0664` as a number, `off` as false) never come in between.
protocol ConfigurationValue: Equatable, Sendable {
    /// What the reference calls such a value: `duration`, `on | off`.
    static var kind: String { get }
    init(configured text: String) throws(ValueProblem)
    /// The text that reads back as this value.
    var configured: String { get }
}

/// What is wrong with a value, as the end of a sentence that begins with the value: `is no duration; write e.g. 30d`.
struct ValueProblem: Error, Equatable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }
}

/// A setting that is one word out of a few.
protocol ConfigurationWord: ConfigurationValue, CaseIterable, RawRepresentable<String> {}

extension ConfigurationWord {
    static var kind: String { allCases.map(\.rawValue).joined(separator: " | ") }

    init(configured text: String) throws(ValueProblem) {
        guard let word = Self(rawValue: text) else {
            let words = Self.allCases.map(\.rawValue)
            let guess = Spelling.nearest(to: text, among: words).map { "; did you mean \($0)?" } ?? ""
            throw ValueProblem("is none of \(words.joined(separator: ", "))\(guess)")
        }
        self = word
    }

    var configured: String { rawValue }
}

extension Bool: ConfigurationValue {
    static var kind: String { "true | false" }

    init(configured text: String) throws(ValueProblem) {
        switch text {
        case "true": self = true
        case "false": self = false
        default: throw ValueProblem("is neither true nor false")
        }
    }

    var configured: String { description }
}

extension Int: ConfigurationValue {
    static var kind: String { "number" }

    init(configured text: String) throws(ValueProblem) {
        guard let number = Int(text) else { throw ValueProblem("is no whole number; write e.g. 4") }
        self = number
    }

    var configured: String { description }
}

extension String: ConfigurationValue {
    static var kind: String { "text" }

    init(configured text: String) throws(ValueProblem) {
        guard !text.isEmpty else { throw ValueProblem("is empty") }
        guard text.utf8.count <= 4096 else { throw ValueProblem("is longer than 4096 bytes") }
        let isPrintable = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
            default: true
            }
        }
        guard isPrintable else { throw ValueProblem("holds line ends or control characters") }
        self = text
    }

    var configured: String { self }
}

extension FilePath: ConfigurationValue {
    static var kind: String { "absolute path" }

    init(configured text: String) throws(ValueProblem) {
        _ = try String(configured: text)
        guard !text.hasPrefix("~") else { throw ValueProblem("is no absolute path: '~' is not expanded here; write the whole path") }
        let path = FilePath(text)
        guard path.isAbsolute else { throw ValueProblem("is no absolute path; write e.g. /srv/models") }
        self = path.lexicallyNormalized()
    }

    var configured: String { string }
}
