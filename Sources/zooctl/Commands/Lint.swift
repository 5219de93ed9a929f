import ArgumentParser
import ControlProtocol
import ModelInfo

struct Lint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check model directories; needs no daemon and changes nothing.",
        discussion: "Several directories are also judged together. Exits with 12 when there is an error.")

    @Argument(help: ArgumentHelp("The model directories.", valueName: "dir"))
    var directories: [String]
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = global.output
        let report = LintReport(try directories.map { ($0, try LocalModel($0).read()) })
        try output.print(report) { text($0, output.style) }
        if report.hasErrors { throw Outcome(status: .invalidInfo) }
    }

    private func text(_ report: LintReport, _ style: Style) -> String {
        report.models.map { model in
            let paint: Style.Paint =
                switch model.state {
                case .valid: .green
                case .warnings: .yellow
                case .invalid: .red
                }
            let can = [("download", model.can.download), ("verify", model.can.verify), ("publish", model.can.publish)]
            let cannot = can.filter { !$0.1 }.map(\.0)
            let verdict = cannot.isEmpty ? "" : " (cannot \(cannot.joined(separator: ", ")))"
            let heading = "\(style.painted(printable(model.path), .bold)): \(style.painted(model.state.rawValue, paint))\(verdict)\n"
            return heading
                + DiagnosticLines(model.diagnostics, style, prefix: model.path.hasSuffix("/") ? model.path : model.path + "/").text
        }.joined()
    }
}
