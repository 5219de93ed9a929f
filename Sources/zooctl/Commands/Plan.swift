import ArgumentParser
import ControlProtocol
import FoundationEssentials

struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "What would be done now, and why. Changes nothing.",
        discussion: "Also says what is left to people, as the command that would do it.")

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
        // Of a whole zoo only what is not at rest.
        let shown = models.isEmpty ? report.models.filter { !$0.isAtRest } : report.models
        let rest = report.models.count - shown.count
        let now = Date()
        return shown.map { PlanText(plan: $0, style: style, now: now).text }.joined()
            + (rest > 0 || shown.isEmpty ? "nothing to do: \(counted(rest, shown.isEmpty ? "model" : "more model"))\n" : "")
    }
}

extension ModelPlan {
    /// Nothing is done before some later time, and nothing is left to people.
    fileprivate var isAtRest: Bool { note == nil && choices.isEmpty && actions.allSatisfy { $0.notBefore != nil } }
}
