import ArgumentParser
import ControlProtocol

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Bring the files of a kept version back; they go to the gist as a new revision.",
        discussion: "What is there now is kept as a version. Files that the version does not name stay, and so does the gist.")

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @Argument(
        help: ArgumentHelp("A version's number from 'zooctl log', or four or more digits of a gist's revision.", valueName: "version"))
    var version: String
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = global.client
        let accepted = try await client.send(about: model) { try .rollback($0, RollbackRequest(version: version)) }
        try await JobWaiter(client: client, output: global.output).finish([accepted], returnsAtOnce: job.returnsAtOnce)
    }
}
