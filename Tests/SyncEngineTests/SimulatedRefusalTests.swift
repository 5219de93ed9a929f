import Foundation
import ModelInfo
import Planning
import Testing
import ZooTestSupport

@testable import SyncEngine

/// What GitHub refuses for good, or until a person has done something.
struct SimulatedRefusalTests {
    enum Refusal: String, CaseIterable {
        case unprocessable, suspended, loginBlock, takenDown, unauthorized, scopeless

        /// What a person reads.
        var words: (note: String, hint: String) {
            switch self {
            case .unprocessable: ("a gist cannot hold what was sent", "zooctl publish a --dry-run")
            case .suspended: ("the account is suspended", "zooctl doctor")
            case .loginBlock: ("takes no token, right or wrong, for a while", "goes on by itself")
            case .takenDown: ("taken down", "host's mail to the gist's owner")
            case .unauthorized: ("the token is missing, wrong, expired or revoked", "zooctl reload")
            case .scopeless: ("give it the scope 'gist'", "zooctl doctor")
            }
        }

        func begin(at zoo: SimulatedZoo, gists: [String]) {
            let json = [("content-type", "application/json")]
            switch self {
            case .unprocessable:
                zoo.github.inject(
                    .status(422, headers: json, body: #"{"message":"Validation Failed"}"#),
                    on: RequestPattern { ["POST", "PATCH"].contains($0.method) }, times: .max)
            case .suspended: zoo.github.suspend(login: zoo.account)
            case .loginBlock:
                zoo.github.inject(
                    .status(403, headers: json, body: #"{"message":"Maximum number of login attempts exceeded. Please try again later."}"#),
                    times: .max)
            case .takenDown:
                zoo.github.inject(
                    .status(451, headers: json, body: #"{"message":"Repository access blocked"}"#),
                    on: RequestPattern { request in gists.contains { request.path.contains($0) } }, times: .max)
            case .unauthorized: zoo.github.revoke(token: LoopbackGitHub.token)
            case .scopeless: zoo.github.addAccount(login: zoo.account, token: LoopbackGitHub.token, scopes: ["repo"])
            }
        }

        func end(at zoo: SimulatedZoo) {
            zoo.github.clearFaults()
            zoo.github.readmit(login: zoo.account)
            zoo.github.addAccount(login: zoo.account, token: LoopbackGitHub.token, scopes: ["gist"])
        }
    }

    @Test(arguments: Refusal.allCases)
    func `what GitHub refuses is told in plain words with what helps, and is not asked for again and again`(refusal: Refusal) async throws {
        try await SimulatedZoo.with(isPolling: true) { zoo in
            let models = ["a", "b", "c", "d"]
            for model in models { try await zoo.makeModel(model) }
            try await zoo.live(until: "published", atMost: 120) { try await zoo.areInSync(models) }
            var gists: [String] = []
            for model in models { gists.append(try #require(try await zoo.gist(of: model)?.id)) }
            refusal.begin(at: zoo, gists: gists)
            for model in models { try await zoo.edit(model, adding: "More.") }
            try await zoo.makeModel("new")
            try await zoo.live(for: 60)
            let verdict = try #require(try await zoo.verdict(on: "a"))
            #expect(verdict.note?.contains(refusal.words.note) == true, "\(verdict)")
            #expect(verdict.hint?.contains(refusal.words.hint) == true, "\(verdict)")

            // By then each model has been told.
            try await zoo.live(for: 5400)
            let start = zoo.github.requests.count
            try await zoo.live(for: 8 * 3600)
            let times = zoo.github.requests.all.dropFirst(start).map(\.time)
            let most = times.map { first in times.count { $0 >= first && $0 < first.addingTimeInterval(3600) } }.max() ?? 0
            // Four polls, two pages of the walk over all, and one write that tries, for which four may have read.
            #expect(
                most <= 11,
                "\(zoo.github.requests.all.dropFirst(start).map { "\($0.time) \($0.method) \($0.target) \($0.status ?? 0)" }.joined(separator: "\n"))"
            )
            #expect(try await zoo.verdict(on: "a")?.note?.contains(refusal.words.note) == true, "it still says so")

            refusal.end(at: zoo)
            try await zoo.reload()
            // A gist that was called gone is looked at again when somebody says so.
            for model in models { try await zoo.ask(.pull, for: model) }
            try await zoo.live(until: "all is well again", atMost: 3600) { try await zoo.areInSync(models + ["new"]) }
            #expect(zoo.github.gists().count == 5)
        }
    }

    /// GitHub's word for what the token may not write to.
    private static let notFound = Fault.status(
        404, headers: [("content-type", "application/json"), ("x-oauth-scopes", "gist")], body: #"{"message":"Not Found"}"#)

    @Test func `a gist that can be read and not written to is not gone, and is written to when it may be`() async throws {
        try await SimulatedZoo.with { zoo in
            try await zoo.makeModel("net")
            try await zoo.live(until: "published", atMost: 1800) { try await zoo.isInSync("net") }
            zoo.github.inject(Self.notFound, on: .patch, times: .max)
            try await zoo.edit("net", adding: "More.")
            try await zoo.live(for: 600)
            let verdict = try #require(try await zoo.verdict(on: "net"))
            #expect(verdict.state == .failed && verdict.note?.contains("can be read") == true, "\(verdict)")
            #expect(verdict.hint?.contains("zooctl reload") == true)
            let asked = zoo.github.requests.count
            try await zoo.live(for: 1800)
            #expect(zoo.github.requests.count == asked, "the token is as it was")
            zoo.github.clearFaults()
            try await zoo.reload()
            try await zoo.live(until: "it is sent", atMost: 1800) { try await zoo.isInSync("net") }
        }
    }

    @Test func `a gist that can be read and not deleted is not gone`() async throws {
        try await SimulatedZoo.with { zoo in
            try await zoo.makeModel("net")
            try await zoo.live(until: "published", atMost: 1800) { try await zoo.isInSync("net") }
            zoo.github.inject(Self.notFound, on: .delete)
            try await zoo.ask(.unpublish, for: "net")
            try await zoo.live(until: "the job is over", atMost: 1800) { try await zoo.isIdle("net") }
            #expect(try await zoo.rooms.store.memory(of: zoo.rooms.id("net")).gistTrouble?.kind == .permission)
            try await zoo.reload()
            try await zoo.live(until: "it is as it was", atMost: 1800) { try await zoo.isInSync("net") }
        }
    }

    @Test(arguments: [false, true])
    func `what is gone is looked for once a day and after a reload, and goes on when it is there again`(reloads: Bool) async throws {
        try await SimulatedZoo.with { zoo in
            try await zoo.makeModel("net")
            try await zoo.live(until: "published", atMost: 1800) { try await zoo.isInSync("net") }
            zoo.github.inject(Self.notFound, on: .get, times: .max)
            try await zoo.live(for: 1)
            try await zoo.ask(.pull, for: "net")
            try await zoo.live(until: "it is gone", atMost: 1800) { try await zoo.verdict(on: "net")?.state == .gone }
            #expect(try await zoo.verdict(on: "net")?.hint?.contains("zooctl unpublish net, then: zooctl publish net") == true)
            let asked = zoo.github.requests.count
            try await zoo.live(for: 3 * 86_400)
            #expect(zoo.github.requests.count == asked + 3)
            #expect(try await zoo.verdict(on: "net")?.state == .gone)
            zoo.github.clearFaults()
            if reloads { try await zoo.reload() }
            try await zoo.live(until: "it is there again", atMost: reloads ? 1800 : 90_000) { try await zoo.isInSync("net") }
        }
    }

    @Test func `a limit of the place where raw files are is waited for as any other`() async throws {
        try await withGitHub { github in
            let id = github.addGist(owner: "octo", texts: ["large.txt": String(repeating: "y", count: 1_500_000)])
            github.injectRaw(.status(429, headers: [("retry-after", "90")]))
            let host = try github.host()
            let met = await failure { try await host.read(#require(GistID(bare: id))) }
            guard case .limited(let until?, _)? = met else {
                Issue.record("not limited: \(String(describing: met))")
                return
            }
            #expect((80.0...91.0).contains(until.timeIntervalSinceNow))
        }
    }
}

extension SimulatedZoo {
    func areInSync(_ names: [String]) async throws -> Bool {
        for name in names where try await !isInSync(name) { return false }
        return true
    }
}
