import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import Testing
import ZooTestSupport

/// The gists of a zoo's local host, read with git as anybody could.
struct LocalGists {
    let directory: FilePath

    /// Sorted.
    var ids: [String] {
        get throws {
            guard FileManager.default.fileExists(atPath: directory.string) else { return [] }
            return try FileManager.default.contentsOfDirectory(atPath: directory.string).filter { $0.hasSuffix(".git") }
                .map { String($0.dropLast(4)) }.sorted()
        }
    }

    func revisionCount(of id: String) async throws -> Int {
        Int(try await git(id, "rev-list", "--count", "main").standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    /// All gists together.
    func revisionCount() async throws -> Int {
        var count = 0
        for id in try ids { count += try await revisionCount(of: id) }
        return count
    }

    func fileNames(of id: String) async throws -> Set<String> {
        Set(try await git(id, "ls-tree", "--name-only", "main").standardOutput.split(separator: "\n").map(String.init))
    }

    func bytes(of file: String, in id: String) async throws -> [UInt8] {
        try await git(id, "cat-file", "blob", "main:\(file)").standardOutputBytes
    }

    /// A revision by somebody who works on it with git as with any other repository.
    func push(_ files: [String: String], to id: String) async throws {
        let copy = FileManager.default.temporaryDirectory.appending(path: "copy-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try await ProgramRun.succeed("git", ["clone", "-q", directory.appending("\(id).git").string, copy])
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: copy + "/" + name)) }
        let person = ["-C", copy, "-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
        try await ProgramRun.succeed("git", person + ["add", "--all"])
        try await ProgramRun.succeed("git", person + ["commit", "-qm", "By Ann"])
        try await ProgramRun.succeed("git", person + ["push", "-q"])
    }

    private func git(_ id: String, _ arguments: String...) async throws -> ProgramResult {
        try await ProgramRun.succeed("git", ["--git-dir", directory.appending("\(id).git").string] + arguments)
    }
}

extension TemporaryZoo {
    static let createsByItself = ["gists": "{ host: local, create: automatic, max_file_size: 4KiB }"]

    var localGists: LocalGists { LocalGists(directory: state.appending("gists")) }

    /// What is in a directory of the zoo, hidden names too.
    func names(in path: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: self.path(path).string))
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: self.path(path).string) }
}

extension RunningDaemon {
    /// Waits until the gist is what the files are.
    @discardableResult
    func waitUntilInSync(_ id: String = "tiny", within limit: Duration = .seconds(30)) async throws -> ModelStatus {
        try await waitForModel(id, "is in sync", within: limit) { $0.gist.state == .inSync }
    }

    /// Waits until the model is held for a reason whose note holds `words`.
    @discardableResult
    func waitUntilHeld(_ id: String = "tiny", _ words: String) async throws -> ModelStatus {
        try await waitForModel(id, "is held: \(words)", within: .seconds(30)) {
            $0.gist.state == .held && $0.gist.note?.contains(words) == true
        }
    }

    /// Looks at everything again, so often that whatever zood would still do has been done.
    func lookAgain(times: Int = 3) async throws {
        for _ in 0..<times { #expect(try await zooctl("sync").status == 0) }
    }

    /// Everything that ever happened to gists and readmes, oldest first.
    func gistEvents() async throws -> [EventRecord] {
        let lines = try await zooctl("events", "--since", "0", "--json").standardOutput.split(separator: "\n")
        let records = lines.compactMap { try? ControlCoding.decode(EventRecord.self, from: Array($0.utf8)) }
        return records.filter { $0.kind.hasPrefix("gist-") || $0.kind.hasPrefix("readme-") }
    }
}

extension ModelStatus {
    /// Whether such a diagnostic stands there, about this file.
    func has(_ code: DiagnosticCode, about file: String) -> Bool {
        info.diagnostics.contains { $0.code == code && $0.file == file }
    }
}
