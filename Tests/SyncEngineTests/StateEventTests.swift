import Foundation
import GRDB
import ModelInfo
import Planning
import SystemPackage
import Testing
import ZooTestSupport

@testable import SyncEngine

struct StateEventTests {
    let now = Date(timeIntervalSince1970: 1_800_000_000.125)
    let id = model("net")

    private func event(_ word: String, _ model: ModelID? = nil) -> NewEvent {
        NewEvent(at: now, kind: .request, model: model, message: "it \"happened\"\n", details: ["word": word], uid: .max)
    }

    private func withStore(_ body: (StateStore, FilePath) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body(StateStore(directory: $0, now: now), $0) }
    }

    @Test func `events are read as they were recorded, in order, with numbers without gaps, also after a restart`() async throws {
        try await withStore { store, directory in
            #expect(try await store.eventRange() == (0, 0))
            #expect(try await store.append(event("a", id)).seq == 1)
            try await store.record(id, events: [event("b"), event("c", id)]) { _ in }
            struct Refusal: Error {}
            await #expect(throws: (any Error).self) {
                try await store.database.write { db in
                    _ = try EventRows.append(event("lost"), to: db)
                    throw Refusal()
                }
            }
            let again = try StateStore(directory: directory, now: now)
            #expect(try await again.append(event("d")).seq == 4)
            let events = try await again.events(after: 0, limit: 100)
            #expect(events.map(\.seq) == [1, 2, 3, 4] && events.map(\.event.details["word"]) == ["a", "b", "c", "d"])
            #expect(events.first?.event == event("a", id))
            #expect(try await again.events(after: 1, limit: 2).map(\.seq) == [2, 3])
            #expect(try await again.events(after: 0, limit: 100, of: id).map(\.seq) == [1, 3])
            #expect(try await again.newestEvents(2).map(\.seq) == [4, 3])
            #expect(try await again.newestEvents(9, of: id).map(\.seq) == [3, 1])
        }
    }

    @Test func `the oldest events are dropped and the numbers go on`() async throws {
        try await withStore { store, _ in
            let kept = EventRows.kept
            try await store.database.write { db in
                // As if so many had been recorded.
                _ = try EventRows.append(event("old"), to: db)
                try db.execute(sql: "UPDATE event SET seq = ?", arguments: [kept])
                try db.execute(sql: "UPDATE sqlite_sequence SET seq = ? WHERE name = 'event'", arguments: [kept + 998])
                for seq in [1, 999, 1000, 1001] as [Int64] {
                    try db.execute(
                        sql: "INSERT INTO event (seq, at, kind, message, details) VALUES (?, ?, 'k', '', '{}')", arguments: [seq, now])
                }
            }
            #expect(try await store.append(event("new")).seq == kept + 999)
            #expect(try await store.eventRange().oldest == 1, "not at every event")
            #expect(try await store.append(event("newest")).seq == kept + 1000)
            #expect(try await store.eventRange() == (1001, kept + 1000))
        }
    }

    @Test func `a follower goes on at the event it waits for, not before`() async throws {
        try await withStore { store, _ in
            _ = try await store.append(event("before"))
            let log = try await EventLog(store: store)
            await log.wait(after: 0)
            let follower = Task { await log.wait(after: 2) }
            let near = Task { await log.wait(after: 1) }
            try await eventually("two follow") { log.followerCount == 2 }
            try await log.record(event("second"))
            await near.value
            #expect(log.followerCount == 1, "event 2 is none after 2")
            try await log.record(id, [event("third")]) { _ in }
            await follower.value
            #expect(log.followerCount == 0)
        }
    }

    @Test func `a follower that is cancelled goes, and the others stay`() async throws {
        try await withStore { store, _ in
            let log = try await EventLog(store: store)
            let stays = Task { await log.wait(after: 0) }
            try await eventually("one follows") { log.followerCount == 1 }
            let goes = Task { await log.wait(after: 0) }
            try await eventually("two follow") { log.followerCount == 2 }
            goes.cancel()
            await goes.value
            #expect(log.followerCount == 1)
            try await log.record(event("a"))
            await stays.value
            let late = Task {
                try? await Task.sleep(for: .seconds(60))  // no wait: a writer that does not end
                await log.wait(after: 100)
            }
            late.cancel()
            await late.value
        }
    }
}
