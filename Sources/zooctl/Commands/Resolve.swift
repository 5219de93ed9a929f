import ArgumentParser
import ControlProtocol

struct Resolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "End a conflict between a model's files and its gist.",
        discussion: """
            'zooctl diff' shows what both sides changed. --keep local sends the files as they are here; --keep remote takes the gist's; \
            --keep merged takes the changes of both and, where both changed the same lines, the lines that are here now: edit them first. \
            Whatever is replaced is kept as a version. Files that belong to you and that zood may not write into are written as you.
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @Option(help: ArgumentHelp("Whose text stays: local, remote or merged.", valueName: "side"))
    var keep: ConflictSide
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let edits = OwnersEdits(client: global.client, output: global.output, model: model, wish: EditsRequest(keep: keep))
        try await edits.carryOut(returnsAtOnce: job.returnsAtOnce) { try .resolve($0, ResolveRequest(keep: keep)) }
    }
}

extension ConflictSide: ExpressibleByArgument {}
