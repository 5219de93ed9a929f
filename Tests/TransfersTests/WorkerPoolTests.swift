import Dispatch
import Testing
import ZooTestSupport

@testable import Transfers

@Suite struct `The worker pool` {
    @Test(.timeLimit(.minutes(2)))
    func `work that waits for a worker is given up at once when cancelled, and never begins`() async throws {
        let pool = WorkerPool(label: "test", workers: 1)
        let (gate, begun) = (DispatchSemaphore(value: 0), Recorder<Int>())
        let first = Task {
            try await pool.run { _, _ in
                begun.append(1)
                gate.wait()
            }
        }
        try await eventually("the first piece of work begins") { begun.all == [1] }
        let second = Task { try await pool.run { _, _ in begun.append(2) } }
        try await eventually("the second one waits") { pool.waitingCount == 1 }
        second.cancel()
        await #expect(throws: TransferFailure(.cancelled)) { try await second.value }
        #expect(pool.waitingCount == 0)
        gate.signal()
        try await first.value
        try await pool.run { _, _ in begun.append(3) }
        #expect(begun.all == [1, 3])
    }

    @Test func `work of a task that is cancelled already never begins`() async throws {
        let pool = WorkerPool(label: "test", workers: 1)
        let begun = Recorder<Int>()
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { _ = try? await pool.run { _, _ in begun.append(1) } }
        }
        #expect(begun.all.isEmpty)
    }

    @Test func `workers run side by side, and what waits is taken in order`() async throws {
        let pool = WorkerPool(label: "test", workers: 2)
        let (gate, begun) = (DispatchSemaphore(value: 0), Recorder<Int>())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    try await pool.run { _, _ in
                        begun.append(number)
                        gate.wait()
                    }
                }
                try await eventually("number \(number) begins or waits") { begun.all.count + pool.waitingCount == number + 1 }
            }
            #expect(Set(begun.all) == [0, 1])
            for _ in 0..<4 { gate.signal() }
            try await group.waitForAll()
        }
        #expect(Set(begun.all) == [0, 1, 2, 3])
    }
}
