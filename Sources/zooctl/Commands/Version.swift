import ArgumentParser
import ControlProtocol

struct Version: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Both versions: that of zooctl, and that of the zood that answers.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let daemon = try await daemon()
        try global.output.print(VersionReport(client: ProjectVersion.current, daemon: daemon)) { report in
            "zooctl \(ProjectVersion.current)\n" + (report.daemon.map { "zood \(printable($0.version))\n" } ?? "zood not reachable\n")
        }
    }

    /// Nil when none answers: then the version of zooctl is still worth printing.
    private func daemon() async throws(ControlError) -> DaemonVersion? {
        do {
            return try await global.client.send(.version).daemon
        } catch {
            guard error.code == .notReachable else { throw error }
            Output.standardError("# \(printable(error.message))\n")
            return nil
        }
    }
}
