import ArgumentParser
import ControlProtocol

struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a new model from a gist, and get its binaries.",
        discussion: """
            GIST is an id, OWNER/ID, any URL of a gist, or the title of an entry of a configured catalog. DIR is the new directory, below the zoo's root or absolute; without it, it \
            gets the model's name in lower case, with _ for everything but letters and digits. Nothing that is there is written over. \
            A gist of your account is kept in sync in both directions from then on, that of somebody else is followed.
            """)

    @Argument(help: ArgumentHelp("The gist.", valueName: "gist"))
    var gist: String
    @Argument(help: ArgumentHelp("The new directory.", valueName: "dir"))
    var directory: String?
    @Option(help: ArgumentHelp("The zoo that gets it, where there are several.", valueName: "name"))
    var zoo: String?
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = global.client
        let accepted = try await client.send(.add(AddRequest(gist: gist, directory: directory, zoo: zoo)))
        try await JobWaiter(client: client, output: global.output).finish([accepted], returnsAtOnce: job.returnsAtOnce)
    }
}
