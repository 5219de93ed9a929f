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
        if !bare.unicodeScalars.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil }) { return true }
        if bare.utf8.allSatisfy({ $0 == UInt8(ascii: "x") }) { return true }
        return [
            "todo", "tbd", "fixme", "none", "null", "nil", "n/a", "na", "unknown", "tba", "pending", "missing", "coming soon",
            "not available", "not yet", "later",
        ]
        .contains(bare)
    }

    /// Without characters that nobody sees: for values in which none can have a meaning.
    var withoutInvisibles: String {
        if utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return self }
        return String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isInvisible }))
    }
}
