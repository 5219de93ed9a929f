import ArgumentParser
import ControlProtocol
import FoundationEssentials

struct Log: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Kept versions of model info, the newest first.",
        discussion: "What zood sent, received or wrote over. 'zooctl diff MODEL NUMBER' shows one, 'zooctl rollback' brings it back.")

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model"))
    var model: String?
    @Option(help: ArgumentHelp("At most so many.", valueName: "count"))
    var limit = 20
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes 1 or more") }
    }

    func run() async throws {
        let (client, output) = (global.client, global.output)
        let report =
            if let model { try await client.send(about: model) { .log($0, limit: limit) } } else {
                try await client.send(.log(nil, limit: limit))
            }
        try output.print(report) { text($0, output.style) }
    }

    private func text(_ report: LogReport, _ style: Style) -> String {
        guard !report.versions.isEmpty else { return "no versions\n" }
        let now = Date()
        var table = Table(columns: [
            .init(title: "VERSION", isNumber: true), .init(title: "TIME"), .init(title: "MODEL", isOptional: true), .init(title: "WHY"),
            .init(title: "REVISION", isOptional: true), .init(title: "FILES"),
        ])
        table.rows = report.versions.map { version in
            [
                .init(String(version.number), .bold), .init(Units.relative(version.time, to: now)),
                .init(model == nil ? version.model : ""), .init(Self.words(version.reason)),
                .init(String(version.gistRevision?.prefix(10) ?? "")), .init(Self.files(version)),
            ]
        }
        return table.text(style)
    }

    private static func words(_ reason: String) -> String {
        switch reason {
        case "sent": "sent to the gist"
        case "replaced": "replaced by the gist's"
        case "remote": "as in the gist"
        case "edited": "written by zood"
        case "leftover": "left by an edit"
        case "rolled-back": "before a rollback"
        case "unpublished": "in the deleted gist"
        default: reason
        }
    }

    /// `readme.md +3 -1, solver.prototxt`: lines against the version before.
    private static func files(_ version: KeptVersion) -> String {
        version.files.map { file in
            let added = file.addedLines.flatMap { $0 > 0 ? " +\($0)" : nil } ?? ""
            return file.name + added + (file.removedLines.flatMap { $0 > 0 ? " -\($0)" : nil } ?? "")
        }.joined(separator: ", ")
    }
}
