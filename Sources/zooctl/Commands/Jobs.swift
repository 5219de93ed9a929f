import ArgumentParser
import ControlProtocol
import FoundationEssentials

struct Jobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "jobs", abstract: "What zood works on, and what it finished lately.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = global.output
        try output.print(try await global.client.send(.jobs)) { text($0, output.style) }
    }

    private func text(_ list: JobList, _ style: Style) -> String {
        guard !list.jobs.isEmpty else { return "no jobs\n" }
        let now = Date()
        var table = Table(columns: [
            .init(title: "JOB"), .init(title: "KIND"), .init(title: "MODEL"), .init(title: "STATE"), .init(title: "SINCE"),
            .init(title: "BY"), .init(title: "NOTE"),
        ])
        table.rows = list.jobs.map { job in
            let paint: Style.Paint? =
                switch job.state {
                case .queued, .cancelled: nil
                case .running: .blue
                case .done: .green
                case .failed: .red
                }
            let by = job.requestedBy.map { $0.user ?? "uid \($0.uid)" } ?? "-"
            let note = job.progress.map { ProgressText($0).text } ?? job.error?.message ?? job.note ?? ""
            return [
                .init(job.id), .init(job.kind.rawValue), .init(job.model ?? "-"), .init(job.state.rawValue, paint),
                .init(Units.relative(job.finishedAt ?? job.createdAt, to: now)), .init(by), .init(note),
            ]
        }
        return table.text(style)
    }
}
