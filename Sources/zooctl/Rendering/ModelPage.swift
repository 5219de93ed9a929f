import ControlProtocol
import FoundationEssentials
import ModelInfo

/// `zooctl show` for a person: everything about one model.
struct ModelPage {
    let report: ModelReport
    let style: Style
    let now: Date

    var text: String {
        [heading, info, gist, binaries, nets, files, history, next].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var model: ModelStatus { report.model }

    private var heading: String {
        let sign = StateSign(model, style)
        var text = "\(style.painted(sign.sign, sign.paint)) \(style.painted(printable(model.id), .bold))"
        if let name = model.name { text += " - \(printable(name))" }
        return text + "\n"
            + pairs([
                ("State", style.painted(sign.word, sign.paint) + (model.note.map { ": " + printable($0) } ?? "")),
                ("Hint", model.hint.map(printable)),
                ("Directory", printable(model.path)),
                ("License", model.license.map(printable)),
            ])
    }

    private var info: String {
        guard !model.info.diagnostics.isEmpty else { return "" }
        return "Info: \(model.info.state.rawValue)\n" + DiagnosticLines(model.info.diagnostics, style).text
    }

    private var gist: String {
        let gist = model.gist
        var text =
            "Gist: \(gist.state.rawValue)\(gist.note.map { ": " + printable($0) } ?? "")\n"
            + pairs([
                ("Id", gist.id?.description), ("URL", gist.url.map(printable)),
                ("Visibility", gist.visibility?.rawValue), ("Revision", gist.revision.map(printable)),
                ("Published", gist.publishedAt.map { Units.moment($0, now: now) }),
            ])
        for revision in report.revisions.prefix(10) {
            text += "    \(printable(String(revision.revision.prefix(12))))  \(Units.moment(revision.time, now: now))\n"
        }
        return text
    }

    private var binaries: String {
        model.binaries.map { binary in
            var state = binary.state.rawValue
            if let note = binary.note { state += ": " + printable(note) }
            if let progress = binary.progress { state += ", " + ProgressText(progress).text }
            return "Binary: \(style.painted(printable(binary.file), .bold)) \(state)\n"
                + pairs([
                    ("Size", binary.size.map { "\(Units.bytes($0)) (\($0) bytes)" }), ("URL", binary.url.map(printable)),
                    ("SHA-1", binary.sha1?.description), ("SHA-256", binary.sha256?.description),
                    ("Verified", binary.verifiedAt.map { Units.moment($0, now: now) }),
                    ("Next check", binary.nextVerifyAt.map { Units.moment($0, now: now) }),
                ])
        }.joined()
    }

    private var nets: String { PrototxtText(prototxts: report.prototxts, style: style).text }

    private var files: String {
        guard !report.published.isEmpty || !report.skipped.isEmpty else { return "" }
        // The report lists what goes to a gist; without one, nothing went yet.
        let fate = model.gist.id == nil || model.gist.state == .unpublished ? "not published yet" : "published"
        let waiting = model.info.diagnostics.filter { $0.code == .newFileWaits }.compactMap(\.file)
        var table = Table(columns: [.init(title: ""), .init(title: ""), .init(title: "", isNumber: true), .init(title: "")])
        table.rows =
            report.published.map { file -> [Table.Cell] in
                let words = waiting.contains(file.name) ? "not published yet" : fate
                return [.init(" "), .init(file.name), .init(Units.bytes(Int64(file.byteCount))), .init(words)]
            }
            + report.skipped.map { [.init(" "), .init($0.name), .init("-"), .init("not published: \($0.code.rawValue)", .dim)] }
        return "Files:\n" + table.text(style)
    }

    private var history: String {
        guard !report.history.isEmpty else { return "" }
        return "History:\n" + report.history.prefix(10).map { "  " + EventText($0, style, showsModel: false).text }.joined()
    }

    private var next: String {
        let steps = PlanText(plan: report.plan, style: style, now: now).steps
        return steps.isEmpty ? "" : "Next:\n" + steps
    }

    /// `Key: value` in two columns; what is nil is left out.
    private func pairs(_ pairs: [(String, String?)]) -> String {
        pairs.compactMap { key, value in
            value.map { "  \(key):\(String(repeating: " ", count: max(1, 12 - key.count)))\($0)\n" }
        }.joined()
    }
}
