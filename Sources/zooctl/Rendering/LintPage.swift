import ModelInfo

/// `zooctl lint` for a person: what is doubtful, grouped by model, and a count of all of it in the last line.
struct LintPage {
    let report: LintReport
    /// In the order of the report.
    let models: [JudgedModel]
    let style: Style

    var text: String {
        // Where many are judged, those with nothing to tell are only counted.
        let shown = zip(report.models, models).filter { report.models.count == 1 || !$0.0.diagnostics.isEmpty }
        let groups = shown.map { heading(of: $0) + lines(of: $0, $1.excerpts) }
        return groups.joined(separator: "\n") + (groups.isEmpty ? "" : "\n") + summary
    }

    private func heading(of model: LintReport.Model) -> String {
        let can = [("download", model.can.download), ("verify", model.can.verify), ("publish", model.can.publish)]
        let cannot = can.filter { !$0.1 }.map(\.0)
        let verdict = cannot.isEmpty ? "" : " (cannot \(cannot.joined(separator: ", ")))"
        return "\(style.painted(printable(model.path), .bold)): \(style.painted(model.state.rawValue, model.state.paint))\(verdict)\n"
    }

    private func lines(of model: LintReport.Model, _ excerpts: [SourcePlace: SourceExcerpt]) -> String {
        DiagnosticLines(model.diagnostics, style, prefix: model.path) { SourcePlace($0).flatMap { excerpts[$0] } }.text
    }

    private var summary: String {
        var states: [InfoState: Int] = [:]
        var severities: [Diagnostic.Severity: Int] = [:]
        for model in report.models {
            states[model.state, default: 0] += 1
            for diagnostic in model.diagnostics { severities[diagnostic.severity, default: 0] += 1 }
        }
        let words: [(InfoState, String)] = [(.valid, "valid"), (.warnings, "with warnings"), (.invalid, "invalid")]
        let counts: [(Diagnostic.Severity, String)] = [(.error, "error"), (.warning, "warning"), (.note, "note")]
        let byState = words.compactMap { state, word in states[state].map { style.painted("\($0) \(word)", state.paint) } }
        let bySeverity = counts.compactMap { severity, word in severities[severity].map { style.painted(counted($0, word), severity.paint) }
        }
        return "\(counted(report.models.count, "model")): " + (byState.isEmpty ? ["none"] : byState).joined(separator: ", ")
            + (bySeverity.isEmpty ? "" : "; " + bySeverity.joined(separator: ", ")) + "\n"
    }
}

extension InfoState {
    /// How it looks on a terminal.
    fileprivate var paint: Style.Paint {
        switch self {
        case .valid: .green
        case .warnings: .yellow
        case .invalid: .red
        }
    }
}
