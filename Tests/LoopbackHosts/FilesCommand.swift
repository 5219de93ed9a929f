import ArgumentParser
import SystemPackage
import ZooTestSupport

/// `loopback-hosts files`: serves a directory and generated files.
struct FilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "Serve files on 127.0.0.1, with ranges.",
        discussion: "Prints the address when ready and runs until SIGTERM.")

    @Argument(help: "A directory whose files are served, at any depth, as they are when asked for.")
    var directory: String?

    @Option(help: "A file to compute: NAME:SIZE:SEED, e.g. big.caffemodel:200MiB:7. May be given again.")
    var generate: [GeneratedFile] = []

    @Option(help: "The rate of each answer, e.g. 20MiB/s.")
    var rate: ByteSize?

    @OptionGroup var serving: ServingOptions

    func validate() throws {
        guard directory != nil || !generate.isEmpty else { throw ValidationError("Name a directory, or a file with --generate.") }
    }

    func run() async throws {
        let host = try await LoopbackFileHost.start(port: serving.port)
        host.limit(bytesPerSecond: rate?.byteCount)
        if let directory { host.serve(directory: FilePath(directory)) }
        for file in generate { host.serve(.generated(seed: file.seed, byteCount: file.byteCount), at: file.name) }
        try serving.announce(host.origin, port: host.port)
        await untilToldToStop()
        await host.stop()
    }
}
