import Foundation
import Synchronization
import SystemIO
import Testing

private final class Counter: Sendable {
    let value = Mutex(0)
}

@Suite(.timeLimit(.minutes(1))) struct BlockingLaneTests {
    @Test func `as many pieces of work run at once as the lane is wide, more than there are cores`() async throws {
        let width = 4 * ProcessInfo.processInfo.activeProcessorCount
        let lane = BlockingLane(label: "test", width: width)
        let arrived = Counter()
        let everybody = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<width {
                group.addTask {
                    try await lane.run {
                        // Ends only when all of them run at the same time.
                        if arrived.value.withLock({
                            $0 += 1; return $0
                        }) == width {
                            for _ in 0..<width { everybody.signal() }
                        }
                        everybody.wait()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `never more than its width run at once, and all are done`() async throws {
        let lane = BlockingLane(label: "test", width: 2)
        let (running, most, done) = (Counter(), Counter(), Counter())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await lane.run {
                        let now = running.value.withLock {
                            $0 += 1; return $0
                        }
                        most.value.withLock { $0 = max($0, now) }
                        usleep(500)  // no wait: the blocking work
                        running.value.withLock { $0 -= 1 }
                        done.value.withLock { $0 += 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(most.value.withLock { $0 } <= 2)
        #expect(done.value.withLock { $0 } == 200)
    }

    @Test func `values and errors come back`() async throws {
        let lane = BlockingLane(label: "test", width: 1)
        #expect(try await lane.run { 42 } == 42)
        await #expect(throws: SystemError.self) { try await lane.run { throw SystemError(errno: EIO, operation: "read", path: "x") } }
        #expect(try await lane.run { 43 } == 43, "an error does not end the lane")
    }

    @Test func `a task that may block does itself what it gives to a lane, also in its children`() async throws {
        let lane = BlockingLane(label: "test", width: 1)
        try await withTaskExecutorPreference(BlockingExecutor.shared) {
            // The lane has one thread: if it were the lane's, nobody would come to signal.
            let held = DispatchSemaphore(value: 0)
            async let waits: Void = lane.run { held.wait() }
            async let signals: Void = lane.run { _ = held.signal() }
            _ = try await (waits, signals)
        }
    }
}
