import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@testable import SyncEngine

/// When remote changes are looked for.
struct PollingTimeTests {
    @Test func `a restart keeps when the host is asked next, and what its list was`() async throws {
        try await withTemporaryDirectory { directory in
            let clock = ManualClock()
            let host = CountingHost(clock: clock)
            let first = try await PollingBench(in: directory, clock: clock, host: host)
            try await first.makeGists(0..<3)
            try await first.live(for: 2000)
            let running = Task { await first.polling.run() }
            let due = try await eventually("it sleeps") { clock.alarms.first }
            running.cancel()
            await running.value
            let asked = host.lists

            // Another chance, so that a time drawn anew would be another one.
            let second = try await PollingBench(in: directory, clock: clock, host: host, chance: 0.1)
            let again = Task { await second.polling.run() }
            try await eventually("it sleeps until the same time") { clock.alarms == [due] }
            #expect(host.lists == asked)
            clock.advance(by: due.timeIntervalSince(clock.now))
            try await eventually("it polls") { host.lists.count > asked.count && !clock.alarms.isEmpty }
            #expect(host.lists.last == asked.last && host.lists.last?.validator != nil)
            #expect(host.requests.last?.what == .list(host.lists.last ?? .init(.own), unchanged: true))
            again.cancel()
            await again.value
        }
    }

    @Test func `between two polls nothing wakes but the next one, and where nothing is pulled not even that`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<3)
            let running = Task { await bench.polling.run() }
            let due = try await eventually("it sleeps") { bench.clock.alarms.first }
            #expect(bench.clock.alarms == [due] && bench.host.requests.isEmpty)
            bench.clock.advance(by: due.timeIntervalSince(bench.clock.now) - 1)
            #expect(bench.clock.alarms == [due] && bench.host.requests.isEmpty)

            // gists.direction: publish
            bench.settings.change { $0.isWanted = false }
            await bench.polling.configurationChanged()
            try await eventually("no alarm is set") { bench.clock.alarms.isEmpty }
            bench.clock.advance(by: 86_400)
            #expect(bench.host.requests.isEmpty)
            await bench.polling.pollNow()
            #expect(bench.host.requests.isEmpty)

            bench.settings.change { ($0.isWanted, $0.interval) = (true, 60) }
            await bench.polling.configurationChanged()
            for count in 1...3 {
                let next = try await eventually("it sleeps at the new pace") { bench.clock.alarms.first }
                #expect(next.timeIntervalSince(bench.clock.now) <= 66)
                bench.clock.advance(by: next.timeIntervalSince(bench.clock.now))
                try await eventually("it polls") { bench.host.lists.count { $0.since != nil } == count && bench.clock.alarms.count == 1 }
            }
            running.cancel()
            await running.value
        }
    }

    @Test func `while the host wants to be left alone nothing is asked, and after that not before it is due`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<3)
            bench.host.fail(with: .limited(until: bench.clock.now.addingTimeInterval(2000), "slow down"))
            await bench.polling.pollNow()
            #expect(bench.host.requests.count == 1)
            bench.host.fail(with: nil)
            await bench.polling.pollNow()
            let running = Task { await bench.polling.run() }
            var polls = 0
            while let due = try await eventually("it sleeps", value: { bench.clock.alarms.first }) as Date?, polls < 4 {
                let isClosed = await bench.gate.closed != nil
                #expect((bench.host.requests.count == 1) == isClosed || polls == 3)
                bench.clock.advance(by: due.timeIntervalSince(bench.clock.now))
                polls += 1
            }
            try await eventually("it asks again") { bench.host.requests.count > 1 }
            running.cancel()
            await running.value
        }
    }

    @Test func `a poll that failed is made again when the next one is due, and loses nothing`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<3)
            await bench.polling.pollNow()
            let id = try PollingBench.id(1)
            bench.host.touch(id, at: bench.clock.now)
            bench.host.fail(with: .unavailable("down"))
            bench.clock.advance(by: 900)
            await bench.polling.pollNow()
            #expect(try await bench.noticed() == [])
            bench.host.fail(with: nil)
            let running = Task { await bench.polling.run() }
            let due = try await eventually("it sleeps") { bench.clock.alarms.first }
            #expect((810...990).contains(due.timeIntervalSince(bench.clock.now)))
            bench.clock.advance(by: due.timeIntervalSince(bench.clock.now))
            try await eventually("it is noticed") { try await bench.noticed() == [id] }
            running.cancel()
            await running.value
        }
    }

    @Test func `who asks while a poll is under way shares the next one, and there is one at a time`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<3)
            await bench.polling.pollNow()
            let before = bench.host.lists.count
            let (inside, goesOn) = (Shared((now: 0, most: 0)), Shared(false))
            bench.host.whileListing {
                inside.change { ($0.now, $0.most) = ($0.now + 1, max($0.most, $0.now + 1)) }
                while !goesOn.value { await Task.yield() }
                inside.change { $0.now -= 1 }
            }
            let first = Task { await bench.polling.pollNow() }
            try await eventually("the first one asks") { inside.value.now == 1 }
            let others = (0..<10).map { _ in Task { await bench.polling.pollNow() } }
            for _ in 0..<100 { await Task.yield() }
            goesOn.change { $0 = true }
            for task in [first] + others { await task.value }
            #expect(inside.value.most == 1)
            #expect(bench.host.lists.count - before == 2)
        }
    }

    @Test func `who waits for a poll of a host that does not answer waits so long and no longer`() async throws {
        try await PollingBench.with { bench in
            try await bench.makeGists(0..<1)
            let goesOn = Shared(false)
            bench.host.whileListing { while !goesOn.value { await Task.yield() } }
            let asking = Task { await bench.polling.pollNow(waitingAtMost: 10) }
            try await eventually("it waits") { bench.clock.alarms == [bench.clock.now.addingTimeInterval(10)] }
            bench.clock.advance(by: 10)
            await asking.value
            goesOn.change { $0 = true }
        }
    }
}
