import Foundation
import ModelInfo
import Planning
import Testing
import Transfers
import ZooTestSupport

@testable import SyncEngine

struct SchedulingGistGateTests {
    let clock = ManualClock()
    /// Never asked: what is sent is given to the gate.
    private static func gitHub() throws -> GitHubGistHost {
        let client = try APIClient(baseURL: "http://127.0.0.1:1", token: nil, settings: NetworkSettings(userAgent: "zood-tests"))
        return GitHubGistHost(client: client, isSignedIn: false, version: .november2022)
    }

    private func withGate(_ host: (any GistHost)?, _ body: (GistGate, StateStore) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let store = try StateStore(directory: directory, now: clock.now)
            try await body(
                GistGate(host.map { .usable($0) } ?? .absent, store: store, clock: clock, health: HealthBoard(clock: clock)), store)
        }
    }

    @Test func `one request at a time`() async throws {
        try await withTemporaryDirectory { directory in
            try await withGate(LocalGistHost(directory: directory.appending("gists"))) { gate, _ in
                let state = Shared((inside: 0, most: 0, done: 0))
                try await withThrowingTaskGroup { group in
                    for number in 0..<20 {
                        group.addTask {
                            let body: @Sendable (any GistHost) async throws(GistFailure) -> Void = { _ async throws(GistFailure) in
                                state.change {
                                    $0.inside += 1; $0.most = max($0.most, $0.inside)
                                }
                                for _ in 0..<10 { await Task.yield() }
                                state.change {
                                    $0.inside -= 1; $0.done += 1
                                }
                            }
                            if number.isMultiple(of: 2) { try await gate.read(body) } else { try await gate.write(body) }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(state.value == (0, 1, 20))
            }
        }
    }

    @Test func `GitHub is written to at most once a second, and read in between`() async throws {
        try await withGate(Self.gitHub()) { gate, _ in
            try await gate.write { _ in }
            try await gate.read { _ in }
            let second = Task { try await gate.write { _ in } }
            try await eventually("it waits") { clock.alarms == [clock.now.addingTimeInterval(1)] }
            clock.advance(by: 1)
            try await second.value
        }
    }

    @Test func `a host that asks to wait is asked nothing until then, also after a restart`() async throws {
        try await withGate(Self.gitHub()) { gate, store in
            let until = clock.now.addingTimeInterval(7)
            #expect(
                await failure { try await gate.read { _ throws(GistFailure) in throw .limited(until: until, "slow down") } }?.kind
                    == "limited")
            #expect(await gate.closed?.until == until)
            #expect(await gate.closed?.because.contains("slow down") == true)
            let wasAsked = Shared(false)
            #expect(await failure { try await gate.read { _ in wasAsked.change { $0 = true } } }?.kind == "limited")
            let health = HealthBoard(clock: clock)
            let restarted = try await GistGate(.usable(Self.gitHub()), store: store, clock: clock, health: health)
            #expect(await restarted.closed?.until == until)
            #expect(await health.items.map(\.code) == ["host-limited"])
            #expect(await failure { try await restarted.write { _ in wasAsked.change { $0 = true } } }?.kind == "limited")
            #expect(wasAsked.value == false)
            clock.advance(by: 7)
            #expect(await health.items.isEmpty)
            try await restarted.read { _ in wasAsked.change { $0 = true } }
            #expect(wasAsked.value)
        }
    }

    @Test func `a limit that comes without a time is waited for longer each time`() async throws {
        try await withGate(Self.gitHub()) { gate, _ in
            func limit() async throws -> TimeInterval? {
                _ = await failure { try await gate.write { _ throws(GistFailure) in throw .limited(until: nil, "too fast") } }
                return await gate.closed?.until.timeIntervalSince(clock.now)
            }
            for minutes in [1, 2, 4, 8, 16, 32, 60, 60] {
                #expect(try await limit() == Double(minutes) * 60)
                clock.advance(by: Double(minutes) * 60)
            }
            try await gate.read { _ in }
            #expect(try await limit() == 60)
        }
    }

    @Test func `who waits for an answer is not put off by what others met at a host that was down, but by its limits`() async throws {
        try await withGate(Self.gitHub()) { gate, _ in
            let asked = Shared(0)
            for _ in 0..<20 {
                _ = await failure {
                    try await gate.read { _ throws(GistFailure) in
                        asked.change { $0 += 1 }
                        throw .unavailable("down")
                    }
                }
            }
            #expect(asked.value == 3)
            await gate.tryNow()
            try await gate.read { _ in asked.change { $0 += 1 } }
            #expect(asked.value == 4)
            let until = clock.now.addingTimeInterval(60)
            _ = await failure { try await gate.read { _ throws(GistFailure) in throw .limited(until: until, "slow down") } }
            await gate.tryNow()
            #expect(await failure { try await gate.read { _ in asked.change { $0 += 1 } } }?.kind == "limited")
            #expect(asked.value == 4)
        }
    }

    @Test func `what is forbidden to three models in a row is asked once an hour, until the credentials change`() async throws {
        try await withGate(Self.gitHub()) { gate, _ in
            let asked = Shared(0)
            func forbidden() async throws {
                let met = await failure {
                    try await gate.write { _ throws(GistFailure) in
                        asked.change { $0 += 1 }
                        throw .forbidden("suspended")
                    }
                }
                #expect(met == .forbidden("suspended"))
                clock.advance(by: 2)
            }
            for _ in 0..<50 { try await forbidden() }
            #expect(asked.value == 3)
            // Reading is another right, and proves nothing about writing.
            try await gate.read { _ in }
            try await forbidden()
            #expect(asked.value == 3)
            for _ in 0..<3 {
                clock.advance(by: 3600)
                for _ in 0..<20 { try await forbidden() }
            }
            #expect(asked.value == 6)
            await gate.use(try Self.gitHub(), isAnother: false)
            try await gate.write { _ in asked.change { $0 += 1 } }
            #expect(asked.value == 7)
        }
    }

    @Test func `that the host wants to be left alone is said with the time it ends, and only as long`() async throws {
        try await withTemporaryDirectory { directory in
            let health = HealthBoard(clock: clock)
            let store = try StateStore(directory: directory, now: clock.now)
            let gate = try await GistGate(.usable(Self.gitHub()), store: store, clock: clock, health: health)
            let until = clock.now.addingTimeInterval(7)
            _ = await failure { try await gate.read { _ throws(GistFailure) in throw .limited(until: until, "slow down") } }
            let line = try #require(await health.items.first)
            #expect(line.code == "host-limited" && line.text.contains(until.formatted(.iso8601)) && line.text.contains("slow down"))
            #expect(await health.isDegraded)
            await gate.use(try Self.gitHub(), isAnother: true)
            #expect(await health.items.isEmpty)
            _ = await failure { try await gate.read { _ throws(GistFailure) in throw .limited(until: until, "slow down") } }
            clock.advance(by: 7)
            #expect(await health.items.isEmpty)
        }
    }

    @Test func `another host is not closed by what the one before said, also after a restart`() async throws {
        try await withGate(Self.gitHub()) { gate, store in
            _ = await failure { try await gate.read { _ throws(GistFailure) in throw .limited(until: .distantFuture, "") } }
            await gate.use(try Self.gitHub(), isAnother: true)
            #expect(await gate.closed == nil)
            #expect(try await GistGate(.usable(Self.gitHub()), store: store, clock: clock, health: HealthBoard(clock: clock)).closed == nil)
        }
    }

    @Test func `a limit that is met by looking at what a write made closes the host, and the write is done`() async throws {
        let github = try await LoopbackGitHub.start()
        github.addAccount(login: "octo", token: LoopbackGitHub.token, scopes: ["gist"])
        let client = try APIClient(
            baseURL: github.apiURL, token: SecretToken(LoopbackGitHub.token), settings: NetworkSettings(userAgent: "zood-tests"))
        let clock = clock
        let host = GitHubGistHost(client: client, isSignedIn: true, version: .march2026) { clock.now }
        try await withGate(host) { gate, _ in
            let made = try await gate.write { host throws(GistFailure) in try await host.create(.model) }
            clock.advance(by: 2)
            github.inject(
                .status(403, headers: [("retry-after", "60")], body: #"{"message":"You have exceeded a secondary rate limit."}"#), on: .get)
            let change = GistChange(files: ["readme.md": "changed\n"])
            let changed = try await gate.write { host throws(GistFailure) in try await host.update(made.id, change) }
            #expect(changed.files["readme.md"] == "changed\n" && changed.revision == nil)
            #expect(await gate.closed?.because.contains("secondary rate limit") == true)
            let asked = github.requests.count
            #expect(await failure { try await gate.read { host throws(GistFailure) in try await host.read(made.id) } }?.kind == "limited")
            #expect(github.requests.count == asked)
        }
        await github.stop()
    }

    @Test func `a clock that was set back makes no wait longer than it was meant`() async throws {
        try await withGate(Self.gitHub()) { gate, _ in
            try await gate.write { _ in }
            clock.advance(by: -7200)
            let second = Task { try await gate.write { _ in } }
            try await eventually("it waits for its second, no more") { clock.alarms == [clock.now.addingTimeInterval(1)] }
            clock.advance(by: 1)
            try await second.value
            for failure in [GistFailure.unavailable("down"), .forbidden("suspended")] {
                for _ in 0..<4 { _ = try? await gate.read { _ throws(GistFailure) in throw failure } }
                clock.advance(by: -7200)
                let wasAsked = Shared(false)
                try await gate.read { _ in wasAsked.change { $0 = true } }
                #expect(wasAsked.value, "\(failure)")
            }
        }
    }

    @Test func `an account that was asked for before another token came is not that one's`() async throws {
        let github = try await LoopbackGitHub.start()
        github.addAccount(login: "octo", token: LoopbackGitHub.token, scopes: ["gist"])
        github.addAccount(login: "ann", token: "ghp_of_ann", scopes: ["gist"])
        try await withGate(github.host()) { gate, _ in
            let gist = Gist(
                id: GistID(bare: "034c6ac3865563b69e60")!, description: "", isPublic: true, owner: "ann", revision: nil, url: "",
                updatedAt: clock.now, files: [:])
            github.inject(.delay(.milliseconds(500)), on: .path("/user"))
            let asking = Task { try await gate.isOwn(gist) }
            try await eventually("it is asked") { github.requests.count == 1 }
            clock.advance(by: 1)
            await gate.use(try github.host(token: "ghp_of_ann"), isAnother: false)
            _ = try await asking.value
            #expect(try await gate.isOwn(gist))
        }
        await github.stop()
    }

    @Test func `who is cancelled while waiting is not carried out`() async throws {
        try await withGate(Self.gitHub()) { gate, _ in
            try await gate.write { _ in }
            let wasAsked = Shared(false)
            let ahead = Task { try await gate.write { _ in } }
            try await eventually("the first waits for its second") { clock.alarms.count == 1 }
            let cancelled = Task { try await gate.write { _ in wasAsked.change { $0 = true } } }
            for _ in 0..<50 { await Task.yield() }
            cancelled.cancel()
            clock.advance(by: 1)
            try await ahead.value
            #expect(await failure { try await cancelled.value } == .cancelled)
            #expect(!wasAsked.value)
        }
    }

    @Test func `without a host nothing is asked`() async throws {
        try await withGate(nil) { gate, _ in
            #expect(await failure { try await gate.read { _ in } }?.kind == "refused")
        }
    }
}
