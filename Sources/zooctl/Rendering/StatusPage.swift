import ControlProtocol
import FoundationEssentials
import ModelInfo

/// `zooctl status` for a person: the daemon, a row a model, then what to do about it in lines that begin with `#`.
struct StatusPage {
    let report: StatusReport
    /// The models to show; all of them when the whole zoo is asked for.
    let models: [ModelStatus]
    let style: Style
    let now: Date
    /// Whether somebody asked for what needs attention, and so for all of what to do about it.
    var showsAllHints = false

    /// More than this many hints are counted, not printed.
    private static let mostHints = 8

    var text: String {
        header + "\n" + (models.isEmpty ? "" : table.text(style)) + verification + limit + notes
    }

    private var header: String {
        let daemon = report.daemon
        let summary = report.summary
        let state = style.painted(daemon.state.rawValue, daemon.state == .running ? .green : .yellow)
        let since = Units.duration(Int(now.timeIntervalSince(daemon.startedAt)))
        var parts = ["zood \(printable(daemon.version))", "\(state) for \(since)", counted(summary.models, "model"), "ok \(summary.ok)"]
        if summary.busy > 0 { parts.append(style.painted("busy \(summary.busy)", .blue)) }
        if summary.attention > 0 { parts.append(style.painted("ATTENTION \(summary.attention)", .yellow)) }
        if summary.failed > 0 { parts.append(style.painted("FAILED \(summary.failed)", .red)) }
        return parts.joined(separator: "  ")
    }

    private var table: Table {
        var table = Table(columns: [
            .init(title: " "), .init(title: "MODEL"), .init(title: "STATE"),
            .init(title: "BINARY", isNumber: true, isOptional: true), .init(title: "LEFT", isNumber: true, isOptional: true),
            .init(title: "GIST", isOptional: true), .init(title: "VERIFIED", isOptional: true), .init(title: "NOTE"),
        ])
        table.rows = models.map { model in
            let sign = StateSign(model, style)
            return [
                .init(sign.sign, sign.paint), .init(model.id, .bold), .init(sign.word, sign.paint), .init(size(model)),
                .init(left(model)), .init(gist(model)), .init(verified(model)), .init(model.note ?? ""),
            ]
        }
        return table
    }

    private func size(_ model: ModelStatus) -> String {
        let sizes = model.binaries.compactMap(\.size)
        return sizes.isEmpty ? "-" : Units.bytes(sizes.reduce(0, +))
    }

    private func left(_ model: ModelStatus) -> String {
        let moving = model.binaries.filter { $0.state == .fetching }.compactMap(\.progress)
        let left = moving.compactMap { progress in progress.totalBytes.map { max(0, $0 - progress.doneBytes) } }
        return left.isEmpty ? "-" : Units.bytes(left.reduce(0, +))
    }

    /// When the binary that was verified longest ago was verified.
    private func verified(_ model: ModelStatus) -> String {
        guard !model.binaries.isEmpty, !model.binaries.contains(where: { $0.verifiedAt == nil }) else { return "-" }
        return model.binaries.compactMap(\.verifiedAt).min().map { Units.relative($0, to: now) } ?? "-"
    }

    /// When it was published, or what keeps it from being in sync.
    private func gist(_ model: ModelStatus) -> String {
        guard model.gist.state == .inSync else { return model.gist.state == .off ? "-" : model.gist.state.rawValue }
        return model.gist.publishedAt.map { Units.relative($0, to: now) } ?? model.gist.state.rawValue
    }

    private var verification: String {
        let status = report.verification
        guard let coverage = status.coverage, status.bytes > 0 else { return "" }
        let read = "Verify: \(Units.percent(coverage)) of \(Units.bytes(status.bytes)) read"
        guard let every = status.everySeconds else { return "\(read); not read again by itself (verify.every: off)\n" }
        let overdue =
            status.overdue == 0
            ? "on schedule" : style.painted("\(status.overdue) overdue (\(Units.bytes(status.overdueBytes)))", .yellow)
        let next = status.nextVerifyAt.map { "; next \($0 <= now ? "now" : Units.relative($0, to: now))" } ?? ""
        let never = status.neverRead.flatMap { $0 > 0 ? ", \($0) never read" : nil } ?? ""
        return "\(read) in \(Units.duration(Int(every))), \(overdue)\(never)\(next)\n"
    }

    /// Only where something is held back, or the configuration does not count.
    private var limit: String {
        guard let limit = report.limit, limit.bandwidth != nil || limit.source == .operator else { return "" }
        let source = limit.source == .operator ? "zooctl limit" : "binaries.bandwidth"
        return "Downloads: \(LimitText.words(limit.bandwidth)) (\(source))\n"
    }

    private var notes: String {
        var lines: [String] = []
        for item in report.health {
            let paint: Style.Paint? = item.severity == .error ? .red : item.severity == .warning ? .yellow : nil
            lines.append(style.painted("# \(item.severity.rawValue): \(printable(item.title))", paint) + ": \(printable(item.text))")
            if let hint = item.hint { lines.append("#   hint: \(printable(hint))") }
        }
        let hints = models.filter { $0.state == .attention || $0.state == .failed }.compactMap { model in
            model.hint.map { "# next, \(printable(model.id)): \(printable($0))" }
        }
        let shown = showsAllHints ? hints[...] : hints.prefix(Self.mostHints)
        lines += shown
        if shown.count < hints.count { lines.append("# and \(hints.count - shown.count) more: zooctl status -x") }
        return lines.map { $0 + "\n" }.joined()
    }
}

/// `1 model`, `24 models`
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
