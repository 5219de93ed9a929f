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

    static func findings(in bytes: [UInt8], file: String) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        var (line, counted, lastLine) = (1, 0, 0)
        for match in SecretMatch.all(in: bytes) where !match.isHarmless {
            for index in counted..<match.range.lowerBound where bytes[index] == .lineFeed { line += 1 }
            counted = match.range.lowerBound
            guard line != lastLine, diagnostics.count < 20 else { continue }
            lastLine = line
            diagnostics.append(
                Diagnostic(
                    .secretFound, file: file, line: line, column: 1,
                    message: "this line looks like \(match.kind); nothing of this model is published",
                    hint: "take it out and revoke it: whoever could read this file has it"))
        }
        return diagnostics
    }
}
