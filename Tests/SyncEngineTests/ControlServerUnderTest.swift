import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import SystemIO
import SystemPackage
import Testing
import ZooTestSupport

@testable import SyncEngine

/// A real control server on a socket of its own, for the length of a test.
final class ControlServerUnderTest: Sendable {
    /// A directory that other users may pass through.
    let directory: FilePath
    let socket: FilePath
    private let group: ServiceGroup
    private let calls: Calls

    /// What the server told of changing calls, in order.
    var audits: [ControlAudit] { calls.audits.withLock { $0 } }

    /// The group that makes operators in tests; it needs no entry in /etc/group.
    static let operatorGroup: UInt32 = 65500
    static let gate = PeerGate(RoleConfiguration(), ownUser: 0) { $0 == "zood-admin" ? operatorGroup : nil }

    private final class Calls: Sendable {
        let audits = Mutex<[ControlAudit]>([])
        let running = Mutex<Task<Void, any Error>?>(nil)
    }

    private init(directory: FilePath, socket: FilePath, group: ServiceGroup, calls: Calls) {
        (self.directory, self.socket, self.group, self.calls) = (directory, socket, group, calls)
    }

    /// Runs `body` against a server; afterwards the server is stopped as a whole process would be.
    static func run<Outcome>(
        _ routes: [Route], limits: ControlLimits = ControlLimits(), endpoint: ((FilePath) async throws -> ControlServer.Endpoint)? = nil,
        _ body: (ControlServerUnderTest) async throws -> Outcome
    ) async throws -> Outcome {
        let directory = try makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory.string) }
        let socket = directory.appending("run/zood.sock")
        let calls = Calls()
        let (listening, isListening) = AsyncStream<Void>.makeStream()
        var logger = Logger(label: "control-test")
        logger.logLevel = .critical
        let server = ControlServer(
            try await endpoint?(socket) ?? .path(socket), routes: routes, limits: limits, logger: logger, gate: { gate },
            audit: { audit in calls.audits.withLock { $0.append(audit) } }, onListening: { isListening.yield() })
        let group = ServiceGroup(services: [server], logger: logger)
        let running = Task {
            defer { isListening.finish() }
            try await group.run()
        }
        calls.running.withLock { $0 = running }
        for await _ in listening { break }
        do {
            let outcome = try await body(ControlServerUnderTest(directory: directory, socket: socket, group: group, calls: calls))
            await group.triggerGracefulShutdown()
            try await running.value
            return outcome
        } catch {
            await group.triggerGracefulShutdown()
            try await running.value
            throw error
        }
    }

    /// Cuts everything, as the end of a process that waits no longer does.
    func cancel() { calls.running.withLock { $0?.cancel() } }

    /// As SIGTERM does.
    func stop() async { await group.triggerGracefulShutdown() }

    static func makeDirectory() throws -> FilePath {
        let directory = FilePath("/tmp/zood-control-\(UUID().uuidString.prefix(13))")
        try FileManager.default.createDirectory(
            atPath: directory.string, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        return directory
    }

    /// An answer as curl saw it.
    struct Answer {
        let exitStatus: Int32
        let status: Int
        let headers: String
        let body: String

        func json() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        }

        /// `error.code` of an error document.
        var code: String? { ((try? json())?["error"] as? [String: Any])?["code"] as? String }
    }

    /// Asks by curl, as another user if need be.
    func curl(_ target: String, _ arguments: [String] = [], as identity: ProcessIdentity? = nil) async throws -> Answer {
        let result = try await ProgramRun.run(
            "curl",
            ["--silent", "--show-error", "--unix-socket", socket.string, "--dump-header", "-", "--max-time", "30"] + arguments + [
                "http://zood" + target
            ],
            identity: identity)
        let (headers, body) = Self.split(result.standardOutput)
        let status = headers.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(exitStatus: result.status, status: status, headers: headers.lowercased(), body: body)
    }

    private static func split(_ text: String) -> (headers: String, body: String) {
        var rest = Substring(text)
        var headers = Substring()
        // 100 Continue comes before the answer's own header.
        repeat {
            guard let end = rest.firstRange(of: "\r\n\r\n") else { return (String(rest), "") }
            headers = rest[..<end.lowerBound]
            rest = rest[end.upperBound...]
        } while headers.hasPrefix("HTTP/1.1 100")
        return (String(headers), String(rest))
    }
}
