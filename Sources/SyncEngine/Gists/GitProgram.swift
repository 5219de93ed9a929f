import SystemIO
import SystemPackage

/// The `git` program, run so that nothing but its arguments and one repository decides what it does.
///
/// No configuration of the system or of a user, no hook, no prompt, no inherited `GIT_*` variable, a fixed author, and only
/// the protocols that are named. What zood writes with it is on the disk when it ends (`core.fsync=all`).
struct GitProgram: Sendable {
    /// A path, or a name that is looked up in `PATH`.
    var program = "git"
    /// From start to end of one run.
    var deadline = Duration.seconds(20)
    /// What `git` may fetch or push by, e.g. `https`. None for repositories on this machine.
    var allowedProtocols: [String] = []
    /// Settings beside those that are always the same. They travel in the environment: a proxy's URL may hold a password.
    var configuration: [String: String] = [:]
    /// Bytes of each file that it may write; nil: no bound.
    var largestFileByteCount: Int?

    /// Runs `git` on one repository and returns what it wrote to standard output. Blocks: call it on a `BlockingLane`.
    /// - Parameters:
    ///   - repository: The bare repository; nil for what needs none.
    ///   - others: Repositories whose objects are found beside its own.
    ///   - directory: Where it runs; no repository is looked for above. Nil: anywhere.
    ///   - statuses: What it may end with.
    ///   - outputLimit: Bytes.
    func run(
        _ arguments: [String], in repository: FilePath? = nil, withObjectsOf others: [FilePath] = [], at directory: FilePath? = nil,
        accepting statuses: Set<Int32> = [0], input: [UInt8] = [],
        outputLimit: Int = 1 << 20
    ) throws(GitProgramFailure) -> [UInt8] {
        let settings = [
            "core.hooksPath=/dev/null", "core.fsync=all", "gc.auto=0",
            // One pack a commit takes half the time of loose objects, which a second program would write.
            "fastimport.unpackLimit=1",
        ]
        var command = [program] + settings.flatMap { ["-c", $0] } + arguments
        if let largestFileByteCount {
            // In the shell's blocks of 512 bytes.
            command = ["sh", "-c", "ulimit -f \((largestFileByteCount + 511) / 512) && exec \"$0\" \"$@\""] + command
        }
        var variables = environment(repository, others)
        variables["GIT_CEILING_DIRECTORIES"] = directory?.removingLastComponent().string
        let child = ChildProcess(
            command[0], Array(command.dropFirst()), environment: variables, workingDirectory: directory, deadline: deadline,
            outputLimit: outputLimit)
        let outcome: ChildProcess.Outcome
        do throws(ChildProcessFailure) { outcome = try child.run(input: input) } catch {
            throw .noOutcome(error)
        }
        // What the shell says of a program that is not there.
        if largestFileByteCount != nil, outcome.ending == .exited(127) { throw .noOutcome(.notFound) }
        guard case .exited(let status) = outcome.ending, statuses.contains(status) else {
            throw .failed(outcome.ending, said: outcome.errorText)
        }
        return outcome.output
    }

    private func environment(_ repository: FilePath?, _ others: [FilePath]) -> [String: String] {
        var variables = [
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": "/nonexistent",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": allowedProtocols.joined(separator: ":"),
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_AUTHOR_NAME": Self.authorName,
            "GIT_AUTHOR_EMAIL": Self.authorMail,
            "GIT_COMMITTER_NAME": Self.authorName,
            "GIT_COMMITTER_EMAIL": Self.authorMail,
        ]
        variables["GIT_CONFIG_COUNT"] = String(configuration.count)
        for (index, (key, value)) in configuration.sorted(by: { $0.key < $1.key }).enumerated() {
            variables["GIT_CONFIG_KEY_\(index)"] = key
            variables["GIT_CONFIG_VALUE_\(index)"] = value
        }
        variables["GIT_DIR"] = repository?.string
        if !others.isEmpty {
            // In quotes, since a path may hold the colon that separates them.
            variables["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = others.map { FastImportStream.quoted($0.appending("objects").string) }
                .joined(separator: ":")
        }
        return variables
    }

    /// Who the revisions made by zood are by.
    static let authorName = "zood"
    static let authorMail = "zood@localhost"
}

/// Why a run of `git` did not do what was asked.
enum GitProgramFailure: Error, Equatable {
    /// It could not be started, was stopped, or wrote too much.
    case noOutcome(ChildProcessFailure)
    /// It ended with a status other than 0.
    case failed(ChildProcess.Ending, said: String)
}

extension GitProgramFailure: CustomStringConvertible {
    /// One sentence, with what helps where something does.
    var description: String {
        switch self {
        case .noOutcome(.notFound): "the program 'git' is not installed; install it: apt install git"
        case .noOutcome(.deadlinePassed(let deadline)): "git did not end within \(deadline) and was stopped"
        case .noOutcome(.outputTooLarge(let limit)): "git gave more than \(limit) bytes"
        case .noOutcome(.system(let error)): "git could not be run: \(error)"
        case .failed(.exited(let status), let said): "git ended with status \(status): \(Self.oneLine(said))"
        case .failed(.killed(let signal), let said): "git was ended by signal \(signal): \(Self.oneLine(said))"
        }
    }

    /// The first lines of what git said, short enough for a status line.
    private static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).prefix(3).joined(separator: "; ")
        return line.isEmpty ? "it did not say why" : String(line.prefix(300))
    }
}
