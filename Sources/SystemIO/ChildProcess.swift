import CLinux
import Glibc
import SystemPackage

/// One run of another program: fixed arguments and environment, input given as bytes, output bounded, an end by a deadline.
///
/// The child inherits nothing but what is said here: no descriptor, no environment variable, no signal mask or disposition.
/// It leads a process group of its own, unless it is to share ours, so that a Ctrl-C meant for us does not hit it and the deadline also
/// ends what it started.
public struct ChildProcess: Sendable {
    /// A path, or a name that is looked up in this process's `PATH`.
    public var program: String
    /// Without the program's own name.
    public var arguments: [String]
    /// The whole environment.
    public var environment: [String: String]
    /// Nil: this process's own.
    public var workingDirectory: FilePath?
    /// From start to end; then the process group is killed.
    public var deadline: Duration
    /// Bytes of standard output; a program that writes more is killed.
    public var outputLimit: Int
    /// Whether it stays in our process group, so that a Ctrl-C ends it too. Then a kill hits it alone, not what it started.
    public var sharesProcessGroup = false

    /// Nothing is started yet.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String], workingDirectory: FilePath? = nil,
        deadline: Duration, outputLimit: Int
    ) {
        (self.program, self.arguments, self.environment) = (program, arguments, environment)
        (self.workingDirectory, self.deadline, self.outputLimit) = (workingDirectory, deadline, outputLimit)
    }

    /// How a program ended by itself, and what it said.
    public struct Outcome: Sendable {
        /// By itself or by a signal of somebody else.
        public let ending: Ending
        /// Standard output, whole.
        public let output: [UInt8]
        /// The first 16 KiB of standard error; for people, so bytes that are no UTF-8 are replaced.
        public let errorText: String
    }

    /// What waitpid tells.
    public enum Ending: Equatable, Sendable {
        /// With this status.
        case exited(Int32)
        /// By this signal.
        case killed(Int32)
    }

    /// Runs it and waits for its end. Blocks: call it on a ``BlockingLane``.
    /// - Parameter input: All of standard input. It is handed over before the start, so a child that does not read it does not block.
    public func run(input: [UInt8] = []) throws(ChildProcessFailure) -> Outcome {
        do {
            let standardInput = try inputFile(input)
            let output = try Pipe()
            let errors = try Pipe()
            let process = try standardInput.withRaw { number in try spawn(number, output.writeEnd, errors.writeEnd) }
            output.closeWriteEnd()
            errors.closeWriteEnd()
            return try collect(from: process, output: output.readEnd, errors: errors.readEnd)
        } catch let failure as ChildProcessFailure {
            throw failure
        } catch {
            throw .system(error as? SystemError ?? SystemError(errno: EIO, operation: "run", path: program))
        }
    }

    /// An unnamed file in memory: the child can read all of it without anybody feeding a pipe.
    private func inputFile(_ bytes: [UInt8]) throws(SystemError) -> OwnedDescriptor {
        let number = try SystemError.check(unsafe zoo_memory_file("standard-input"), "make the input of", program)
        let file = OwnedDescriptor(owning: FileDescriptor(rawValue: Int32(number)), path: "the input of \(program)")
        try file.write(bytes, at: 0)
        return file
    }

    private func spawn(_ input: Int32, _ output: Int32, _ errors: Int32) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
        unsafe zoo_spawn_close_from(&actions, 3)
        if let workingDirectory { unsafe zoo_spawn_change_directory(&actions, workingDirectory.string) }

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        let group = sharesProcessGroup ? 0 : POSIX_SPAWN_SETPGROUP
        unsafe posix_spawnattr_setflags(&attributes, Int16(group | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)

        let arguments = CStringList([program] + self.arguments)
        let environment = CStringList(self.environment.map { "\($0.key)=\($0.value)" }.sorted())
        var process: pid_t = 0
        let status = withExtendedLifetime((arguments, environment)) {
            unsafe posix_spawnp(&process, program, &actions, &attributes, arguments.pointers, environment.pointers)
        }
        switch status {
        case 0: return process
        case ENOENT: throw ChildProcessFailure.notFound
        default: throw SystemError(errno: status, operation: "start", path: program)
        }
    }

    /// Reads both outputs until the process has ended; whoever of its own children still holds the pipes is not waited for.
    private func collect(from process: pid_t, output: Int32, errors: Int32) throws -> Outcome {
        let handle: OwnedDescriptor
        do {
            let number = try SystemError.check(zoo_process_descriptor(process), "watch", program)
            handle = OwnedDescriptor(owning: FileDescriptor(rawValue: Int32(number)), path: program)
        } catch {
            kill(sharesProcessGroup ? process : -process, SIGKILL)
            _ = reap(process)
            throw error
        }
        return try handle.withRaw { try collect(from: process, watchedBy: $0, output: output, errors: errors) }
    }

    private func collect(from process: pid_t, watchedBy handle: Int32, output: Int32, errors: Int32) throws -> Outcome {
        var outputText = BoundedBytes(source: output, limit: outputLimit)
        var errorText = BoundedBytes(source: errors, limit: 16 << 10)
        let end = ContinuousClock.now + deadline
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else {
                killGroup(of: process, handle)
                throw ChildProcessFailure.deadlinePassed(deadline)
            }
            var watched = [
                pollfd(fd: outputText.isOpen ? output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errorText.isOpen ? errors : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: handle, events: Int16(POLLIN), revents: 0),
            ]
            let milliseconds = min(left / .milliseconds(1), 3_600_000).rounded(.up)
            let ready = unsafe poll(&watched, nfds_t(watched.count), Int32(milliseconds))
            if ready < 0, errno != EINTR {
                let error = systemError("poll")
                killGroup(of: process, handle)
                throw error
            }
            guard ready > 0 else { continue }
            outputText.read()
            errorText.read()
            guard !outputText.isOverLimit else {
                killGroup(of: process, handle)
                throw ChildProcessFailure.outputTooLarge(limit: outputLimit)
            }
            if watched[2].revents != 0 {
                return Outcome(
                    ending: reap(process), output: outputText.bytes, errorText: String(decoding: errorText.bytes, as: UTF8.self))
            }
        }
    }

    /// A process that SIGKILL does not end within five seconds hangs in the kernel: it is left to init rather than waited for.
    private func killGroup(of process: pid_t, _ handle: Int32) {
        kill(sharesProcessGroup ? process : -process, SIGKILL)
        var watched = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
        if unsafe poll(&watched, 1, 5_000) > 0 { _ = reap(process) }
    }

    private func reap(_ process: pid_t) -> Ending {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? .exited((status >> 8) & 0xff) : .killed(status & 0x7f)
    }

    private func systemError(_ operation: String) -> SystemError {
        SystemError(errno: errno, operation: operation, path: program)
    }
}

/// Why a program gave no outcome.
public enum ChildProcessFailure: Error, Equatable, Sendable {
    /// No such program, as named or in `PATH`.
    case notFound
    /// Killed after this time.
    case deadlinePassed(Duration)
    /// Killed, since its standard output went over the limit (bytes).
    case outputTooLarge(limit: Int)
    case system(SystemError)
}

/// A null-terminated array of C strings, as exec wants it; freed when it goes away.
@safe private final class CStringList {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        unsafe pointers = .allocate(capacity: strings.count + 1)
        count = strings.count
        for (index, string) in strings.enumerated() { unsafe pointers[index] = strdup(string) }
        unsafe pointers[count] = nil
    }

    deinit {
        for index in 0..<count { unsafe free(pointers[index]) }
        unsafe pointers.deallocate()
    }
}

/// A pipe whose read end does not block; closed when it goes away.
private final class Pipe {
    let readEnd: Int32
    private(set) var writeEnd: Int32

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try SystemError.check(unsafe zoo_pipe(&ends), "pipe", "")
        (readEnd, writeEnd) = (ends[0], ends[1])
        guard fcntl(readEnd, F_SETFL, O_NONBLOCK) == 0 else { throw SystemError(errno: errno, operation: "fcntl", path: "") }
    }

    func closeWriteEnd() {
        guard writeEnd >= 0 else { return }
        close(writeEnd)
        writeEnd = -1
    }

    deinit {
        closeWriteEnd()
        close(readEnd)
    }
}

/// What came out of a pipe so far. Bytes over the limit are read and dropped, and remembered as such.
private struct BoundedBytes {
    let source: Int32
    let limit: Int
    private(set) var bytes: [UInt8] = []
    private(set) var isOpen = true
    private(set) var isOverLimit = false

    init(source: Int32, limit: Int) { (self.source, self.limit) = (source, limit) }

    /// Takes all that is there now.
    mutating func read() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while isOpen, !isOverLimit || bytes.count < limit {
            let count = unsafe Glibc.read(source, &buffer, buffer.count)
            if count > 0 {
                let room = limit - bytes.count
                isOverLimit = isOverLimit || count > room
                bytes += buffer[..<min(count, room)]
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                isOpen = false
            } else if errno == EAGAIN {
                return
            }
        }
    }
}
