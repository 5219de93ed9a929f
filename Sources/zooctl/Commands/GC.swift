import ArgumentParser
import ControlProtocol
import FoundationEssentials

struct GC: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Remove what zood keeps and nobody needs any more.",
        discussion: """
            That is: what has been in the trash for its time, downloads that nobody will go on with, and versions beyond their bounds. Never \
            what a person saved, a gist, or what is known of a model. --outdated also removes old good binaries that were replaced since \
            the readme names another checksum.
            """)

    @Flag(help: "Say what would be removed, and remove nothing.")
    var dryRun = false
    @Flag(help: "Also old binaries whose readme names another checksum by now.")
    var outdated = false
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = global.output
        let report = try await global.client.send(.collectGarbage(GarbageRequest(dryRun: dryRun, outdated: outdated)))
        try output.print(report) { GarbagePage(report: $0, style: output.style, now: Date()).text }
        if report.hasProblem { throw Outcome(status: .someFailed) }
    }
}
