import ArgumentParser
import ControlProtocol

struct Unpublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpublish", abstract: "Delete a model's gist for good, and take its id out of the readme.",
        discussion: """
            The only command that deletes a gist. The files stay as they are, and what the gist held last is kept as a version. The model \
            is not published again by itself; zooctl publish makes a new gist. A readme that belongs to you and that zood may not write \
            into is written as you.
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
        // What says so is nowhere afterwards. A daemon that knows no such model says so when it is asked for the work.
        let before = try? await client.send(about: model) { .model($0) }.model
        let accepted = try await client.send(about: model) { try .unpublish($0) }
        let waiter = JobWaiter(client: client, output: global.output)
        guard !job.returnsAtOnce else { return try await waiter.finish([accepted], returnsAtOnce: true) }
        var jobs = try await waiter.follow([accepted])
        if jobs[0].state == .done, let before, takesIDOutWhereOnlyTheOwnerMay(before) { jobs[0].note = nil }
        try waiter.conclude(jobs)
    }

    /// A daemon that may not write into somebody's readme leaves the id in it. When that somebody runs this, it is taken out here.
    /// - Parameter before: How the model stood when it had the gist.
    /// - Returns: Whether it was taken out.
    private func takesIDOutWhereOnlyTheOwnerMay(_ before: ModelStatus) -> Bool {
        guard let id = before.gist.id, let local = try? LocalModel(before.path), local.ownsReadme(),
            (try? local.read())?.card?.gistID == id
        else { return false }
        do {
            let readme = try local.set("gist_id", to: nil).readme
            Output.standardError("took gist_id out of \(printable("\(before.path)/\(readme)"))\n")
            return true
        } catch {
            // The gist is deleted all the same.
            Output.complain(error)
            return false
        }
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
