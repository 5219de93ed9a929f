import Foundation

/// Compresses by the `gzip` program.
enum Gzip {
    static func compress(_ bytes: [UInt8]) async throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appending(path: "zoo-gzip-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        return try await ProgramRun.succeed("gzip", ["--stdout", "--no-name", file.path]).standardOutputBytes
    }
}
