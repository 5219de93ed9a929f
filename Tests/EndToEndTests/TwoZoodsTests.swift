import Foundation
import Testing
import ZooTestSupport

/// Everything about gists in both directions at once. `make torture` runs it long.
struct TwoZoodsTests {
    /// As `SEED`, `GISTS` and `STEPS` of `make torture` say.
    private static var size: TwoZoodsRun.Size {
        func number(_ name: String, _ usual: Int) -> Int { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual }
        return TwoZoodsRun.Size(
            seed: UInt64(number("ZOOD_TORTURE_SEED", 9)), gists: number("ZOOD_TORTURE_GISTS", 6), steps: number("ZOOD_TORTURE_STEPS", 70))
    }

    @Test func `two zoods share gists through edits, faults and kills: in the end all agree and no line is lost`() async throws {
        let start = ContinuousClock.now
        let github = try await LoopbackGitHub.start(settings: Self.manyRequests)
        github.addAccount(login: TwoZoodsRun.account, token: GistGitHubScene.token, scopes: ["gist"])
        let run = try TwoZoodsRun(Self.size, github: github)
        var problems: [String] = []
        do {
            try await run.begin()
            try await run.work()
            try await run.comeToRest()
        } catch {
            problems.append("\(error)")
        }
        for side in run.sides { _ = try? await side.daemon?.terminate(within: .seconds(30)) }
        problems += try run.faultsFound()
        print(try run.summary(ContinuousClock.now - start))
        if !problems.isEmpty {
            Issue.record("seed \(run.size.seed), all of it kept in \(try await run.keep()):\n\(problems.joined(separator: "\n"))")
        }
        await github.stop()
    }

    /// What the account may ask an hour is no matter here.
    private static var manyRequests: GitHubSettings {
        var settings = GitHubSettings()
        settings.accountLimit = 1_000_000
        return settings
    }
}
