import ArgumentParser
import ControlProtocol

struct Pull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Ask for remote changes of a model now, and bring them here.",
        discussion: """
            Without it that happens every gists.poll. What was changed in the gist is brought together with the files here; where both \
            sides changed the same lines, nothing is written and the model is in conflict. A gist that is gone is asked for again.
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = global.client
        let accepted = try await client.send(about: model) { .pull($0) }
        try await JobWaiter(client: client, output: global.output).finish([accepted], returnsAtOnce: job.returnsAtOnce)
    }
}
