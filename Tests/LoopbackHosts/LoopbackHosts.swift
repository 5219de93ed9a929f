import ArgumentParser

/// Servers on 127.0.0.1 for the demo, the benchmarks and tests by other clients. Each runs until SIGTERM.
@main struct LoopbackHosts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loopback-hosts", abstract: "Loopback stand-ins for the hosts that zood talks to.",
        subcommands: [FilesCommand.self, GitHubCommand.self])
}
