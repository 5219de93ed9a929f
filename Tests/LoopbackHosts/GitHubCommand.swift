import ArgumentParser
import ZooTestSupport

/// `loopback-hosts github`: GitHub's gist API with one account.
struct GitHubCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "github", abstract: "Serve GitHub's gist API on 127.0.0.1.",
        discussion: "Prints the API's address when ready. Gists live in memory and end with the process.")

    @Option(help: "The token that is accepted.")
    var token: String

    @Option(help: "Whose token it is.")
    var login: String

    @Option(help: "The scopes of the token. May be given again.")
    var scope: [String] = ["gist"]

    @Option(help: "What comes before the API's paths, e.g. /api/v3 for an Enterprise Server.")
    var basePath = ""

    @Option(help: "Gists and changes a minute before the secondary limit strikes; without it never.")
    var writesPerMinute: Int?

    @Flag(help: "Print a line for each request that makes or changes something: its method and path.")
    var tellChanges = false

    @OptionGroup var serving: ServingOptions

    func run() async throws {
        let github = try await LoopbackGitHub.start(basePath: basePath, port: serving.port, onChange: tellChanges ? tell : nil)
        github.change { $0.writesPerMinute = writesPerMinute }
        github.addAccount(login: login, token: token, scopes: Set(scope))
        try serving.announce(github.apiURL, port: github.port)
        await untilToldToStop()
        await github.stop()
    }
}

/// One line for a request that made or changed something.
@Sendable private func tell(_ request: RecordedRequest) { try? say("\(request.method) \(request.path)") }
