import ArgumentParser
import ControlProtocol

struct Repair: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Replace a corrupt binary of a model by a verified copy, now.",
        discussion: """
            Also where verify.repair is 'report', and at once where an earlier try failed. The bad file goes to the trash when the good one \
            has its place. What rotted without having been read since is found by 'zooctl verify'. Ends with 7 when a file stays bad: no \
            source has the right bytes, or somebody changed the file, which is then left as it is.
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = global.client
        let accepted = try await client.send(about: model) { .repair($0) }
        try await JobWaiter(client: client, output: global.output).finish([accepted], returnsAtOnce: job.returnsAtOnce)
    }
}
