import ArgumentParser
import ControlProtocol

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "verify", abstract: "Read binaries now and check their digests.")

    @Argument(help: ArgumentHelp("Only of these models; of all of them if none is named.", valueName: "model"))
    var models: [String] = []
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = global.client
        var accepted: [AcceptedJob] = []
        if models.isEmpty { accepted = [try await client.send(.verify(nil))] }
        for model in models { accepted.append(try await client.send(about: model) { .verify($0) }) }
        try await JobWaiter(client: client, output: global.output).finish(accepted, returnsAtOnce: job.returnsAtOnce)
    }
}
