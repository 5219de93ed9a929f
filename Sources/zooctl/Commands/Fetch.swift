import ArgumentParser
import ControlProtocol

struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Get the missing binaries of a model.")

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = global.client
        let accepted = try await client.send(about: model) { .fetch($0) }
        try await JobWaiter(client: client, output: global.output).finish([accepted], returnsAtOnce: job.returnsAtOnce)
    }
}
