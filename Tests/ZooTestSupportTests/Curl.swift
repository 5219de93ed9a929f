import Foundation
import ZooTestSupport

/// What curl made of one URL.
struct Fetched {
    /// Of the `curl` program.
    var exitStatus: Int32
    /// HTTP status of the last answer; 0: none came.
    var code: Int
    /// All heads, lower-cased.
    var head: String { headAsSent.lowercased() }
    /// All heads.
    var headAsSent: String
    var body: [UInt8]
}

/// Asks by the `curl` program: a client that is not ours.
func curl(_ arguments: String...) async throws -> Fetched {
    try await curl(arguments)
}

func curl(_ arguments: [String]) async throws -> Fetched {
    let head = FileManager.default.temporaryDirectory.appending(path: "zoo-head-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: head) }
    let result = try await ProgramRun.run(
        "curl", ["--silent", "--noproxy", "*", "--max-time", "20", "--dump-header", head.path] + arguments)
    let text = (try? String(contentsOf: head, encoding: .utf8)) ?? ""
    let code = text.split(separator: "\r\n").last { $0.hasPrefix("HTTP/") }?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return Fetched(exitStatus: result.status, code: code ?? 0, headAsSent: text, body: result.standardOutputBytes)
}
