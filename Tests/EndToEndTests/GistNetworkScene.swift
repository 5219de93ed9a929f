import Foundation
import Testing
import ZooTestSupport

/// A zoo behind a company's walls: an Enterprise Server and a file host with certificates of an own authority, reached through a proxy
/// that alone knows where they are. Names below `localhost` lead to this machine also without it.
struct GistNetworkScene {
    let github: LoopbackGitHub
    let weights: LoopbackFileHost
    let proxy: LoopbackProxy
    let authority: OwnAuthority
    let zoo: TemporaryZoo
    /// `HOST:PORT` of the API, of raw files and git, and of the weights.
    let places: (api: String, raw: String, weights: String)
    private let front: TLSFront

    private static let host = "ghe.localhost"
    var tokenPath: String { zoo.directory.appending("token").string }
    var apiURL: String { "https://\(places.api)/api/v3" }

    static func with(_ body: (GistNetworkScene) async throws -> Void) async throws {
        let authority = try await OwnAuthority(for: host)
        let github = try await LoopbackGitHub.start(basePath: "/api/v3")
        let weights = try await LoopbackFileHost.start()
        let front = try await TLSFront(of: authority, before: [github.port, github.rawPort, weights.port])
        let places = zip(["\(host)", "gist.\(host)", "weights.\(host)"], front.ports).map { "\($0):\($1)" }
        let proxy = try await LoopbackProxy.start(Dictionary(uniqueKeysWithValues: zip(places, front.ports)))
        let scene = GistNetworkScene(
            github: github, weights: weights, proxy: proxy, authority: authority, zoo: try TemporaryZoo(),
            places: (places[0], places[1], places[2]), front: front)
        github.announce(apiURL: scene.apiURL, rawOrigin: "https://\(scene.places.raw)")
        github.addAccount(login: "octo", token: GistGitHubScene.token, scopes: ["gist"])
        try scene.configure()
        try Data("\(GistGitHubScene.token)\n".utf8).write(to: URL(filePath: scene.tokenPath))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scene.tokenPath)
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(scene)) } catch { outcome = .failure(error) }
        await github.stop()
        await weights.stop()
        await proxy.stop()
        try outcome.get()
    }

    /// - Parameter network: Nil: as it has to be.
    func configure(network: String? = nil) throws {
        try zoo.configure([
            "gists": "{ host: github, create: automatic, poll: 7d, api_url: '\(apiURL)', token_file: \(tokenPath) }",
            "network": network ?? "{ proxy: '\(proxy.url)', ca_file: \(authority.caFile) }",
        ])
    }
}
