import ArgumentParser
import ControlProtocol
import FoundationEssentials

struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Everything about one model: info, diagnostics, files, gist, binaries, history, next steps.")

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = global.output
        let report = try await global.client.send(about: model) { .model($0) }
        try output.print(report) { ModelPage(report: $0, style: output.style, now: Date()).text }
    }
}
