import ArgumentParser
import ControlProtocol
import FoundationEssentials

struct Trash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trash", abstract: "What zood moved away, and how to have it back.", subcommands: [TrashList.self, TrashRestore.self])
}

struct TrashList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what zood moved away, the newest first: from where, why, and until when it is kept.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = global.output
        try output.print(try await global.client.send(.trash)) { text($0, output.style) }
    }

    private func text(_ report: TrashReport, _ style: Style) -> String {
        guard !report.items.isEmpty else { return "nothing in the trash\n" }
        let now = Date()
        var table = Table(columns: [
            .init(title: "ITEM"), .init(title: "MODEL"), .init(title: "FILE"), .init(title: "WHY"), .init(title: "SIZE", isNumber: true),
            .init(title: "MOVED"), .init(title: "KEPT UNTIL"),
        ])
        table.rows = report.items.map { item in
            [
                .init(item.item, .bold), .init(item.model ?? "-"), .init(item.file), .init(item.reason), .init(Units.bytes(item.byteCount)),
                .init(Units.relative(item.movedAt, to: now)), .init(item.keptUntil.map { Units.moment($0, now: now) } ?? "no limit"),
            ]
        }
        return table.text(style)
    }
}

struct TrashRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Move a file back to where it was; never over another one.",
        discussion: "For the file's owner, and for those who may change things. The file is read anew and left as it is, whatever it holds."
    )

    @Argument(help: ArgumentHelp("As 'zooctl trash list' shows it.", valueName: "item"))
    var item: String
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = global.output
        try output.print(try await global.client.send(.restore(item))) { report in
            report.items.map { printable("\($0.model ?? "?"): \($0.file) is back") + "\n" }.joined()
        }
    }
}
