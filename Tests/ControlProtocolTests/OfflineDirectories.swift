import Foundation
import ZooTestSupport

/// A directory of its own with some files, and `zooctl` started in it without any daemon.
struct OfflineDirectories {
    let root: URL

    /// - Parameter files: Texts by paths; directories on the way are made.
    init(_ files: [String: String] = [:]) throws {
        root = FileManager.default.temporaryDirectory.appending(path: "offline-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: false)
        for (path, text) in files { try write(text, to: path) }
    }

    func write(_ text: String, to path: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Nil when there is no such file.
    func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: root.appending(path: path).path).map { String(decoding: $0, as: UTF8.self) }
    }

    func zooctl(_ arguments: String..., identity: ProcessIdentity? = nil, program: String? = nil) async throws -> ProgramResult {
        try await ProgramRun.run(
            program ?? BuildProducts.path(of: "zooctl"), arguments, environment: ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"],
            directory: root.path, identity: identity)
    }

    func remove() { try? FileManager.default.removeItem(at: root) }
}
