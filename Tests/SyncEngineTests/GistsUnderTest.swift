import Foundation
import ModelInfo
import SyncEngine
import SystemPackage
import Testing
import Transfers
import ZooTestSupport

/// The hosts that the contract holds: each test of it runs once for each.
enum GistsUnderTest: String, CaseIterable, CustomTestStringConvertible {
    case local
    case github
    case githubOf2026
    case enterprise

    var testDescription: String { rawValue }

    /// A fresh host without gists, gone afterwards.
    func withHost(_ body: (any GistHost) async throws -> Void) async throws {
        switch self {
        case .local:
            try await withTemporaryDirectory { directory in
                try await body(LocalGistHost(directory: directory.appending("gists")))
            }
        case .github: try await withGitHub { github in try await body(github.host()) }
        case .githubOf2026: try await withGitHub { github in try await body(github.host(version: .march2026)) }
        case .enterprise: try await withGitHub(basePath: "/api/v3") { github in try await body(github.host()) }
        }
    }

    /// An id of this host's kind that no gist has.
    var unknownID: GistID {
        switch self {
        case .local: GistID(bare: "local-00000000000000000000000000000000")!
        case .github, .githubOf2026, .enterprise: GistID(bare: "00000000000000000000000000000000")!
        }
    }
}

/// A loopback GitHub with one account, stopped afterwards.
func withGitHub(
    _ settings: GitHubSettings = GitHubSettings(), basePath: String = "", _ body: (LoopbackGitHub) async throws -> Void
) async throws {
    let github = try await LoopbackGitHub.start(settings: settings, basePath: basePath)
    github.addAccount(login: "octo", token: LoopbackGitHub.token, scopes: ["gist"])
    do { try await body(github) } catch {
        await github.stop()
        throw error
    }
    await github.stop()
}

extension LoopbackGitHub {
    static let token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"

    /// The host that zood would use there.
    /// - Parameter token: Nil: not signed in.
    func host(token: String? = LoopbackGitHub.token, version: GitHubAPIVersion = .november2022) throws -> GitHubGistHost {
        let secret = token.flatMap { SecretToken($0) }
        let client = try APIClient(baseURL: apiURL, token: secret, settings: NetworkSettings(userAgent: "zood-tests"))
        return GitHubGistHost(client: client, isSignedIn: secret != nil, version: version)
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
    var kind: String {
        switch self {
        case .notFound: "notFound"
        case .takenDown: "takenDown"
        case .notSignedIn: "notSignedIn"
        case .forbidden: "forbidden"
        case .limited: "limited"
        case .refused: "refused"
        case .unavailable: "unavailable"
        case .answerLost: "answerLost"
        case .nonsense: "nonsense"
        case .foreignChange: "foreignChange"
        case .cancelled: "cancelled"
        }
    }

    /// What is shown to people.
    var text: String {
        switch self {
        case .notFound(let text), .takenDown(let text), .notSignedIn(let text), .forbidden(let text), .limited(_, let text),
            .refused(let text), .unavailable(let text), .answerLost(let text), .nonsense(let text):
            text
        default: ""
        }
    }
}

extension GistDraft {
    static let model = GistDraft(
        description: "BVLC AlexNet [zood:0123456789ab]", isPublic: false,
        files: ["readme.md": "---\nname: AlexNet\n---\nText.\n", "deploy.prototxt": "name: \"AlexNet\"\n"])
}
