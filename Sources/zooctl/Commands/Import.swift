import ArgumentParser
import ControlProtocol
import FoundationEssentials
import ModelInfo
import SystemIO

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take a binary from disk, if its checksum fits.",
        discussion: """
            FILE is read as you and its bytes are sent, so that zood need not be able to read it; '-' is standard input. The file gets its \
            place only when its checksum is one that the readme names; else nothing is changed, and it ends with 7. What is missing, \
            corrupt or outdated gets it; a file that somebody changed is left as it is. FILE itself stays where it is. What comes by a \
            pipe is kept in $TMPDIR (else /var/tmp) until it is whole, and no more of it than binaries.max_size allows.
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @Argument(help: ArgumentHelp("The file, or '-'.", valueName: "file"))
    var file: String
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Which of the model's binaries it is; without it, the one whose checksum fits.", valueName: "name"))
    var name: String?
    @Flag(help: "Also where the readme names no checksum: what comes is what the file is compared with from then on.")
    var unverified = false
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        do { try await send() } catch var error as ControlError {
            // What is wrong with the bytes is told of what the person named.
            if error.code == .verificationFailed || error.code == .blocked, !error.message.contains(file) {
                error.message = "\(file == "-" ? "standard input" : file): \(error.message)"
            }
            throw error
        }
    }

    private func send() async throws {
        let client = global.client
        let id = try await client.send(about: model) { .model($0) }.model.id
        let interruption = Interruption("a file that did not come whole is not imported", hint: "zooctl show \(ShellWord.of(id))")
        defer { interruption.forget() }
        let title = "import \(id)"
        let (began, isTerminal) = (ContinuousClock.now, Terminal.isOne(.standardError))
        var line = ProgressLine(isTerminal: isTerminal, secondsBetweenLines: JobWaiter.secondsBetweenLines)
        defer { line.clear() }
        // Of what ends at once a log needs no beginning.
        func isWorthTelling() -> Bool { isTerminal || ContinuousClock.now - began >= .seconds(JobWaiter.secondsBetweenLines) }
        let source = try await UploadSource.open(
            file,
            limit: { () throws(ControlError) in
                try await client.send(.importTerms(id, as: name, unverified: unverified)).maximumByteCount
            },
            onSpooled: { if isWorthTelling() { line.show(["\(title): \(Units.bytes($0)) read"]) } })
        var (sent, meter): (Int64, RateMeter) = (0, RateMeter())
        let report = try await client.upload(
            .importBinary(id, as: name, unverified: unverified), byteCount: source.byteCount
        ) { () throws(ControlError) in
            meter.count(sent)
            let progress = TransferProgress(doneBytes: sent, totalBytes: source.byteCount, bytesPerSecond: meter.bytesPerSecond)
            if isWorthTelling() { line.show(ProgressText(progress).forms(title)) }
            let piece = try await source.piece(at: sent)
            sent += Int64(piece?.count ?? 0)
            return piece
        }
        line.clear()
        try global.output.print(report) { "\(Self.text($0))\n" }
    }

    private static func text(_ report: ImportReport) -> String {
        let file = "\(printable(report.model)): \(printable(report.file))"
        if report.wasThere { return "\(file) is there already" }
        return "\(file) imported, \(Units.bytes(report.byteCount)), \(report.isVerified ? "verified" : "and its digest recorded")"
    }
}
