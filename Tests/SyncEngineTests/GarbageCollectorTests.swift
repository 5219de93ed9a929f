import Foundation
import Logging
import ModelInfo
import SystemIO
import Testing
import ZooTestSupport

@testable import SyncEngine

/// What goes from real directories and a real state, on a clock that the test moves.
struct GarbageCollectorTests {
    private let net = model("net", zoo: "zoo")
    private let file = try! RelativePath("net.caffemodel")
    private let day: TimeInterval = 86_400

    private struct Bench {
        let rooms: RoomsUnderTest
        let clock: ManualClock
        let collector: GarbageCollector
        let capacity: Shared<Int64?>

        var staging: Staging { get throws { try #require(rooms.zoo.staging) } }

        /// - Parameter uptime: Seconds on a clock that nobody sets; nil: as the clock on the wall says.
        func expiry(uptime: (@Sendable () -> TimeInterval)? = nil) -> TrashExpiry {
            TrashExpiry(
                zoos: [rooms.zoo], store: rooms.store, lane: BlockingLane(label: "test", width: 1), clock: clock,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                uptime: uptime ?? { [clock] in clock.now.timeIntervalSince1970 })
        }

        func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: rooms.directory.appending("zoo/\(path)").string) }

        var items: [TrashItem] { get async throws { try await collector.shelf.items() } }

        func removals() async throws -> [NewEvent] {
            try await rooms.store.events(after: 0, limit: 1000).map(\.event).filter { $0.kind == EventKind.trashRemoved.rawValue }
        }
    }

    private func withBench(_ body: (Bench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let clock = ManualClock()
            let shelf = TrashShelf(
                zoos: [rooms.zoo], store: rooms.store, events: rooms.events, lane: BlockingLane(label: "test", width: 1), clock: clock)
            let capacity = Shared<Int64?>(1 << 50)
            let collector = GarbageCollector(
                zoos: [rooms.zoo], store: rooms.store, events: rooms.events, shelf: shelf, board: rooms.board, workshop: rooms.workshop,
                lane: BlockingLane(label: "test", width: 1), clock: clock, capacity: { _ in capacity.value })
            try await body(Bench(rooms: rooms, clock: clock, collector: collector, capacity: capacity))
        }
    }

    /// Moves `net/net.caffemodel` away.
    private func moveAway(_ bench: Bench, because reason: TrashReason = .corrupt, _ content: String = "rotten") throws {
        try bench.rooms.write(content, to: "net/net.caffemodel")
        let trash = Trash(staging: try bench.staging, store: bench.rooms.store, clock: bench.clock)
        _ = try trash.keep(file, from: try bench.rooms.zoo.root.directory(net.path), of: net, file, because: reason)
    }

    @Test func `what has been in the trash for its time goes by itself then, and nothing wakes before`() async throws {
        try await withBench { bench in
            try moveAway(bench)
            for reason in [TrashReason.outdated, .displaced] { try moveAway(bench, because: reason) }
            let expiry = bench.expiry()
            let running = Task { await expiry.run(with: bench.collector) }
            let start = bench.clock.now
            try await eventually("the alarm is set") { bench.clock.alarms == [start.addingTimeInterval(30 * day)] }
            bench.clock.advance(by: 30 * day - 1)
            #expect(bench.clock.alarms.count == 1)
            #expect(try await bench.items.count == 3)
            bench.clock.advance(by: 1)
            try await eventually("it is gone and told, and no alarm is set") {
                let (count, told) = (try await bench.items.count, try await bench.removals().count)
                return count == 2 && told == 1 && bench.clock.alarms.isEmpty
            }
            #expect(try await bench.items.allSatisfy { $0.reason != .corrupt })
            let told = try await bench.removals()
            #expect(told.map { $0.details["reason"] } == ["expired"] && told.first?.uid == nil && told.first?.model == net)

            // What is moved away then is awaited in its turn.
            try moveAway(bench)
            let later = bench.clock.now
            await expiry.workEnded()
            try await eventually("the alarm is set") { bench.clock.alarms == [later.addingTimeInterval(30 * day)] }
            // A restart in between changes nothing.
            running.cancel()
            await running.value
            let again = bench.expiry()
            let restarted = Task { await again.run(with: bench.collector) }
            try await eventually("the alarm is set") { bench.clock.alarms == [later.addingTimeInterval(30 * day)] }
            restarted.cancel()
            await restarted.value
        }
    }

    @Test func `a clock that leaps has an hour to be set right before anything goes for good`() async throws {
        try await withBench { bench in
            try moveAway(bench)
            let uptime = Shared<TimeInterval>(5)
            let running = Task { [expiry = bench.expiry(uptime: { uptime.value })] in await expiry.run(with: bench.collector) }
            let start = bench.clock.now
            try await eventually("the alarm is set") { bench.clock.alarms == [start.addingTimeInterval(30 * day)] }
            bench.clock.advance(by: 31 * day)
            let leapt = bench.clock.now
            try await eventually("it waits for an hour") { bench.clock.alarms == [leapt.addingTimeInterval(3600)] }
            #expect(try await bench.items.count == 1)
            #expect(try await bench.removals().isEmpty)
            uptime.change { $0 += 3600 }
            bench.clock.advance(by: 3600)
            try await eventually("it is gone") { try await bench.items.isEmpty }
            running.cancel()
            await running.value
        }
    }

    @Test func `what is moved away while the clock is behind is kept from the last known time on`() async throws {
        try await withBench { bench in
            try await bench.rooms.events.record(NewEvent(at: bench.clock.now, kind: .request, model: net, message: ""))
            let known = bench.clock.now
            bench.clock.advance(by: -known.timeIntervalSince1970)
            try moveAway(bench)
            #expect(try await bench.items.map(\.movedAt) == [known])
        }
    }

    @Test func `a state that takes nothing is tried again a day later, and not at once`() async throws {
        try await withBench { bench in
            try moveAway(bench)
            let running = Task { [expiry = bench.expiry()] in await expiry.run(with: bench.collector) }
            try await eventually("the alarm is set") { bench.clock.alarms.count == 1 }
            try await bench.rooms.store.database.write { db in
                for change in ["INSERT ON main.setting", "DELETE ON main.trash"] {
                    try db.execute(
                        sql: "CREATE TEMP TRIGGER \"\(change)\" BEFORE \(change) BEGIN SELECT RAISE(FAIL, 'full'); END")
                }
            }
            bench.clock.advance(by: 30 * day)
            let sweptAt = bench.clock.now
            try await eventually("it waits for a day") { bench.clock.alarms == [sweptAt.addingTimeInterval(day)] }
            running.cancel()
            await running.value
        }
    }

    @Test func `too much in the trash goes a day later, and what cannot be removed is tried no sooner than an hour after that`()
        async throws
    {
        try await withBench { bench in
            try moveAway(bench, "rotten for the first time")
            bench.clock.advance(by: 60)
            try moveAway(bench, "rotten again")
            let expiry = bench.expiry()
            let running = Task { await expiry.run(with: bench.collector) }
            try await eventually("the alarm is set") { bench.clock.alarms.count == 1 }
            #expect(try await bench.items.count == 2)
            // Room for the second alone.
            bench.capacity.change { $0 = 200 }
            try moveAway(bench, because: .displaced)
            try moveAway(bench, "x")
            await expiry.workEnded()
            let young = bench.clock.now.addingTimeInterval(-60)
            try await eventually("the alarm is set") { bench.clock.alarms == [young.addingTimeInterval(day)] }
            #expect(try await bench.items.count == 4)
            bench.clock.advance(by: day - 60)
            try await eventually("the oldest is gone, and told") {
                let (count, told) = (try await bench.items.count, try await bench.removals().count)
                return count == 3 && told == 1
            }
            #expect(try await bench.removals().map { $0.details["reason"] } == ["over-cap"])
            #expect(try await bench.items.contains { $0.reason == .displaced })
            let sweptAt = bench.clock.now
            bench.capacity.change { $0 = 0 }
            try moveAway(bench, "y")
            await expiry.workEnded()
            // By then the next two are a day old.
            try await eventually("it waits for an hour") { bench.clock.alarms == [sweptAt.addingTimeInterval(3600)] }
            running.cancel()
            await running.value
        }
    }

    @Test func `nothing goes from a zoo that is not there, and it goes a day after it is back`() async throws {
        try await withBench { bench in
            try moveAway(bench)
            let zoo = bench.rooms.directory.appending("zoo").string
            try FileManager.default.moveItem(atPath: zoo, toPath: zoo + ".away")
            let expiry = bench.expiry()
            let running = Task { await expiry.run(with: bench.collector) }
            try await eventually("the alarm is set") { bench.clock.alarms.count == 1 }
            bench.clock.advance(by: 31 * day)
            let sweptAt = bench.clock.now
            try await eventually("it waits for a day") { bench.clock.alarms == [sweptAt.addingTimeInterval(day)] }
            #expect(FileManager.default.fileExists(atPath: zoo + ".away/.zood/trash"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: zoo + ".away/.zood/trash").count == 1)
            #expect(try await bench.collector.garbage(includesOutdated: true).isEmpty)
            let item = try #require(try bench.rooms.store.trash().first)
            await #expect(throws: ZooProblem.self) {
                _ = try await bench.collector.remove(Garbage(what: .trash(TrashItem(item)), reason: .expired), by: 0)
            }
            try FileManager.default.moveItem(atPath: zoo + ".away", toPath: zoo)
            bench.clock.advance(by: day)
            try await eventually("it is gone") { try await bench.items.isEmpty }
            running.cancel()
            await running.value
        }
    }

    @Test func `of versions only those beyond the bounds go, with what only they name, and that is told`() async throws {
        try await withBench { bench in
            let store = bench.rooms.store
            for number in 0..<60 {
                try store.keepVersion(
                    of: net, ["readme.md": Array("text \(number)".utf8)], reason: .sent, gistRevision: nil, at: bench.clock.now)
            }
            #expect(try await bench.collector.garbage(includesOutdated: true).isEmpty)
            bench.clock.advance(by: VersionBounds.age + 1)
            let garbage = try await bench.collector.garbage(includesOutdated: false)
            let expected = SurplusVersions(
                model: net, count: 10, byteCount: 60, newestAt: bench.clock.now.addingTimeInterval(-VersionBounds.age - 1))
            #expect(garbage == [Garbage(what: .versions(expected), reason: .surplus)])
            #expect(try await bench.collector.remove(garbage[0], by: 7))
            #expect(try store.versions(of: net, limit: 100).map(\.number) == (11...60).reversed())
            let told = try #require(try await store.newestEvents(1, of: net).first?.event)
            #expect(told.kind == "versions-dropped" && told.details["count"] == "10" && told.uid == 7)
            // Once.
            #expect(try await !bench.collector.remove(garbage[0], by: 7))
            #expect(try await bench.collector.garbage(includesOutdated: true).isEmpty)
        }
    }

    @Test func `what a person took back meanwhile is not removed, and not told`() async throws {
        try await withBench { bench in
            try moveAway(bench, because: .outdated)
            let garbage = try await bench.collector.garbage(includesOutdated: true)
            let item = try #require(try await bench.items.first)
            _ = try await bench.collector.shelf.restore(item, by: 0)
            #expect(try await !bench.collector.remove(try #require(garbage.first), by: 0))
            #expect(bench.exists("net/net.caffemodel"))
            #expect(try await bench.removals().isEmpty)
        }
    }
}
