import ArgumentParser
import ControlProtocol

struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cancel", abstract: "End a job. What a fetch has got so far is kept.")

    @Argument(help: ArgumentHelp("As 'zooctl jobs' shows it.", valueName: "job"))
    var job: String
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let report = try await global.client.send(.cancel(job))
        try global.output.print(report) { report in
            [JobWaiter.title(report), report.note, report.state.rawValue].compactMap { $0.map(printable) }.joined(separator: ": ") + "\n"
        }
    }
}
