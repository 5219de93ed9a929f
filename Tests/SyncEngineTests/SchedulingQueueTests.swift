import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@testable import SyncEngine

struct SchedulingQueueTests {
    let clock = ManualClock()
    let queue: LookQueue
    let a = model("a")
    let b = model("b")
    let c = model("c")

    init() { queue = LookQueue(clock: clock, settling: .init(quiet: 2, atMost: 30)) }

    private func at(_ seconds: TimeInterval) -> Date { Date(timeIntervalSince1970: 1_800_000_000 + seconds) }

    /// Moves the time once the queue's alarm stands where it should.
    private func ring(at seconds: TimeInterval) async throws {
        try await eventually("an alarm at \(seconds)") { clock.alarms == [at(seconds)] }
        clock.advance(by: at(seconds).timeIntervalSince(clock.now))
    }

    @Test func `marked models come in the order of marking, each once`() async {
        await queue.mark([b, a])
        await queue.mark([a, c, b])
        #expect(await [queue.take(), queue.take(), queue.take()] == [b, a, c])
        #expect(await !queue.isDrained)
        #expect(await queue.finish(a) == false)
        #expect(await queue.finish(b) == false)
        #expect(await queue.finish(c) == true)
    }

    @Test func `a model is in one pass at a time, and a mark meanwhile earns it one more`() async {
        await queue.mark([a])
        #expect(await queue.take() == a)
        await queue.mark([a])
        await queue.mark([a])
        await queue.mark([b])
        #expect(await queue.take() == b)
        #expect(await queue.finish(a) == false)
        #expect(await queue.take() == a)
        #expect(await queue.finish(b) == false)
        #expect(await queue.finish(a) == true)
        #expect(await queue.isDrained)
        #expect(await !queue.isPending(a))
    }

    @Test func `a touched model is looked at when it has been quiet`() async throws {
        await queue.touch([a])
        #expect(await queue.isPending(a))
        #expect(await !queue.isDrained)
        try await eventually("asleep") { clock.alarms == [at(2)] }
        clock.advance(by: 1.5)
        await queue.touch([a])
        // The first alarm rings, finds that the model was touched since, and another is set.
        clock.advance(by: 0.5)
        try await ring(at: 3.5)
        #expect(await queue.take() == a)
    }

    @Test func `what never becomes quiet is looked at all the same`() async throws {
        for step in 0..<29 {
            if step > 0 { clock.advance(by: 1) }
            await queue.touch([a])
            try await eventually("asleep") { clock.alarms.first.map { $0 > clock.now } == true }
        }
        clock.advance(by: 1)
        await queue.touch([a])
        try await ring(at: 30)
        #expect(await queue.take() == a)
    }

    @Test func `who asks waits while somebody still writes`() async throws {
        await queue.touch([a])
        await queue.mark([a])
        await queue.wake(a, at: at(-5))
        await queue.mark([b])
        #expect(await queue.take() == b)
        #expect(await queue.finish(b) == false, "a still settles")
        try await ring(at: 2)
        #expect(await queue.take() == a)
        #expect(await queue.finish(a) == true)
    }

    @Test func `a touch during a pass settles before the next`() async throws {
        await queue.mark([a])
        #expect(await queue.take() == a)
        await queue.touch([a])
        #expect(clock.alarms.isEmpty)
        #expect(await queue.finish(a) == false)
        try await ring(at: 2)
        #expect(await queue.take() == a)
    }

    @Test func `of several times the earliest counts, and a look makes the others void`() async throws {
        await queue.wake(a, at: at(50))
        await queue.wake(a, at: at(10))
        await queue.wake(a, at: at(20))
        #expect(await queue.isDrained, "a time to come is nothing that is due")
        try await ring(at: 10)
        #expect(await queue.take() == a)
        #expect(await queue.finish(a) == true)
        clock.advance(by: 1000)
        #expect(clock.alarms.isEmpty)
    }

    @Test func `the alarm is set for whatever is due first`() async throws {
        await queue.wake(a, at: at(50))
        try await eventually("asleep") { clock.alarms == [at(50)] }
        await queue.wake(b, at: at(10))
        try await ring(at: 10)
        #expect(await queue.take() == b)
        _ = await queue.finish(b)
        try await ring(at: 50)
        #expect(await queue.take() == a)
    }

    @Test func `with nothing due no alarm is set`() async throws {
        #expect(clock.alarms.isEmpty)
        await queue.mark([a])
        _ = await queue.take()
        _ = await queue.finish(a)
        #expect(clock.alarms.isEmpty)
        await queue.wake(a, at: at(5))
        try await ring(at: 5)
        _ = await queue.take()
        _ = await queue.finish(a)
        for _ in 0..<50 { await Task.yield() }
        #expect(clock.alarms.isEmpty)
    }

    @Test func `a lane that waits gets what becomes due`() async throws {
        async let taken = queue.take()
        try await eventually("a taker") { await queue.takerCount == 1 }
        #expect(await queue.isDrained)
        await queue.mark([a])
        let model = await taken
        #expect(model == a)
        #expect(await !queue.isDrained)
        #expect(await queue.isPending(a))
    }

    @Test func `closing lets every lane go, and nothing comes afterwards`() async throws {
        async let first = queue.take()
        async let second = queue.take()
        try await eventually("two takers") { await queue.takerCount == 2 }
        await queue.wake(a, at: at(5))
        await queue.close()
        let taken = await [first, second]
        #expect(taken == [nil, nil])
        await queue.mark([a])
        #expect(await queue.take() == nil)
        try await eventually("no alarm") { clock.alarms.isEmpty }
    }

    @Test func `thousands of marks on the way cost no more than the models there are`() async {
        await queue.mark([a, b])
        for _ in 0..<5000 {
            let taken = await queue.take()!
            await queue.mark([taken])
            _ = await queue.finish(taken)
        }
        #expect(await queue.lineLength < 4096)
    }
}

/// A model of the zoo that these tests have.
func model(_ path: String, zoo: String = "zoo") -> ModelID { ModelID(zoo: zoo, path: try! RelativePath(path)) }
