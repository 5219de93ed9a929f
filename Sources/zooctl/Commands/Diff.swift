import ArgumentParser
import ControlProtocol

struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What differs between a kept version and the files as they are now.",
        discussion: """
            Without a version: what the gist last held. In a conflict it shows both sides: what was changed in the gist since both were \
            equal, and what was changed here.
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @Argument(
        help: ArgumentHelp("A version's number from 'zooctl log', or four or more digits of a gist's revision.", valueName: "version"))
    var version: String?
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = global.output
        let report = try await global.client.send(about: model) { .diff($0, version: version) }
        try output.print(report) { DiffText($0, output.style).text }
        for name in report.notShown { output.hint("# \(printable(name)) is not shown: it may not be published; zooctl show says why") }
        if report.files.isEmpty, report.remote == nil, !output.isJSON { output.hint("# no difference from \(printable(report.old))") }
    }
}
