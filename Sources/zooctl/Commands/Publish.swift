import ArgumentParser
import ControlProtocol
import ModelInfo

struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Publish a model's info as a gist: the first time, with new files, or what is held.")

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String?
    @Flag(help: "Say what would be sent, and send nothing.")
    var dryRun = false
    @Flag(help: "Make a new gist one that everybody finds. For operators.")
    var `public` = false
    @Flag(help: "Make a new gist one that only who has its URL finds.")
    var secret = false
    @Flag(help: "Let go every model that the brake holds, and nothing else that waits. For operators.")
    var allHeld = false
    @Flag(
        name: .customLong("replace-id"),
        help: "With the local host: publish a copy of a model whose readme names a gist on GitHub, and write the new id over that one.")
    var replacesID = false
    @Option(
        name: .customLong("allow-secret"),
        help: ArgumentHelp(
            "Let this line go out although it looks like a secret: for what stands there now, and no longer. May be given again. For operators.",
            valueName: "file:line"))
    var allowedSecrets: [SecretPlace] = []
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if `public`, secret { throw ValidationError("--public and --secret exclude each other") }
        if allHeld == (model != nil) { throw ValidationError("name one model, or give --all-held") }
        if allHeld, replacesID || `public` || secret || !allowedSecrets.isEmpty {
            throw ValidationError("--all-held takes no other choice")
        }
        if allHeld, dryRun { throw ValidationError("--all-held has no dry run; zooctl status -x lists what is held") }
    }

    func run() async throws {
        let client = global.client
        let output = global.output
        let visibility: GistVisibility? = `public` ? .public : secret ? .secret : nil
        let request = PublishRequest(
            dryRun: dryRun, visibility: visibility, allHeld: allHeld, replaceID: replacesID, allowSecrets: allowedSecrets)
        let waiter = JobWaiter(client: client, output: output)
        guard let model else {
            let accepted = try await client.send(.publishAllHeld(request))
            return try await waiter.finish([accepted], returnsAtOnce: job.returnsAtOnce)
        }
        if dryRun {
            let preview = try await client.send(about: model) { try .previewPublish($0, request) }
            try output.print(preview) { PublishPage(report: $0, style: output.style).text }
            if preview.isHindered { throw Outcome(status: .needsPerson) }
            return
        }
        let accepted = try await client.send(about: model) { try .publish($0, request) }
        guard !job.returnsAtOnce else { return try await waiter.finish([accepted], returnsAtOnce: true) }
        try JobWaiter.judge(try await waiter.follow([accepted]))
        let status = try await client.send(about: model) { .model($0) }.model
        if !writesIDWhereOnlyTheOwnerMay(status), let note = status.gist.note {
            output.hint("# \(printable(note))" + (status.hint.map { "\n#   hint: \(printable($0))" } ?? ""))
        }
        var report = try await client.send(about: model) { try .previewPublish($0, PublishRequest(visibility: visibility)) }
        report.dryRun = false
        try output.print(report) { PublishPage(report: $0, style: output.style).text }
    }

    /// A daemon that may not write into somebody's readme leaves it without `gist_id`. When that somebody runs this, it is written here.
    /// - Returns: Whether it was written.
    private func writesIDWhereOnlyTheOwnerMay(_ status: ModelStatus) -> Bool {
        guard let id = status.gist.id, let local = try? LocalModel(status.path), local.ownsReadme(), let card = try? local.read().card,
            card.gistIDText == nil || replacesID || card.gistID?.isLocal == true && !id.isLocal
        else { return false }
        do {
            let (readme, isChanged) = try local.set("gist_id", to: id.description)
            if isChanged { Output.standardError("wrote gist_id into \(printable("\(status.path)/\(readme)"))\n") }
            return true
        } catch {
            // It is published all the same.
            Output.complain(error)
            return false
        }
    }
}

extension SecretPlace: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
