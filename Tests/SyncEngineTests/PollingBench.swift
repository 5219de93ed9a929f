import Foundation
import Logging
import ModelInfo
import Planning
import SystemPackage
import ZooTestSupport

@testable import SyncEngine

/// Polling against a host that only counts, on a clock that a test moves; passes over models are the test's to play.
struct PollingBench {
    let clock: ManualClock
    let store: StateStore
    let host: CountingHost
    let gate: GistGate
    let queue: LookQueue
    let polling: GistPolling
    let settings: Shared<GistPolling.Settings>
    /// Models whose directories are gone.
    let vanished: Shared<Set<ModelID>>

    /// - Parameter directory: That of an earlier bench, as after a restart.
    init(
        in directory: FilePath, clock: ManualClock, host: CountingHost, pollingEvery interval: TimeInterval = 900, chance: Double = 0.5
    ) async throws {
        (self.clock, self.host) = (clock, host)
        store = try StateStore(directory: directory, now: clock.now)
        gate = try await GistGate(.usable(host), store: store, clock: clock, health: HealthBoard(clock: clock))
        queue = LookQueue(clock: clock, settling: .init(quiet: 0, atMost: 0))
        let settings = Shared(GistPolling.Settings(interval: interval, isWanted: true, host: "https://api.example.org"))
        self.settings = settings
        let vanished = Shared(Set<ModelID>())
        self.vanished = vanished
        polling = GistPolling(
            gate: gate, store: store, queue: queue, clock: clock, chance: Chance(fraction: { chance }, hex: { _ in "00" }),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, settings: { settings.value },
            isVanished: { vanished.value.contains($0) })
    }

    static func with(
        pollingEvery interval: TimeInterval = 900, isSignedIn: Bool = true, _ body: (PollingBench) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let clock = ManualClock()
            try await body(
                PollingBench(in: directory, clock: clock, host: CountingHost(clock: clock, isSignedIn: isSignedIn), pollingEvery: interval))
        }
    }

    static func id(_ number: Int) throws -> GistID { GistID(bare: String(format: "%032x", number)) ?? GistID(bare: "1")! }

    static func model(_ number: Int) throws -> ModelID { ModelID(zoo: "zoo", path: try RelativePath("model\(number)")) }

    /// Gists of models that were read an hour ago and have not been changed for a week.
    func makeGists(_ numbers: Range<Int>, owner: String = "octo", isOwn: Bool = true, isListed: Bool = true) async throws {
        let now = clock.now
        var memories: [(ModelID, ModelMemory)] = []
        for number in numbers {
            let id = try Self.id(number)
            // Two seconds apart.
            let changedAt = Date(timeIntervalSince1970: (now.timeIntervalSince1970 - 7 * 86_400).rounded(.down) - Double(number) * 2)
            host.put(id, owner: owner, changedAt: changedAt, isListed: isListed)
            var memory = ModelMemory()
            var gist = GistMemory(
                id: id, url: "https://gist.example.org/\(id)", revision: nil, publishedAt: changedAt, files: [:], everPublished: [],
                owner: owner, isOwn: isOwn)
            (gist.updatedAt, gist.readAt) = (changedAt, now.addingTimeInterval(-3600))
            memory.gist = gist
            memories.append((try Self.model(number), memory))
        }
        let made = memories
        try await store.write { db in
            for (model, memory) in made { try MemoryRows.save(memory, over: ModelMemory(), of: model, in: db) }
        }
    }

    /// Which gists are noticed and not yet read, sorted.
    func noticed() async throws -> [GistID] {
        try await store.followedGists(isLocal: false).filter(\.isNoticed).map(\.id).sorted()
    }

    /// What the passes over the marked models would do: each noticed gist is read.
    @discardableResult
    func readNoticed() async throws -> [GistID] {
        var read: [GistID] = []
        for gist in try await store.followedGists(isLocal: false) where gist.isNoticed {
            let (updatedAt, now) = (host.changedAt(gist.id), clock.now)
            // One that is gone stays marked, and is not asked for again by itself.
            if updatedAt == nil, host.reads.contains(gist.id) { continue }
            host.count(.read(gist.id))
            read.append(gist.id)
            guard let updatedAt else { continue }
            try await store.record(gist.model) {
                $0.gist?.updatedAt = updatedAt
                $0.gist?.readAt = now
                $0.gist?.noticedAt = nil
            }
        }
        return read
    }

    /// Runs the polls of so many seconds, and after each what the passes would do.
    func live(for seconds: TimeInterval) async throws {
        let end = clock.now.addingTimeInterval(seconds)
        let running = Task { await polling.run() }
        while true {
            let due = try await eventually("it sleeps until the next poll") { clock.alarms.first }
            try await readNoticed()
            guard due <= end else { break }
            clock.advance(by: due.timeIntervalSince(clock.now))
        }
        clock.advance(by: max(0, end.timeIntervalSince(clock.now)))
        running.cancel()
        await running.value
    }
}
