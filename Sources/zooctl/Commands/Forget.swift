import ArgumentParser
import ControlProtocol

struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Drop what is known of a model whose directory is gone; its gist stays.",
        discussion: "Its kept versions are dropped, too. To delete a gist: zooctl unpublish, while the model is there.")

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let report = try await global.client.send(about: model) { .forget($0) }
        try global.output.print(report) { report in
            let gist = report.gist.map { "; its gist stays: \($0) \(printable(report.url ?? ""))" } ?? ""
            return "\(printable(report.model)): forgotten\(gist)\n"
        }
    }
}
