import ArgumentParser
import ControlProtocol

struct Pull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Ask for remote changes of a model now, and bring them here.",
        discussion: """
            Without it that happens every gists.poll. What was changed in the gist is brought together with the files here; where both \
            sides changed the same lines, nothing is written and the model is in conflict. A gist that is gone is asked for again. \
            Files that belong to you and that zood may not write into are written as you.
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let edits = OwnersEdits(client: global.client, output: global.output, model: model, wish: EditsRequest())
        try await edits.carryOut(returnsAtOnce: job.returnsAtOnce) { .pull($0) }
    }
}
