import ArgumentParser
import ControlProtocol
import FoundationEssentials
import ModelInfo
import SystemIO

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "The zoo at a glance, then what to do about it.",
        discussion: "Lines that begin with '#' are hints. With --check the exit code is 0 ok, 1 warning, 2 critical, 3 unknown.")

    @Argument(help: ArgumentHelp("Show only these models.", valueName: "model"))
    var models: [String] = []
    @Flag(name: [.customShort("x"), .customLong("unhealthy")], help: "Show only what needs attention.")
    var onlyUnhealthy = false
    @Flag(help: "Print one line and exit like a monitoring plugin.")
    var check = false
    @Flag(help: "Show it again every 2 seconds until interrupted.")
    var watch = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if check, watch { throw ValidationError("--check and --watch exclude each other") }
    }

    func run() async throws {
        if check { return try await checked() }
        try await show()
        while watch {
            try await Task.sleep(for: .seconds(2))
            if !global.json, Terminal.isOne(.standardOutput) { Output.standardOutput("\u{1B}[H\u{1B}[2J") }
            try await show()
        }
    }

    private func show() async throws {
        let report = try await client.send(global.json ? .status : .statusTable)
        try global.output.print(try selected(report)) { shown in
            if onlyUnhealthy, shown.models.isEmpty, shown.health.isEmpty {
                return "all is well: \(counted(report.summary.models, "model"))\n"
            }
            return StatusPage(
                report: report, models: shown.models, style: global.output.style, now: Date(),
                showsAllHints: onlyUnhealthy || !models.isEmpty
            ).text
        }
    }

    private var client: ControlClient { global.client }

    /// The report with only the models that were asked for; the summary stays that of the zoo.
    private func selected(_ report: StatusReport) throws -> StatusReport {
        var report = report
        if !models.isEmpty { report.models = try models.map { try ModelArgument(text: $0).model(in: report.models) } }
        if onlyUnhealthy { report.models.removeAll { $0.state == .ok || $0.state == .busy } }
        return report
    }

    /// As monitoring plugins do: a word, numbers, performance data after a bar; 3 for whatever cannot be told.
    private func checked() async throws {
        let verdict: CheckVerdict
        do {
            verdict = CheckVerdict(try selected(try await client.send(.statusTable)))
        } catch let error as ControlError {
            verdict = CheckVerdict(unknown: error)
        }
        try global.output.print(verdict) { $0.line + "\n" }
        throw Outcome(code: verdict.exitCode)
    }
}
