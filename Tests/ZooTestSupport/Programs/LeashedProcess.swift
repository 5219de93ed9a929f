import Foundation
import Synchronization
import SystemPackage

/// As whom a program runs.
public struct ProcessIdentity: Sendable, Hashable {
    /// The user.
    public let uid: UInt32
    /// The primary group.
    public let gid: UInt32
    /// Supplementary groups.
    public let groups: [UInt32]

    /// A user with one group unless told otherwise; the numbers need no entry in passwd or group.
    public init(uid: UInt32, gid: UInt32? = nil, groups: [UInt32] = []) {
        (self.uid, self.gid, self.groups) = (uid, gid ?? uid, groups)
    }

    fileprivate var arguments: [String] {
        let list = groups.isEmpty ? ["--clear-groups"] : ["--groups", groups.map(String.init).joined(separator: ",")]
        return ["--reuid", String(uid), "--regid", String(gid)] + list
    }
}

/// A process that dies with the test: killed when this object goes away, and by the kernel when the test process does.
public final class LeashedProcess: Sendable {
    private let process: Process
    private let ended: EndOfProcess

    /// Its process id. It stays the same across `setpriv`, which becomes the program.
    public var pid: Int32 { process.processIdentifier }
    /// False once its end was noticed.
    public var isRunning: Bool { ended.status == nil }

    /// Starts `program` (a name to be found in PATH, or a path).
    /// - Parameters:
    ///   - environment: Instead of ours.
    ///   - standardOutput: A file to append to; nil: thrown away.
    ///   - standardError: As `standardOutput`.
    public static func start(
        _ program: String, _ arguments: [String] = [], environment: [String: String]? = nil, directory: String? = nil,
        identity: ProcessIdentity? = nil, standardOutput: String? = nil, standardError: String? = nil
    ) async throws -> LeashedProcess {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/setpriv")
        process.arguments = ["--pdeathsig", "KILL"] + (identity?.arguments ?? []) + ["--", program] + arguments
        process.environment = environment ?? ProcessInfo.processInfo.environment
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (try appending(to: standardOutput), try appending(to: standardError))
        (process.standardOutput, process.standardError) = (output, errors)
        // The program has its own. Left to Foundation they stay open, and with 1,300 of them `Process.run()` reads beyond a buffer.
        defer {
            for handle in [output, errors] where handle !== FileHandle.nullDevice { try? handle.close() }
        }
        let ended = EndOfProcess()
        try await run(process, noting: ended)
        return LeashedProcess(process: process, ended: ended)
    }

    private init(process: Process, ended: EndOfProcess) {
        (self.process, self.ended) = (process, ended)
    }

    /// Returns when it was started. The death signal comes when the *thread* that started the process ends, so that thread
    /// stays until the process has ended.
    private static func run(_ process: Process, noting ended: EndOfProcess) async throws {
        try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
            let thread = Thread {
                let over = DispatchSemaphore(value: 0)
                process.terminationHandler = { _ in over.signal() }
                do {
                    try process.run()
                } catch {
                    started.resume(throwing: error)
                    return
                }
                started.resume()
                over.wait()
                ended.finish(process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus)
            }
            thread.start()
        }
    }

    /// Waits for its end; kills it when `limit` has passed.
    /// - Returns: The exit status, or 128 and the signal's number.
    public func exitStatus(within limit: Duration) async throws -> Int32 {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let status = ended.status { return status }
            try await Task.sleep(for: .milliseconds(2))
        }
        kill9()
        throw StillRunning(pid: pid, limit: limit)
    }

    /// Sends a signal; nothing happens when it has ended.
    public func send(_ signal: Int32) {
        if isRunning { kill(pid, signal) }
    }

    /// SIGKILL.
    public func kill9() { send(SIGKILL) }

    deinit { kill9() }

    private static func appending(to path: String?) throws -> FileHandle {
        guard let path else { return .nullDevice }
        let descriptor = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .append, .closeOnExec], permissions: [.ownerReadWrite, .groupRead, .otherRead])
        return FileHandle(fileDescriptor: descriptor.rawValue, closeOnDealloc: true)
    }
}

/// A process outlived the time it was given.
public struct StillRunning: Error {
    /// Its process id.
    public let pid: Int32
    /// The time it was given.
    public let limit: Duration
}

private final class EndOfProcess: Sendable {
    private let value = Mutex<Int32?>(nil)
    var status: Int32? { value.withLock { $0 } }
    func finish(_ status: Int32) { value.withLock { $0 = status } }
}
