/// Looks for what must not leave the machine: private keys, access tokens, passwords in URLs.
public enum SecretScan {
    /// One `secretFound` for each line that holds one. Says the line and the kind, never the text.
    public static func findings(in text: String, file: String) -> [Diagnostic] { findings(in: Array(text.utf8), file: file) }

    /// `text` with every secret that ``findings(in:file:)`` knows replaced by `…`, for people's eyes. A URL with credentials reads `https://…@host`.
    public static func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let found = SecretMatch.all(in: bytes)
        guard !found.isEmpty else { return text }
        var shown: [UInt8] = []
        var start = 0
        for match in found where match.range.lowerBound >= start {
            shown += bytes[start..<match.range.lowerBound]
            shown += match.replacement.utf8
            start = match.range.upperBound
        }
        return String(decoding: shown + bytes[start...], as: UTF8.self)
    }

    static func hasSecret(in text: String) -> Bool { SecretMatch.all(in: Array(text.utf8)).contains { !$0.isHarmless } }

    /// So many are told of in one file.
    private static let toldCount = 20

    static func findings(in bytes: [UInt8], file: String) -> [Diagnostic] { findings(in: SecretLines(in: bytes), file: file) }

    static func findings(in found: SecretLines, file: String) -> [Diagnostic] {
        found.lines.prefix(toldCount).map { line in
            Diagnostic(
                .secretFound, file: file, line: line.number, column: 1,
                message: "this line looks like \(line.kind); nothing of this model is published",
                hint: "take it out and revoke it: whoever could read this file has it")
        }
    }

    /// What was found there and allowed by a person.
    static func allowed(_ found: Diagnostic) -> Diagnostic {
        let what = found.message.split(separator: ";")[0]
        return Diagnostic(
            .secretAllowed, file: found.file, line: found.line, column: found.column,
            message: "\(what); a person allowed it to be published", hint: "change the line, and it is held again")
    }

    /// A line beyond those that are told of.
    static func untold(_ place: SecretPlace, of count: Int) -> Diagnostic {
        Diagnostic(
            .secretFound, file: place.file, line: place.line, column: 1,
            message: "this line\(count > 1 ? " and \(count - 1) more look" : " looks") like a secret; nothing of this model is published",
            hint: "take it out and revoke it: whoever could read this file has it")
    }
}
