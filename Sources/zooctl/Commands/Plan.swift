import ArgumentParser
import ControlProtocol

struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What would be done now, and why. Changes nothing.")

    @Argument(help: ArgumentHelp("Only of these models; of all of them if none is named.", valueName: "model"))
    var models: [String] = []
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = global.client
        let output = global.output
        var report = PlanReport(models: [])
        if models.isEmpty { report = try await client.send(.plan) }
        for model in models { report.models += try await client.send(about: model) { .plan($0) }.models }
        try output.print(report) { text($0, output.style) }
    }

    private func text(_ report: PlanReport, _ style: Style) -> String {
        let shown = models.isEmpty ? report.models.filter { !$0.actions.isEmpty || $0.note != nil } : report.models
        guard !shown.isEmpty else { return "nothing to do: \(counted(report.models.count, "model"))\n" }
        return shown.map { plan in
            let nothing = plan.actions.isEmpty ? "nothing to do" : ""
            let heading = [nothing, plan.note ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
            let actions = plan.actions.map { "  \(printable($0.action)): \(printable($0.reason))\n" }.joined()
            return "\(style.painted(printable(plan.id), .bold))\(heading.isEmpty ? "" : ": " + printable(heading))\n\(actions)"
        }.joined()
    }
}
