import Foundation
import ModelInfo
import SyncEngine
import SystemPackage
import Testing

/// The hosts that the contract holds: each test of it runs once for each.
enum GistsUnderTest: String, CaseIterable, CustomTestStringConvertible {
    case local

    var testDescription: String { rawValue }

    /// A fresh host without gists, gone afterwards.
    func withHost(_ body: (any GistHost) async throws -> Void) async throws {
        switch self {
        case .local:
            try await withTemporaryDirectory { directory in
                try await body(LocalGistHost(directory: directory.appending("gists")))
            }
        }
    }

    /// An id of this host's kind that no gist has.
    var unknownID: GistID {
        switch self {
        case .local: GistID(bare: "local-00000000000000000000000000000000")!
        }
    }
}

/// A directory of its own for one test.
func withTemporaryDirectory<R>(_ body: (FilePath) async throws -> R) async throws -> R {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("zood-gists-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(FilePath(path))
}

/// What a call failed with; a test failure when it did not.
func failure<R>(of call: () async throws -> R) async -> GistFailure? {
    do {
        _ = try await call()
        Issue.record("the call should have failed")
        return nil
    } catch {
        if !(error is GistFailure) { Issue.record(error) }
        return error as? GistFailure
    }
}

extension GistFailure {
    /// The name of the case alone.
    var kind: String { String("\(self)".prefix { $0 != "(" }) }
}

extension GistDraft {
    static let model = GistDraft(
        description: "BVLC AlexNet [zood:0123456789ab]", isPublic: false,
        files: ["readme.md": "---\nname: AlexNet\n---\nText.\n", "deploy.prototxt": "name: \"AlexNet\"\n"])
}
