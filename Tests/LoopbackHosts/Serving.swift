import ArgumentParser
import Dispatch
import Foundation

/// What both subcommands share.
struct ServingOptions: ParsableArguments {
    @Option(help: "The port; 0 means any free one.")
    var port = 0

    @Option(help: "A file that the port number is written to once the server answers.")
    var portFile: String?

    /// Says that the server is there: one line on standard output at once, and the port file by a rename.
    func announce(_ url: String, port: Int) throws {
        try say(url)
        if let portFile { try Data("\(port)\n".utf8).write(to: URL(filePath: portFile), options: .atomic) }
    }
}

/// Writes a line to standard output at once, also where that is a pipe.
func say(_ line: String) throws { try FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8)) }

/// Returns at the first SIGTERM or SIGINT.
func untilToldToStop() async {
    let (told, tell) = AsyncStream<Void>.makeStream()
    let sources = [SIGTERM, SIGINT].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number)
        source.setEventHandler { tell.yield() }
        source.resume()
        return source
    }
    for await _ in told { break }
    for source in sources { source.cancel() }
}
