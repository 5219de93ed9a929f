import ArgumentParser
import ControlProtocol
import FoundationEssentials
import Glibc
import Logging
import SyncEngine
import SystemIO
import SystemPackage
import Systemd

@main
enum Program {
    static func main() async {
        MemoryArenas.useOne()
        SharedThreads.install()
        await Zood.main()
    }
}

/// Parses the command line, builds one engine and runs it.
struct Zood: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zood",
        abstract: "Keep models folders in sync: publish readmes as gists, fetch, verify and repair binaries.",
        discussion:
            "Flags beat ZOOD_* variables, which beat the configuration file, which beats the defaults. Talk to a running zood by zooctl.",
        version: "zood \(ProjectVersion.current)")

    @Option(help: ArgumentHelp("Read this configuration file.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Serve this models folder; may be given several times.", valueName: "dir"))
    var zoo: [String] = []

    @Option(help: ArgumentHelp("Keep the state here.", valueName: "dir"))
    var state: String?

    @Option(help: ArgumentHelp("The socket for zooctl.", valueName: "path"))
    var socket: String?

    @Flag(help: "Check the configuration, say what is wrong, and exit.")
    var check = false

    @Flag(help: "Run until every model is settled, print the outcome, and exit.")
    var once = false

    @Flag(name: .shortAndLong, help: "Log more.")
    var verbose = false

    func run() async throws {
        let logger = Self.logger(isVerbose: verbose)
        do {
            let source = try source()
            let loaded = try source.load()
            for notice in loaded.notices { logger.notice("\(notice)") }
            if check { return print("the configuration is good: \(loaded.file?.string ?? "no file, defaults only")") }
            let engine = try await Engine(loaded, source: source, environment: ProcessInfo.processInfo.environment, logger: logger)
            if once { throw ExitCode(Outcome(await engine.runOnce()).exitStatus) }
            try await engine.run()
        } catch let failure as ConfigurationFailure {
            Self.complain("\(failure)")
            throw ExitCode(2)
        } catch let problem as StartProblem {
            Self.complain("zood: \(problem)" + (problem.hint.map { "\nhint: \($0)" } ?? ""))
            throw ExitCode(1)
        } catch let exit as ExitCode {
            throw exit
        } catch {
            Self.complain("zood: \(error)")
            throw ExitCode(1)
        }
    }

    private func source() throws -> ConfigurationSource {
        var flags = ConfigurationSource.Flags()
        (flags.configuration, flags.zoos, flags.state, flags.socket) = (config, zoo, state, socket)
        return ConfigurationSource(
            flags: flags, environment: ProcessInfo.processInfo.environment, userID: geteuid(), processID: getpid(),
            workingDirectory: FilePath(FileManager.default.currentDirectoryPath))
    }

    private static func complain(_ text: String) { _ = try? FileDescriptor.standardError.writeAll(Array((text + "\n").utf8)) }

    private static func logger(isVerbose: Bool) -> Logger {
        let level: Logger.Level = isVerbose ? .debug : .info
        return Logger(label: "zood") { _ in
            if JournalLogHandler.isStandardErrorTheJournal { return JournalLogHandler(logLevel: level) }
            return StandardErrorLogHandler(logLevel: level)
        }
    }
}
