import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@testable import SyncEngine

/// Noticing what somebody else changed, by as few requests as can be.
struct PollingTests {
    private let hour: TimeInterval = 3600

    @Test func `a thousand own gists that nobody changes cost at most 12 requests an hour, and are all listed once a day`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<1000)
            try await bench.live(for: 24 * hour)
            #expect(bench.host.mostInAnHour <= 12)
            #expect(bench.host.reads == [])
            // One conditional request a poll; what it is about stays the same, so that the host can say that nothing changed.
            let polls = bench.host.requests.filter { if case .list(let request, _) = $0.what { request.since != nil } else { false } }
            let free = polls.filter { if case .list(_, unchanged: true) = $0.what { true } else { false } }
            #expect((90...110).contains(polls.count) && free.count >= polls.count - 1)
            let pages = bench.host.lists.filter { $0.since == nil }.map { $0.cursor ?? "0" }
            #expect(Set(pages) == Set((0..<10).map { String($0 * 100) }))
            #expect((20...30).contains(pages.count))
        }
    }

    @Test(arguments: [3, 297])
    func `a deleted gist is noticed within 24 hours, whenever it went`(number: Int) async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<300)
            // Just after the walk over the list has passed it: the worst moment.
            try await bench.live(for: number == 3 ? 1 * hour : 11.5 * hour)
            try bench.host.remove(PollingBench.id(number))
            try await bench.live(for: 24 * hour)
            let removed = try PollingBench.id(number)
            #expect(bench.host.reads.contains(removed) && bench.host.reads.count { $0 == removed } == 1)
            // Who moved up over the end of a page meanwhile may have been missed: reading tells that it is there.
            #expect(bench.host.reads.count <= 20 && bench.host.mostInAnHour <= 12 + bench.host.reads.count)
        }
    }

    @Test func `a list that is empty all at once proves nothing: each gist is asked for itself`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<3)
            try await bench.live(for: 1 * hour)
            bench.host.showNothing()
            try await bench.live(for: 12 * hour)
            #expect(Set(bench.host.reads) == Set(try (0..<3).map(PollingBench.id)))
            #expect(try await bench.noticed() == [])
            #expect(try await bench.store.followedGists(isLocal: false).count == 3)
        }
    }

    @Test func `what a list says to be newer is read and nothing else, and own writings are not`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<5)
            await bench.polling.pollNow()
            let (foreign, own) = (try PollingBench.id(2), try PollingBench.id(3))
            bench.clock.advance(by: 1000)
            bench.host.touch(foreign, at: bench.clock.now)
            bench.host.touch(own, at: bench.clock.now.addingTimeInterval(-500))
            // What its PATCH answered.
            let (updatedAt, readAt) = (bench.host.changedAt(own), bench.clock.now)
            try await bench.store.record(PollingBench.model(3)) {
                $0.gist?.updatedAt = updatedAt
                $0.gist?.readAt = readAt
            }
            await bench.polling.pollNow()
            #expect(try await bench.noticed() == [foreign])
            #expect(await bench.queue.isPending(try PollingBench.model(2)))
            #expect(await bench.queue.isPending(try PollingBench.model(3)) == false)
            try await bench.readNoticed()
            for _ in 0..<3 {
                bench.clock.advance(by: 1000)
                await bench.polling.pollNow()
                try await bench.readNoticed()
            }
            #expect(bench.host.reads == [foreign, foreign], "once more, since it was read within the second of its change")
        }
    }

    @Test func `after a burst of changes one page is enough again`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<250)
            await bench.polling.pollNow()
            for number in 0..<250 { bench.host.touch(try PollingBench.id(number), at: bench.clock.now) }
            bench.clock.advance(by: 900)
            await bench.polling.pollNow()
            #expect(try await bench.readNoticed().count == 250)
            bench.clock.advance(by: 900)
            bench.host.touch(try PollingBench.id(7), at: bench.clock.now)
            await bench.polling.pollNow()
            try await bench.readNoticed()
            let before = bench.host.lists.count
            for _ in 0..<3 {
                bench.clock.advance(by: 900)
                await bench.polling.pollNow()
            }
            #expect(bench.host.lists.count - before <= 4)
        }
    }

    @Test func `a revision within the second of what was read is not missed: it is read once more, then trusted`() async throws {
        try await PollingBench.with(pollingEvery: 2) { bench in
            try await bench.makeGists(0..<1)
            let (id, second) = (try PollingBench.id(0), Date(timeIntervalSince1970: bench.clock.now.timeIntervalSince1970.rounded(.down)))
            bench.host.touch(id, at: second)
            // Read within that second; the list looks the same afterwards whatever follows in it.
            let readAt = bench.clock.now
            try await bench.store.record(PollingBench.model(0)) {
                $0.gist?.updatedAt = second
                $0.gist?.readAt = readAt
            }
            await bench.polling.pollNow()
            #expect(try await bench.noticed() == [], "the second is not over yet")
            for _ in 0..<6 {
                bench.clock.advance(by: 2.5)
                await bench.polling.pollNow()
                try await bench.readNoticed()
            }
            #expect(bench.host.reads == [id])
            // The list is asked for from the same time on, however young the change.
            let (last, free) = (bench.host.requests.suffix(3), Set(bench.host.lists.suffix(3).map(\.since)))
            #expect(free.count == 1 && last.allSatisfy { if case .list(_, unchanged: true) = $0.what { true } else { false } })
        }
    }

    @Test func `gists of others: one list an owner and poll, and each is read once a day, one here and one there`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<20, owner: "Ann", isOwn: false)
            try await bench.makeGists(20..<40, owner: "bob", isOwn: false, isListed: false)
            try await bench.live(for: 24 * hour)
            let owners = bench.host.lists.map(\.whose)
            #expect(Set(owners) == [.of(login: "ann"), .of(login: "bob")])
            #expect((180...220).contains(owners.count))
            let reads = bench.host.reads
            #expect(Set(reads).count == 40 && reads.count <= 44)
            let readTimes = bench.host.requests.filter { if case .read = $0.what { true } else { false } }.map(\.at)
            #expect(Set(readTimes).count >= 20)

            bench.host.touch(try PollingBench.id(5), at: bench.clock.now)
            bench.clock.advance(by: 900)
            await bench.polling.pollNow()
            #expect(try await bench.noticed().contains(PollingBench.id(5)))
        }
    }

    @Test func `one owner's list that cannot be had keeps no other from being asked for`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<1, owner: "ann", isOwn: false)
            try await bench.makeGists(1..<2, owner: "bob", isOwn: false)
            bench.host.fail(with: .notFound("no such user"))
            await bench.polling.pollNow()
            #expect(bench.host.lists.map(\.whose) == [.of(login: "ann"), .of(login: "bob")])
        }
    }

    @Test func `without a token only public lists are asked for, well below 60 requests an hour`() async throws {
        try await PollingBench.with(isSignedIn: false) { bench in
            for owner in 0..<20 { try await bench.makeGists(owner * 10..<owner * 10 + 10, owner: "owner\(owner)", isOwn: owner == 0) }
            try await bench.live(for: 24 * hour)
            #expect(!bench.host.lists.map(\.whose).contains(.own))
            #expect(Set(bench.host.lists.map(\.whose)).count == 20)
            #expect(bench.host.mostInAnHour <= 45)
        }
    }

    @Test func `the list of an owner is not asked for while the models are gone, and nothing is missed when one comes back`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<2, owner: "ann", isOwn: false)
            try await bench.makeGists(2..<3, owner: "bob", isOwn: false)
            try await bench.live(for: 1 * hour)
            let lists = { bench.host.lists.filter { $0.whose == .of(login: "ann") }.count }
            let before = lists()
            #expect(before > 0)
            bench.vanished.change { $0 = [try! PollingBench.model(0), try! PollingBench.model(1)] }
            try await bench.live(for: 2 * hour)
            #expect(lists() == before)
            bench.host.touch(try PollingBench.id(1), at: bench.clock.now)
            try await bench.live(for: 1 * hour)
            #expect(lists() == before)
            #expect(!bench.host.reads.contains(try PollingBench.id(1)))
            bench.vanished.change { $0 = [try! PollingBench.model(0)] }
            try await bench.live(for: 1 * hour)
            #expect(lists() > before)
            #expect(bench.host.reads.contains(try PollingBench.id(1)))
        }
    }
}
