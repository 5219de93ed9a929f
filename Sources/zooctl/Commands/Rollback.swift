import ArgumentParser
import ControlProtocol

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Bring the files of a kept version back; they go to the gist as a new revision.",
        discussion: """
            What is there now is kept as a version. Files that the version does not name stay, and so does the gist. Those \
            that belong to you and that zood may not write into are written as you.
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @Argument(
        help: ArgumentHelp("A version's number from 'zooctl log', or four or more digits of a gist's revision.", valueName: "version"))
    var version: String
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let edits = OwnersEdits(client: global.client, output: global.output, model: model, wish: EditsRequest(version: version))
        try await edits.carryOut(returnsAtOnce: job.returnsAtOnce) { try .rollback($0, RollbackRequest(version: version)) }
    }
}
