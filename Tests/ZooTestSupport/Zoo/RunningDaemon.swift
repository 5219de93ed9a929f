import ControlProtocol
import Foundation
import SystemPackage

/// The real zood process on a ``TemporaryZoo``. It dies with this object, and with the test process.
public final class RunningDaemon: Sendable {
    /// What it works on.
    public let zoo: TemporaryZoo
    /// Asks it over its socket.
    public let client: ControlClient
    private let process: LeashedProcess
    private let logStart: Int

    /// Its process id.
    public var pid: Int32 { process.pid }
    /// False once its end was noticed.
    public var isRunning: Bool { process.isRunning }

    /// Starts it, and waits until its socket answers `GET /v1/status`.
    /// - Parameters:
    ///   - arguments: On top of `--config`, `--state` and `--socket`.
    ///   - environment: On top of a bare one.
    ///   - crashAt: `NAME` or `NAME:N` of the crash point where it kills itself.
    ///   - identity: As whom it runs; nil: as we do.
    ///   - limit: For the first answer. Zero does not wait for it: the daemon may die on its way there.
    /// - Throws: ``DaemonEnded`` when it ends before it answers, ``NotInTime`` when it does neither.
    public static func start(
        in zoo: TemporaryZoo, arguments: [String] = [], environment: [String: String] = [:], crashAt: String? = nil,
        identity: ProcessIdentity? = nil, within limit: Duration = .seconds(30)
    ) async throws -> RunningDaemon {
        try await start(
            zoo.program("zood", for: identity), in: zoo, arguments: arguments, environment: environment, crashAt: crashAt,
            identity: identity, within: limit)
    }

    /// As above, with another program in place of zood.
    static func start(
        _ program: String, in zoo: TemporaryZoo, arguments: [String] = [], environment: [String: String] = [:], crashAt: String? = nil,
        identity: ProcessIdentity? = nil, within limit: Duration = .seconds(30)
    ) async throws -> RunningDaemon {
        var variables = bareEnvironment(of: zoo)
        variables["ZOOD_CRASH_AT"] = crashAt
        variables.merge(environment) { $1 }
        let places = ["--config", zoo.configuration.string, "--state", zoo.state.string, "--socket", zoo.socket.string]
        let logStart = (try? Data(contentsOf: URL(filePath: zoo.log.string)).count) ?? 0
        let process = try await LeashedProcess.start(
            program, places + arguments, environment: variables, directory: zoo.directory.string, identity: identity,
            standardOutput: zoo.log.string, standardError: zoo.log.string)
        let daemon = RunningDaemon(zoo: zoo, process: process, logStart: logStart)
        if limit > .zero { try await daemon.waitForAnswer(within: limit) }
        return daemon
    }

    private init(zoo: TemporaryZoo, process: LeashedProcess, logStart: Int) {
        (self.zoo, self.process, self.logStart) = (zoo, process, logStart)
        client = ControlClient(SocketPlaces(named: zoo.socket.string, environment: [:]))
    }

    /// What it wrote to standard error and output so far.
    public var log: String {
        let bytes = (try? Data(contentsOf: URL(filePath: zoo.log.string))) ?? Data()
        return String(decoding: bytes.dropFirst(logStart), as: UTF8.self)
    }

    private func waitForAnswer(within limit: Duration) async throws {
        try await eventually("zood answers on \(zoo.socket)", within: limit) {
            guard process.isRunning else {
                throw DaemonEnded(status: try await process.exitStatus(within: .seconds(1)), log: log)
            }
            guard let answer = try? await client.exchange("GET", "/v1/status", deadline: .seconds(5)) else { return false }
            return answer.status == 200
        }
    }

    // MARK: Asking

    /// `GET /v1/status`.
    public func status() async throws -> StatusReport { try await client.send(.status) }

    /// One model of the status; nil when zood does not know it.
    public func model(_ id: String) async throws -> ModelStatus? { try await status().models.first { $0.id == id } }

    /// Waits until a model's status is as wanted, and gives it.
    @discardableResult
    public func waitForModel(
        _ id: String, _ expectation: String, within limit: Duration = .seconds(20), until isWanted: (ModelStatus) -> Bool
    ) async throws -> ModelStatus {
        try await wait(for: id, expectation, within: limit) { isWanted($0) ? $0 : nil }
    }

    /// Waits until a model's status gives a value. When it does not in time, the failure says how the model stands then, and what the
    /// daemon wrote last.
    public func wait<Value>(
        for id: String, _ expectation: String, within limit: Duration, value: (ModelStatus) throws -> Value?
    ) async throws -> Value {
        do {
            return try await eventually("\(id) \(expectation)", within: limit) { try await model(id).flatMap(value) }
        } catch var failure as NotInTime {
            let status = (try? await model(id)).map { "\($0)" } ?? "unknown"
            failure.situation = "\(id): \(status)\nthe log ends in:\n\(log.suffix(4000))"
            throw failure
        }
    }

    /// Runs zooctl against it and waits for its end.
    /// - Parameters:
    ///   - identity: As whom; nil: as we do.
    ///   - crashAt: `NAME` or `NAME:N` of the crash point where it kills itself.
    public func zooctl(
        _ arguments: String..., identity: ProcessIdentity? = nil, crashAt: String? = nil, within limit: Duration = .seconds(60)
    ) async throws -> ProgramResult {
        try await zooctl(arguments, identity: identity, crashAt: crashAt, within: limit)
    }

    /// As above.
    public func zooctl(
        _ arguments: [String], identity: ProcessIdentity? = nil, crashAt: String? = nil, within limit: Duration = .seconds(60)
    ) async throws -> ProgramResult {
        var environment = Self.bareEnvironment(of: zoo)
        environment["ZOOD_CRASH_AT"] = crashAt
        return try await ProgramRun.run(
            zoo.program("zooctl", for: identity), arguments, environment: environment, directory: zoo.zoo.string,
            identity: identity, limit: limit)
    }

    // MARK: Ending

    /// SIGKILL, and waits for the end.
    public func kill9() async throws {
        process.kill9()
        _ = try await process.exitStatus(within: .seconds(10))
    }

    /// SIGTERM, and waits for the end.
    /// - Returns: The exit status, and how long it took.
    public func terminate(within limit: Duration = .seconds(10)) async throws -> (status: Int32, duration: Duration) {
        let start = ContinuousClock.now
        process.send(SIGTERM)
        let status = try await process.exitStatus(within: limit)
        return (status, ContinuousClock.now - start)
    }

    /// Sends a signal, e.g. `SIGHUP`.
    public func send(_ signal: Int32) { process.send(signal) }

    /// Waits until it ends by itself, e.g. at a crash point (137).
    public func exitStatus(within limit: Duration = .seconds(30)) async throws -> Int32 {
        try await process.exitStatus(within: limit)
    }

    /// No systemd, no home of ours: what a test depends on is said in the test.
    private static func bareEnvironment(of zoo: TemporaryZoo) -> [String: String] {
        let kept = ["PATH", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE", "ASAN_OPTIONS", "TSAN_OPTIONS"]
        var environment = ProcessInfo.processInfo.environment.filter { kept.contains($0.key) }
        environment["HOME"] = zoo.directory.string
        environment["ZOOD_SOCKET"] = zoo.socket.string
        environment["SWIFT_BACKTRACE"] = "enable=no"
        return environment
    }
}

/// zood ended before it answered.
public struct DaemonEnded: Error, CustomStringConvertible {
    /// Its exit status, or 128 and a signal's number.
    public let status: Int32
    /// What it wrote.
    public let log: String

    /// For people.
    public var description: String { "zood ended with \(status): \(log)" }
}
