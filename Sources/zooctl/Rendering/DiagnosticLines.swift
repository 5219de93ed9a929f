import ModelInfo

/// Diagnostics of one model, as a list with columns: `file:line:column:`, severity, code, message; below each the line it is about,
/// with a caret, and the hint.
struct DiagnosticLines {
    let diagnostics: [Diagnostic]
    let style: Style
    /// The model's directory, for `prefix/file:line:column`; empty for none.
    let prefix: String
    /// What stands in a file at the place of a diagnostic; nil when that is not known or not to be shown.
    let source: (Diagnostic) -> SourceExcerpt?

    /// A longer place does not push the columns of the others to the right.
    private static let widestPlace = 48
    private static let margin = "    "

    init(_ diagnostics: [Diagnostic], _ style: Style, prefix: String = "", source: @escaping (Diagnostic) -> SourceExcerpt? = { _ in nil })
    {
        (self.diagnostics, self.style, self.prefix, self.source) = (diagnostics, style, prefix, source)
    }

    /// Terminal columns that a source line may take.
    static func room(_ style: Style) -> Int { max(20, min(style.width ?? 120, 160) - margin.count - 8) }

    var text: String {
        let places = diagnostics.map(place)
        let placeWidth = min(places.map(columnCount).max() ?? 0, Self.widestPlace)
        let codeWidth = diagnostics.map(\.code.rawValue.utf8.count).max() ?? 0
        let severityWidth = diagnostics.map(\.severity.rawValue.utf8.count).max() ?? 0
        return zip(diagnostics, places).map { diagnostic, place in
            let severity = style.painted(diagnostic.severity.rawValue, diagnostic.severity.paint)
            return [
                "  ", place.isEmpty ? "" : padded(place, to: placeWidth) + " ",
                severity, blanks(severityWidth - diagnostic.severity.rawValue.utf8.count + 1),
                padded(diagnostic.code.rawValue, to: codeWidth), "  ", printable(diagnostic.message), "\n",
                excerpt(of: diagnostic), diagnostic.hint.map { "\(Self.margin)hint: \(printable($0))\n" } ?? "",
            ].joined()
        }.joined()
    }

    private func place(of diagnostic: Diagnostic) -> String {
        let file = diagnostic.file.map { prefix.isEmpty ? $0 : Self.path($0, in: prefix) } ?? prefix
        let numbers = [diagnostic.line, diagnostic.column].compactMap(\.self).map { ":\($0)" }.joined()
        return file.isEmpty ? "" : printable(file) + numbers + ":"
    }

    private func excerpt(of diagnostic: Diagnostic) -> String {
        guard let line = diagnostic.line, let excerpt = source(diagnostic) else { return "" }
        let number = String(line)
        let gutter = max(5, number.utf8.count)
        return Self.margin + style.painted(blanks(gutter - number.utf8.count) + number + " | ", .dim) + excerpt.text + "\n"
            + Self.margin + style.painted(blanks(gutter) + " | ", .dim) + blanks(excerpt.caretOffset)
            + style.painted("^", diagnostic.severity.paint) + "\n"
    }

    private func padded(_ text: String, to width: Int) -> String { text + blanks(width - columnCount(text)) }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

    /// `name` in `directory`, however that is written.
    static func path(_ name: String, in directory: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }
}

extension Diagnostic.Severity {
    /// How it looks on a terminal.
    var paint: Style.Paint {
        switch self {
        case .error: .red
        case .warning: .yellow
        case .note: .dim
        }
    }
}
