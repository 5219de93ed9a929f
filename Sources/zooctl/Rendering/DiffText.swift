import ControlProtocol

/// A difference as `git diff` writes it, in its colours.
struct DiffText {
    let report: DiffReport
    let style: Style

    init(_ report: DiffReport, _ style: Style) { (self.report, self.style) = (report, style) }

    var text: String {
        guard let remote = report.remote else { return text(of: report.files) }
        let revision = remote.revision.map { " (revision \($0.prefix(12)))" } ?? ""
        return style.painted("# changed in the gist\(revision), since both sides were equal", .bold) + "\n" + text(of: remote.files)
            + style.painted("# changed here", .bold) + "\n" + text(of: report.files)
    }

    private func text(of files: [FileDifference]) -> String {
        files.map { file in
            file.unified.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
                // A tab is no danger, and the text is to be applied by patch.
                let shown = line.split(separator: "\t", omittingEmptySubsequences: false).map { printable(String($0)) }
                return style.painted(shown.joined(separator: "\t"), paint(line)) + "\n"
            }.joined()
        }.joined()
    }

    private func paint(_ line: Substring) -> Style.Paint? {
        if line.hasPrefix("diff ") || line.hasPrefix("--- ") || line.hasPrefix("+++ ") { return .bold }
        return switch line.utf8.first {
        case UInt8(ascii: "+"): .green
        case UInt8(ascii: "-"): .red
        case UInt8(ascii: "@"): .blue
        default: nil
        }
    }
}
