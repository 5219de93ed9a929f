import Foundation
import Testing
import ZooTestSupport

@testable import SyncEngine

struct SchedulingUntilDueTests {
    private let clock = ManualClock()

    @Test func `a wait ends when it is due, when that may be another time, and when its task is cancelled`() async throws {
        let untilDue = UntilDue(clock: clock)
        let endings: [@Sendable (Task<Void, Never>) async -> Void] = [
            { [clock] _ in clock.advance(by: 10) }, { _ in await untilDue.changed() }, { $0.cancel() },
        ]
        for end in endings {
            let due = clock.now.addingTimeInterval(10)
            let waiting = Task { await untilDue.wait(until: due) }
            try await eventually("it sleeps") { clock.alarms == [due] }
            await end(waiting)
            await waiting.value
            #expect(clock.alarms.isEmpty)
        }
    }

    @Test func `what is told while it is found out when it is due ends the next wait, and only that`() async throws {
        let untilDue = UntilDue(clock: clock)
        await untilDue.changed()
        let due = clock.now.addingTimeInterval(10)
        let isOver = Shared(false)
        let first = Task {
            await untilDue.wait(until: due)
            isOver.change { $0 = true }
        }
        try await eventually("it ends at once") { isOver.value }
        await first.value
        let second = Task { await untilDue.wait(until: due) }
        try await eventually("it sleeps") { clock.alarms == [due] }
        clock.advance(by: 10)
        await second.value
    }

    @Test func `with nothing due nothing wakes, and a word ends it`() async throws {
        let untilDue = UntilDue(clock: clock)
        let isOver = Shared(false)
        let waiting = Task {
            await untilDue.wait(until: nil)
            isOver.change { $0 = true }
        }
        #expect(clock.alarms.isEmpty)
        // Before it waits or while it does: either way it is heard.
        await untilDue.changed()
        try await eventually("it ends") { isOver.value }
        await waiting.value
        #expect(clock.alarms.isEmpty)
    }
}
