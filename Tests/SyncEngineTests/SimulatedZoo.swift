import Foundation
import Logging
import ModelInfo
import Planning
import SystemPackage
import Testing
import Transfers
import ZooTestSupport

@testable import SyncEngine

/// The rooms of one zood whose gists are at a loopback GitHub. Both live by one clock that the test moves: a wait of hours takes no
/// time, while requests are real.
struct SimulatedZoo {
    let clock: ManualClock
    let github: LoopbackGitHub
    let rooms: RoomsUnderTest
    let polling: GistPolling
    /// Of whom the gists are.
    let account = "octo"
    private let deadline: Duration

    /// Runs `body` while the rooms work.
    /// - Parameters:
    ///   - isPolling: Whether it is looked every 15 minutes for what others changed.
    ///   - deadline: After which a request is given up, in real time.
    ///   - lead: Seconds that the clock here is ahead of GitHub's.
    static func with(
        isPolling: Bool = false, deadline: Duration = .seconds(20), ahead lead: TimeInterval = 0,
        _ body: (SimulatedZoo) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let clock = ManualClock(Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded()))
            let github = try await LoopbackGitHub.start { clock.now - lead }
            github.addAccount(login: "octo", token: LoopbackGitHub.token, scopes: ["gist"])
            let zoo = try await SimulatedZoo(in: directory, clock, github, deadline)
            let work = Task { [zoo] in
                await withDiscardingTaskGroup { tasks in
                    tasks.addTask { await zoo.rooms.reconciler.run() }
                    if isPolling { tasks.addTask { await zoo.polling.run() } }
                }
            }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(zoo)) } catch { outcome = .failure(error) }
            work.cancel()
            await zoo.rooms.queue.close()
            await zoo.rooms.workshop.stop()
            await work.value
            await github.stop()
            try outcome.get()
        }
    }

    private init(in directory: FilePath, _ clock: ManualClock, _ github: LoopbackGitHub, _ deadline: Duration) async throws {
        (self.clock, self.github, self.deadline) = (clock, github, deadline)
        let host = try Self.host(at: github, clock, deadline, token: LoopbackGitHub.token)
        rooms = try await RoomsUnderTest(in: directory, clock: clock, gistHost: host)
        polling = GistPolling(
            gate: rooms.gate, store: rooms.store, queue: rooms.queue, clock: clock, chance: .system,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            settings: { GistPolling.Settings(interval: 900, isWanted: true, host: "loopback") })
    }

    private static func host(
        at github: LoopbackGitHub, _ clock: ManualClock, _ deadline: Duration, token: String?
    ) throws -> GitHubGistHost {
        let secret = token.flatMap { SecretToken($0) }
        let client = try APIClient(
            baseURL: github.apiURL, token: secret, settings: NetworkSettings(userAgent: "zood-tests"), workers: 1)
        return GitHubGistHost(client: client, isSignedIn: secret != nil, deadline: deadline) { clock.now }
    }

    // MARK: What people do

    /// A model that is to be published.
    func makeModel(_ name: String) async throws {
        try rooms.write("---\nname: \(name) net\nlicense: MIT\n---\n\nText.\n", to: "\(name)/readme.md")
        try await look(name)
    }

    /// Saves the readme with one more line.
    func edit(_ name: String, adding line: String) async throws {
        try rooms.write(try rooms.text(of: "\(name)/readme.md") + line + "\n", to: "\(name)/readme.md")
        try await look(name)
    }

    /// What `zooctl` does for somebody who waits.
    func ask(_ kind: Goal.Kind, for name: String) async throws {
        await rooms.gate.tryNow()
        _ = try await rooms.jobs.start(kind, models: [try rooms.id(name)], uid: 0)
        try await look(name)
    }

    /// What `zooctl reload` does with the same configuration.
    /// - Parameter token: What the token file holds now; nil: there is none.
    func reload(token: String? = LoopbackGitHub.token) async throws {
        await rooms.gate.use(try Self.host(at: github, clock, deadline, token: token), isAnother: false)
        try await rooms.store.forgetTroubles(of: Reloading.triedAnew)
        await rooms.queue.mark(await rooms.board.ids)
    }

    private func look(_ name: String) async throws { await rooms.queue.mark([try rooms.id(name)]) }

    // MARK: What came of it

    func verdict(on name: String) async throws -> GistVerdict? { await rooms.board[try rooms.id(name)]?.plan.gist }

    func gist(of name: String) async throws -> HostedGist? {
        try await rooms.store.memory(of: try rooms.id(name)).gist.flatMap { github.gist($0.id.description) }
    }

    /// Whether nobody waits for anything about it.
    func isIdle(_ name: String) async throws -> Bool { await rooms.jobs.goals(of: try rooms.id(name)).isEmpty }

    func isInSync(_ name: String) async throws -> Bool {
        guard try await verdict(on: name)?.state == .inSync, let gist = try await gist(of: name) else { return false }
        return gist.text("readme.md") == (try rooms.text(of: "\(name)/readme.md"))
    }

    // MARK: Time

    /// Lets so many seconds go by.
    func live(for seconds: TimeInterval) async throws {
        let end = clock.now.addingTimeInterval(seconds)
        while let next = try await nextAlarm(), next <= end { advance(to: next) }
        advance(to: end)
    }

    /// Lets time go by until something is so.
    func live(until expectation: String, atMost seconds: TimeInterval, _ condition: () async throws -> Bool) async throws {
        let end = clock.now.addingTimeInterval(seconds)
        while true {
            var next = try await nextAlarm()
            if try await condition() { return }
            if next == nil {
                // Whatever still goes on here does so by itself.
                try? await eventually(expectation) { try await condition() || clock.alarms.first != nil }
                if try await condition() { return }
                next = clock.alarms.first
            }
            guard let next, next <= end else {
                throw NotInSimulatedTime(
                    expectation: expectation,
                    situation:
                        "\(await rooms.board.all.map(\.plan.gist))\n\(github.requests.all.suffix(30).map { "\($0.time) \($0.method) \($0.target) \($0.status ?? 0)" }.joined(separator: "\n"))"
                )
            }
            advance(to: next)
        }
    }

    private func advance(to time: Date) { clock.advance(by: max(0, time.timeIntervalSince(clock.now))) }

    /// When the next thing happens by itself; nil when nothing will. Waits until nothing happens now.
    private func nextAlarm() async throws -> Date? {
        var before: (alarm: Date?, requests: Int) = (nil, -1)
        var calmLooks = 0
        let found: [Date?] = try await eventually("nothing happens any more", within: .seconds(60)) {
            let now = (alarm: clock.alarms.first, requests: github.requests.count)
            // A write that waits for its second is under way, and goes on by the clock alone.
            let isDueSoon = now.alarm.map { $0 <= clock.now.addingTimeInterval(1) } ?? false
            let isCalm = await rooms.queue.isDrained && github.requests.all.allSatisfy(\.isFinished)
            calmLooks = (isCalm || isDueSoon) && now == before ? calmLooks + 1 : 0
            before = now
            return calmLooks >= (now.alarm == nil ? 20 : 3) ? [now.alarm] : nil
        }
        return found[0]
    }
}

/// Something did not come true though time went by.
struct NotInSimulatedTime: Error {
    let expectation: String
    let situation: String
}
