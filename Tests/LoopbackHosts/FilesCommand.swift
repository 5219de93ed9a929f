import ArgumentParser
import Foundation
import SystemPackage
import ZooTestSupport

/// `loopback-hosts files`: serves a directory and generated files.
struct FilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "Serve files on 127.0.0.1, with ranges.",
        discussion: "Prints the address when ready and runs until SIGTERM.")

    @Argument(help: "A directory whose files are served, at any depth.")
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
        if let directory { try serveDirectory(directory, on: host) }
        for file in generate { host.serve(.generated(seed: file.seed, byteCount: file.byteCount), at: file.name) }
        try serving.announce(host.origin, port: host.port)
        await untilToldToStop()
        await host.stop()
    }

    /// The files that are there now; later ones are not seen.
    private func serveDirectory(_ directory: String, on host: LoopbackFileHost) throws {
        let root = FilePath(directory)
        guard let names = FileManager.default.enumerator(atPath: directory) else {
            throw ValidationError("\(directory): no such directory.")
        }
        while let name = names.nextObject() as? String {
            let path = root.appending(name)
            guard try FileManager.default.attributesOfItem(atPath: path.string)[.type] as? FileAttributeType == .typeRegular else {
                continue
            }
            host.serve(.file(path), at: name)
        }
    }
}
