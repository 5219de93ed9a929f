import ArgumentParser
import ControlProtocol

struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Load the configuration anew: all of it, or on an error nothing.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try global.output.print(try await global.client.send(.reload)) { report in
            let file = report.configuration ?? "no file, the defaults"
            let changed = report.changed.isEmpty ? "nothing changed" : "changed: \(report.changed.joined(separator: ", "))"
            let now = "\(printable(file)): \(printable(changed))\n"
            guard !report.atNextStart.isEmpty else { return now }
            return now + "# at the next start only: \(printable(report.atNextStart.joined(separator: ", ")))\n"
        }
    }
}
