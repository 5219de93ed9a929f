import ArgumentParser
import ControlProtocol

struct Sync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sync", abstract: "Look again now, and do what is to be done.")

    @Argument(help: ArgumentHelp("Only these models; all of them if none is named.", valueName: "model"))
    var models: [String] = []
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = global.client
        var accepted: [AcceptedJob] = []
        if models.isEmpty { accepted = [try await client.send(.sync(nil))] }
        for model in models { accepted.append(try await client.send(about: model) { .sync($0) }) }
        try await JobWaiter(client: client, output: global.output).finish(accepted, returnsAtOnce: job.returnsAtOnce)
    }
}
