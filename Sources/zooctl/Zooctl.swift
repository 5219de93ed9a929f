import ArgumentParser
import ControlProtocol
import Glibc
import ModelInfo

/// The command line: what it is called, what it can do, and how an error becomes an exit code.
@main
struct Zooctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zooctl",
        abstract: "Look at a zoo of models that zood keeps, and tell zood what to do.",
        discussion: """
            MODEL is an id as 'zooctl status' shows it, ZOO:ID where several zoos hold the same id, or a directory: \
            '.' or a path that begins with '/' or './'.
            """,
        version: "zooctl \(ProjectVersion.current)",
        groupedSubcommands: [
            CommandGroup(name: "Look:", subcommands: [Status.self, Show.self, Plan.self, Events.self, Log.self, Diff.self, Trash.self]),
            CommandGroup(
                name: "Do:",
                subcommands: [
                    Sync.self, Publish.self, Unpublish.self, Add.self, Forget.self, Pull.self, Resolve.self, Rollback.self, Fetch.self,
                    Verify.self, Repair.self, Import.self,
                ]),
            CommandGroup(name: "Jobs:", subcommands: [Jobs.self, Wait.self, Cancel.self]),
            CommandGroup(name: "Without zood:", subcommands: [Lint.self, Set.self, New.self, Catalog.self]),
            CommandGroup(name: "The daemon:", subcommands: [Doctor.self, GC.self, Reload.self, Limit.self, API.self, Version.self]),
        ])

    static func main() {
        ClientProgram.run {
            do {
                try await run()
                endProgram(0)
            } catch {
                end(with: error)
            }
        }
    }

    private static func run() async throws {
        var command = try parseAsRoot()
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    }

    private static func end(with error: any Error) -> Never {
        switch error {
        case let outcome as Outcome: endProgram(outcome.code)
        case let error as ControlError:
            Output.complain(error)
            endProgram(error.code.exitStatus.rawValue)
        default:
            if let unknown = unknownCommand {
                Output.complain(unknown)
                endProgram(unknown.code.exitStatus.rawValue)
            }
            let text = fullMessage(for: error)
            guard exitCode(for: error).isSuccess else {
                Output.standardError(text.hasPrefix("Error: ") ? "zooctl: " + text.dropFirst(7) + "\n" : text + "\n")
                endProgram(ExitStatus.usage.rawValue)
            }
            Output.standardOutput(text + "\n")
            endProgram(0)
        }
    }

    /// What to say when the first word is no command; nil when it is one.
    private static var unknownCommand: ControlError? {
        var words = CommandLine.arguments.dropFirst()
        if words.first == "help" { words.removeFirst() }
        guard let word = words.first, !word.hasPrefix("-"), word != "help" else { return nil }
        let names = configuration.subcommands.compactMap { $0.configuration.commandName ?? "\($0)".lowercased() }
        guard !names.contains(word) else { return nil }
        let meant = Spelling.nearest(to: word, among: names)
        return ControlError(
            .usage, "there is no command '\(word)'", hint: meant.map { "did you mean 'zooctl \($0)'?" } ?? "zooctl --help lists them")
    }
}

/// Ends the program with a code; everything that is to be said has been said.
struct Outcome: Error {
    let code: Int32

    init(status: ExitStatus) { code = status.rawValue }
    /// - Parameter code: Of another convention than ``ExitStatus``.
    init(code: Int32) { self.code = code }
}

/// `exit`, which inside a command means another one.
func endProgram(_ code: Int32) -> Never { exit(code) }
