import ArgumentParser
import ControlProtocol
import ModelInfo

struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Get the missing binaries of a model.",
        discussion: """
            Goes on where an earlier fetch ended, and asks again at once where one failed, unless the host itself asked for a pause: then \
            it ends with 10 and says until when. --pin writes, as you, the SHA-1 that was \
            recorded of a binary without a checksum into the readme; from then on it can be verified.
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @Flag(help: "Then write its SHA-1 into the readme, if that names no checksum.")
    var pin = false
    @Flag(help: "Also what is larger than binaries.max_size, for as long as the readme names this source. For operators.")
    var force = false
    @OptionGroup var job: JobOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let client = global.client
        let accepted = try await client.send(about: model) { try .fetch($0, FetchOptions(force: force)) }
        let waiter = JobWaiter(client: client, output: global.output)
        guard pin else { return try await waiter.finish([accepted], returnsAtOnce: job.returnsAtOnce) }
        try JobWaiter.judge(try await waiter.follow([accepted]))
        let report = try write(digestOf: try await client.send(about: model) { .model($0) }.model)
        try global.output.print(report) { $0.text }
    }

    func validate() throws {
        if pin, job.returnsAtOnce { throw ValidationError("--pin has to wait for the binary; leave --no-wait away") }
    }

    private func write(digestOf model: ModelStatus) throws(ControlError) -> SetReport {
        guard let binary = model.binaries.first, model.binaries.count == 1 else {
            throw ControlError(
                .invalidInfo, "\(model.id) declares \(counted(model.binaries.count, "binary file")); --pin is for one",
                hint: "zooctl show \(ShellWord.of(model.id))", details: ["model": model.id])
        }
        let local = try LocalModel(model.path)
        if let pinned = binary.sha1, let readme = try local.read().readme {
            return SetReport(path: model.path, readme: readme.description, key: "sha1", value: pinned.description, changed: false)
        }
        guard let sha1 = binary.recordedSHA1, binary.state == .unverifiable else {
            throw ControlError(
                .verificationFailed, "\(binary.file) of \(model.id) is \(binary.state.rawValue): it has no digest to write",
                hint: "zooctl show \(ShellWord.of(model.id))", details: ["model": model.id])
        }
        let (readme, isChanged) = try local.set("sha1", to: sha1.description)
        return SetReport(path: model.path, readme: readme, key: "sha1", value: sha1.description, changed: isChanged)
    }
}
