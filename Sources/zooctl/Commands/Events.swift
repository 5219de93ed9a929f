import ArgumentParser
import ControlProtocol

struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "What happened, the newest last.",
        discussion: "With --json one document a line, also while following.")

    @Flag(name: .shortAndLong, help: "Go on with what happens from now, until interrupted.")
    var follow = false
    @Option(help: ArgumentHelp("Begin after the event of this number; else with the newest ones.", valueName: "seq"))
    var since: Int64?
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = global.output
        let call = ControlCall<EventLine>.events(since: since, last: follow ? 10 : 100, follow: follow)
        try await global.client.lines(call) { (line: EventLine) throws(ControlError) in
            Output.standardOutput(try text(line, output))
        }
    }

    private func text(_ line: EventLine, _ output: Output) throws(ControlError) -> String {
        if output.isJSON {
            guard let bytes = try? ControlCoding.line(line) else { throw ControlError(.internal, "an event cannot be written as JSON") }
            return String(decoding: bytes, as: UTF8.self) + "\n"
        }
        switch line {
        case .event(let record): return EventText(record, output.style).text
        case .gap(let gap): return "# events \(gap.first) to \(gap.last) are no longer kept\n"
        }
    }
}
