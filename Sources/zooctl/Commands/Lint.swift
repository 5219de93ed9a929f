import ArgumentParser
import ControlProtocol
import FoundationEssentials
import ModelInfo

struct Lint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check model directories, one or a whole tree of them; needs no daemon and changes nothing.",
        discussion: """
            Below each directory its models are looked for as zood does it: four levels deep, without hidden directories and without what a \
            .zooignore names. All of them are also judged together. Exits with 12 when there is an error.
            """)

    @Argument(help: ArgumentHelp("Model directories, or directories of models.", valueName: "dir"))
    var directories: [String]
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = global.output
        let run = try await LintRun(
            directories, excerptStyle: output.isJSON ? nil : output.style, width: min(4, ProcessInfo.processInfo.activeProcessorCount))
        let report = LintReport(run.models.map { ($0.name, $0.reading) })
        try output.print(report) { LintPage(report: $0, models: run.models, style: output.style).text }
        run.problems.forEach(Output.complain)
        if report.hasErrors { throw Outcome(status: .invalidInfo) }
        if !run.problems.isEmpty { throw Outcome(status: .someFailed) }
    }
}
