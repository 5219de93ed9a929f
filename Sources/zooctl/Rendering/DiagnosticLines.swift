import ModelInfo

/// Diagnostics, the way compilers print them: `file:line:column: severity: message [code]`, and the hint below.
struct DiagnosticLines {
    let diagnostics: [Diagnostic]
    let style: Style
    /// Stands before file names, with its slash; empty for none.
    let prefix: String

    init(_ diagnostics: [Diagnostic], _ style: Style, prefix: String = "") {
        (self.diagnostics, self.style, self.prefix) = (diagnostics, style, prefix)
    }

    var text: String {
        diagnostics.map { diagnostic in
            let place = [diagnostic.file, diagnostic.line.map(String.init), diagnostic.column.map(String.init)].compactMap(\.self)
            let paint: Style.Paint? =
                switch diagnostic.severity {
                case .error: .red
                case .warning: .yellow
                case .note: .dim
                }
            let start = printable(place.isEmpty ? "" : prefix + place.joined(separator: ":"))
            let hint = diagnostic.hint.map { "    hint: \(printable($0))\n" } ?? ""
            return "  \(start.isEmpty ? "" : start + ": ")\(style.painted(diagnostic.severity.rawValue, paint)): "
                + "\(printable(diagnostic.message)) [\(diagnostic.code.rawValue)]\n\(hint)"
        }.joined()
    }
}
