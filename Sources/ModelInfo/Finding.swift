/// Something doubtful about one value, before it is known where the value stands.
struct Finding: Hashable {
    let code: DiagnosticCode
    let message: String
    var hint: String?

    init(_ code: DiagnosticCode, _ message: String, hint: String? = nil) {
        (self.code, self.message, self.hint) = (code, message, hint)
    }
}

extension String {
    /// What people write where they have nothing to write.
    var isPlaceholder: Bool {
        let bare = trimmed.lowercased()
        if bare.hasPrefix("<"), bare.hasSuffix(">"), !bare.contains(":") { return true }
        let marks: [Character] = ["?", "-", "–", "—", "*", "x"]
        if marks.contains(where: { mark in bare.allSatisfy { $0 == mark } }) { return true }
        return [
            "~", ".", "...", "…", "todo", "tbd", "fixme", "none", "null", "nil", "n/a", "na", "unknown", "tba", "pending", "missing",
            "coming soon",
            "not available", "not yet", "later",
        ]
        .contains(bare)
    }

    /// Without characters that nobody sees: for values in which none can have a meaning.
    var withoutInvisibles: String {
        if firstInvisible == nil { return self }
        return String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isInvisible }))
    }
}
