import Foundation
import Testing
import ZooTestSupport

/// A zoo that publishes to a GitHub on loopback.
struct GistGitHubScene {
    let github: LoopbackGitHub
    let zoo: TemporaryZoo

    static let token = "ghp_" + String(repeating: "aB3dE6gH9", count: 4)
    var tokenPath: String { zoo.directory.appending("token").string }

    /// Runs `body` in a fresh scene and frees its ports afterwards.
    /// - Parameter scopes: What the token may do.
    static func with(
        create: String = "automatic", scopes: Set<String> = ["gist"], _ body: (GistGitHubScene) async throws -> Void
    ) async throws {
        let github = try await LoopbackGitHub.start()
        github.addAccount(login: "octo", token: token, scopes: scopes)
        let scene = GistGitHubScene(github: github, zoo: try TemporaryZoo())
        try scene.configure(create: create)
        try scene.writeToken(token)
        do { try await body(scene) } catch {
            await github.stop()
            throw error
        }
        await github.stop()
    }

    func configure(create: String) throws {
        let url = github.apiURL
        try zoo.configure(["gists": "{ host: github, create: \(create), api_url: '\(url)', token_file: \(tokenPath) }"])
    }

    func writeToken(_ token: String, mode: Int = 0o600) throws {
        try Data("\(token)\n".utf8).write(to: URL(filePath: tokenPath))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: tokenPath)
    }

    func makeModel(_ id: String, name: String = "Tiny model") throws {
        try zoo.makeModel(id, ReadmeText(name: name), files: ["deploy.prototxt": TemporaryZoo.prototxt])
    }

    /// Adds a line to a readme.
    func edit(_ id: String, _ line: String = "More.") throws {
        try zoo.write((try zoo.text(of: "\(id)/readme.md") ?? "") + line + "\n", to: "\(id)/readme.md")
    }

    /// So many requests that make or change something.
    var writeCounts: [String: Int] {
        Dictionary(grouping: github.requests.all.map(\.method).filter { $0 != "GET" }) { $0 }.mapValues(\.count)
    }
}
