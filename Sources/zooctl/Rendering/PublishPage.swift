import ControlProtocol

/// `zooctl publish` for a person: what would be sent, or where it went.
struct PublishPage {
    let report: PublishReport
    let style: Style

    var text: String {
        guard report.dryRun else {
            let gist = report.gist?.description ?? "no gist"
            return "\(gist)\(report.url.map { "  \(printable($0))" } ?? "")\n"
        }
        var table = Table(columns: [.init(title: ""), .init(title: ""), .init(title: "", isNumber: true), .init(title: "")])
        table.rows = report.files.map { file in
            [
                .init(" "), .init(file.name), .init(Units.bytes(Int64(file.byteCount))),
                .init(report.newFiles.contains(file.name) ? "new" : ""),
            ]
        }
        let target = report.gist.map { "gist \($0) on \(report.host)" } ?? "a new \(report.visibility.rawValue) gist on \(report.host)"
        let verb = report.isHindered ? style.painted("would not go", .yellow) + " to" : "would go to"
        return "\(style.painted(printable(report.model), .bold)) \(verb) \(printable(target)): \(printable(report.description))\n"
            + table.text(style) + DiagnosticLines(report.problems + report.secrets.filter { $0.code == .secretAllowed }, style).text
            + obstacle
    }

    /// What no diagnostic says.
    private var obstacle: String {
        guard report.problems.isEmpty, let obstacle = report.obstacle else { return "" }
        return "  \(style.painted(printable(obstacle), .yellow))\n" + (report.hint.map { "    hint: \(printable($0))\n" } ?? "")
    }
}

extension PublishReport {
    /// Whether anything stands against sending it.
    var isHindered: Bool { !problems.isEmpty || obstacle != nil }
}
