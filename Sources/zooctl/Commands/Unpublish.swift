import ArgumentParser
import ControlProtocol

struct Unpublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpublish", abstract: "Delete a model's gist for good, and take its id out of the readme.",
        discussion: """
            The only command that deletes a gist. The files stay as they are, and what the gist held last is kept as a version. The model \
            is not published again by itself; zooctl publish makes a new gist.
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @Flag(help: "Do not ask.")
    var yes = false
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = global.client
        if !yes { try await ask(client) }
        let accepted = try await client.send(about: model) { try .unpublish($0) }
        try await JobWaiter(client: client, output: global.output).finish([accepted], returnsAtOnce: job.returnsAtOnce)
    }

    private func ask(_ client: ControlClient) async throws {
        guard TemplateQuestions.canAsk else {
            throw ControlError(
                .usage, "unpublish deletes a gist for good, and there is nobody to ask: this is no terminal",
                hint: "zooctl unpublish \(model) --yes")
        }
        let preview = try await client.send(about: model) { try .previewUnpublish($0) }
        let isMore = preview.revisionCount >= UnpublishReport.revisionLimit
        let revisions = isMore ? "\(preview.revisionCount) or more revisions" : counted(preview.revisionCount, "revision")
        let what = "\(preview.visibility.rawValue), \(counted(preview.fileCount, "file")), \(revisions)"
        let question = "Delete gist \(preview.gist) (\(what))? This cannot be undone; versions are kept here"
        let answer = try TemplateQuestions.line(question, proposal: "no").lowercased()
        guard answer == "yes" || answer == "y" else { throw ControlError(.cancelled, "nothing was deleted") }
    }
}
