import ControlProtocol
import Foundation
import SystemPackage
import Testing

@testable import ZooTestSupport

extension TemporaryZoo {
    /// Runs zood with this zoo's places to its end, e.g. with `--check`.
    func zood(_ arguments: String..., identity: ProcessIdentity? = nil, within limit: Duration = .seconds(60)) async throws -> ProgramResult
    {
        let places = ["--config", configuration.string, "--state", state.string, "--socket", socket.string]
        return try await ProgramRun.run(
            BuildProducts.path(of: "zood"), places + arguments,
            environment: ["PATH": "/usr/bin:/bin", "HOME": directory.string, "SWIFT_BACKTRACE": "enable=no"], directory: directory.string,
            identity: identity, limit: limit)
    }

    /// Writes a program that stands in for zood, is given zood's arguments and becomes zood in the end.
    func launcher(_ text: String) throws -> String {
        let path = directory.appending("launcher-\(UUID().uuidString.prefix(8))").string
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    /// Whether something has this name, a dangling link and a socket included.
    func exists(_ path: FilePath) -> Bool { (try? FileManager.default.attributesOfItem(atPath: path.string)) != nil }

    /// Runs a shell with the zoo as its working directory.
    func shell(_ script: String) async throws { try await ProgramRun.succeed("bash", ["-euc", script], directory: zoo.string) }
}

extension RunningDaemon {
    /// Waits until this model's gist is in sync, and gives the model.
    @discardableResult
    func waitForSync(_ id: String, within limit: Duration = .seconds(30)) async throws -> ModelStatus {
        try await waitForModel(id, "is in sync", within: limit) { $0.gist.state == .inSync }
    }

    /// Waits until zood says this of itself, and gives the line.
    @discardableResult
    func waitForHealth(_ code: String, within limit: Duration = .seconds(30)) async throws -> HealthItem {
        try await eventually("the health line \(code)", within: limit) { try await status().health.first { $0.code == code } }
    }

    /// The revisions of a model's local gist.
    func revisions(of id: String) async throws -> [String] {
        let url = try #require(try await model(id)?.gist.url)
        return try await ProgramRun.succeed("git", ["-C", url, "rev-list", "HEAD"]).standardOutput.split(separator: "\n").map(String.init)
    }

    /// The text of a file in the newest revision of a model's local gist; nil when it is not there.
    func published(_ file: String, of id: String) async throws -> String? {
        guard let url = try await model(id)?.gist.url else { return nil }
        let shown = try await ProgramRun.run("git", ["-C", url, "show", "HEAD:\(file)"])
        return shown.status == 0 ? shown.standardOutput : nil
    }

    /// How many directories the kernel watches for it.
    var watchCount: Int {
        get throws {
            let directory = "/proc/\(pid)/fdinfo"
            return try FileManager.default.contentsOfDirectory(atPath: directory).reduce(0) { count, name in
                let text = (try? String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)) ?? ""
                return count + text.split(separator: "\n").count { $0.hasPrefix("inotify wd:") }
            }
        }
    }

    /// How often its threads were woken so far, and its CPU time in ticks (10 ms).
    var activity: (switches: Int, ticks: Int) {
        get throws {
            let tasks = "/proc/\(pid)/task"
            let switches = try FileManager.default.contentsOfDirectory(atPath: tasks).reduce(0) { count, task in
                let text = (try? String(contentsOfFile: "\(tasks)/\(task)/status", encoding: .utf8)) ?? ""
                let lines = text.split(separator: "\n").filter { $0.contains("ctxt_switches") }
                return count + lines.compactMap { $0.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) } }.reduce(0, +)
            }
            let fields = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8).split(separator: " ")
            return (switches, (Int(fields[13]) ?? 0) + (Int(fields[14]) ?? 0))
        }
    }
}
