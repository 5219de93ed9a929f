import ArgumentParser
import ControlProtocol
import FoundationEssentials

struct Limit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limit", abstract: "Limit the bandwidth of all downloads together, at once.",
        discussion: """
            RATE is as in the configuration, e.g. 20MiB/s; the '/s' may be left out, and K, M and G stand for KiB, MiB and GiB. 'off' or 0 \
            is no limit. Either counts in the place of binaries.bandwidth, also after a reload and a restart, until 'zooctl limit default' \
            gives it back. Without an argument: what counts now, and where it comes from.
            """)

    @Argument(help: ArgumentHelp("A rate, off, or default.", valueName: "rate"))
    var rate: String?
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let report = try await global.client.send(try rate.map { try .setLimit(LimitRequest(bandwidth: $0)) } ?? .limit)
        try global.output.print(report) { LimitText(report: $0, now: Date()).text }
    }
}
