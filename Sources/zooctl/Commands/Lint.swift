import ArgumentParser
import ControlProtocol
import FoundationEssentials
import ModelInfo

struct Lint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check model directories, one or a whole tree of them; needs no daemon, and changes nothing without --fix.",
        discussion: """
            Below each directory its models are looked for as zood does it: four levels deep, without hidden directories and without what a \
            .zooignore names. All of them are also judged together. Exits with 12 when there is an error.
            """)

    @Argument(help: ArgumentHelp("Model directories, or directories of models.", valueName: "dir"))
    var directories: [String]
    @Flag(help: "First write, in one line each, what is certain: the direct URL, a sha1 in lower-case digits, the bare gist id.")
    var fix = false
    @Flag(name: .customLong("dry-run"), help: "With --fix: say what would be written, and write nothing.")
    var isDryRun = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if isDryRun, !fix { throw ValidationError("--dry-run goes with --fix; without it nothing is written anyway") }
    }

    func run() async throws {
        let output = global.output
        var run = try await lint(output)
        var problems: [ControlError] = []
        if fix {
            let fixing = FixRun(run.models, writes: !isDryRun, output.style)
            // The one document on stdout is the report of what is there afterwards.
            if !fixing.text.isEmpty {
                if output.isJSON { Output.standardError(fixing.text) } else { Output.standardOutput(fixing.text + "\n") }
            }
            problems = fixing.problems
            if fixing.count > 0, !isDryRun { run = try await lint(output) }
        }
        problems += run.problems
        let report = LintReport(run.models.map { ($0.name, $0.reading) })
        try output.print(report) { LintPage(report: $0, models: run.models, style: output.style).text }
        problems.forEach(Output.complain)
        if report.hasErrors { throw Outcome(status: .invalidInfo) }
        if let missing = problems.first(where: { $0.code == .noSuchModel }) { throw Outcome(status: missing.code.exitStatus) }
        if !problems.isEmpty { throw Outcome(status: .someFailed) }
    }

    private func lint(_ output: Output) async throws -> LintRun {
        try await LintRun(
            directories, excerptStyle: output.isJSON ? nil : output.style, width: min(4, ProcessInfo.processInfo.activeProcessorCount))
    }
}
