import ControlProtocol
import Foundation
import GRDB
import SystemPackage
import Testing
import ZooTestSupport

/// One of two zoods that share gists: its zoo, and the process as often as it was started.
final class ZoodSide {
    let name: String
    let zoo: TemporaryZoo
    private(set) var daemon: RunningDaemon?
    private(set) var kills = 0
    private(set) var crashes = 0
    /// Before this step it stays down.
    private var downUntil = 0
    private var isArmed = false

    init(_ name: String, github: LoopbackGitHub) throws {
        (self.name, zoo) = (name, try TemporaryZoo())
        let token = zoo.directory.appending("token").string
        try Data("\(GistGitHubScene.token)\n".utf8).write(to: URL(filePath: token))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token)
        try zoo.configure([
            "gists":
                "{ host: github, create: automatic, new_files: automatic, poll: 1s, api_url: '\(github.apiURL)', token_file: \(token) }",
            "network": "{ contact: \(name) }",
        ])
    }

    /// Points that work on gists in both directions passes again and again.
    static let crashPoints = [
        "api.sending", "api.answered", "gist.before-update", "gist.updated", "gist.update-recorded", "pull.read", "pull.before-record",
        "pull.recorded", "files.kept", "files.written", "version.kept", "edit.staged", "edit.exchanged", "edit.compared", "edit.removed",
        "edit.synced", "create.staged", "create.renamed", "create.synced",
    ]

    func start() async throws {
        isArmed = false
        daemon = try await RunningDaemon.start(in: zoo)
    }

    /// Starts it again when its time has come, maybe to kill itself at some point on its way.
    func goOn(at step: Int, by chance: inout SeededGenerator) async throws {
        if let daemon, !daemon.isRunning {
            let status = try await daemon.exitStatus()
            guard isArmed, status == 137 else {
                throw EndedByItself(side: name, status: status, log: String(daemon.log.suffix(4000)))
            }
            crashes += 1
            (self.daemon, downUntil) = (nil, step + chance.number(0...3))
        }
        guard daemon == nil, step >= downUntil else { return }
        guard chance.happens(percent: 40) else { return try await start() }
        let point = "\(Self.crashPoints.one(by: &chance)):\(chance.number(1...3))"
        isArmed = true
        daemon = try await RunningDaemon.start(in: zoo, crashAt: point, within: .zero)
    }

    /// - Returns: Whether it ran.
    func kill9(at step: Int, by chance: inout SeededGenerator) async throws -> Bool {
        guard let daemon, daemon.isRunning else { return false }
        try await daemon.kill9()
        kills += 1
        (self.daemon, downUntil) = (nil, step + chance.number(0...3))
        return true
    }

    /// From now on it does not kill itself any more, and what it waits for after failures is tried anew.
    func calmDown() async throws {
        if let daemon, daemon.isRunning {
            if isArmed { try await daemon.kill9() } else { #expect(try await daemon.terminate(within: .seconds(30)).status == 0) }
        }
        try await start()
    }

    /// Whether its state says that the host is not to be asked now.
    var remembersLimit: Bool {
        get throws {
            let sql = "SELECT json_extract(value, '$.until') FROM setting WHERE key = 'hostClosed'"
            let until = try database { try Double.fetchOne($0, sql: sql) }
            return until.map { Date(timeIntervalSinceReferenceDate: $0) > Date() } ?? false
        }
    }

    /// Serials of all lines in kept versions.
    func keptSerials() throws -> Set<Int> {
        try database { db in
            try Data.fetchAll(db, sql: "SELECT bytes FROM content").reduce(into: []) { $0.formUnion(SavedLines.serials(in: Array($1))) }
        }
    }

    private func database<Value>(_ read: (Database) throws -> Value) throws -> Value {
        try DatabaseQueue(path: zoo.state.appending("zood.sqlite").string).read(read)
    }

    /// Runs `body`, in which somebody reads a file and saves it, while zood stands still wherever it is, in the middle of writing that file
    /// perhaps: what an editor read is not replaced behind its back. Otherwise it would save over what just came, as people then do.
    func whileItStands<R>(_ body: () throws -> R) rethrows -> R {
        guard let daemon, daemon.isRunning else { return try body() }
        daemon.send(SIGSTOP)
        defer { daemon.send(SIGCONT) }
        return try body()
    }

    // Files.

    func fileNames(of model: String) throws -> Set<String> {
        guard FileManager.default.fileExists(atPath: zoo.path(model).string) else { return [] }
        return try zoo.names(in: model)
    }

    func files(of model: String) throws -> [String: [UInt8]] {
        try fileNames(of: model).reduce(into: [:]) { files, name in files[name] = try zoo.bytes(of: "\(model)/\(name)") }
    }

    // What it is asked.

    /// Looks at the gist now. Without effect while it is down.
    func pull(_ model: String) async {
        guard let daemon, daemon.isRunning else { return }
        _ = try? await daemon.client.exchange("POST", "/v1/models/\(model)/pull", body: Array("{}".utf8), deadline: .seconds(5))
    }
}

/// A zood ended that nobody killed.
struct EndedByItself: Error, CustomStringConvertible {
    let side: String
    let status: Int32
    let log: String

    var description: String { "\(side) ended by itself with \(status): \(log)" }
}
