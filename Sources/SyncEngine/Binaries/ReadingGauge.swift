import FoundationEssentials
import Planning
import Synchronization

/// How far one reading has come, and whether it is to stop: written by the thread that reads, looked at by everybody else.
final class ReadingGauge: Sendable {
    private let readBytes = Atomic<Int64>(0)
    private let totalBytes = Atomic<Int64>(-1)
    /// Where it began: not at 0 when an earlier reading was taken up.
    private let firstByte = Atomic<Int64>(0)
    private let stop = Atomic(false)
    /// The newest job that it answers.
    private let goal: Atomic<Int64>
    private let begunAt = ContinuousClock().now

    init(goal: Int64) { self.goal = Atomic(goal) }

    var shouldStop: Bool { stop.load(ordering: .relaxed) }

    func requestStop() { stop.store(true, ordering: .relaxed) }

    /// Says that this reading answers another job, too.
    func join(goal other: Int64) { goal.max(other, ordering: .relaxed) }

    var answeredGoal: Int64 { goal.load(ordering: .relaxed) }

    func begin(at offset: Int64, of total: Int64) {
        firstByte.store(offset, ordering: .relaxed)
        readBytes.store(offset, ordering: .relaxed)
        totalBytes.store(total, ordering: .relaxed)
    }

    func reach(_ offset: Int64) { readBytes.store(offset, ordering: .relaxed) }

    /// As status shows it; the rate is that since it began.
    func work(because reason: ReadingReason) -> BinaryWork {
        let (read, total) = (readBytes.load(ordering: .relaxed), totalBytes.load(ordering: .relaxed))
        let seconds = begunAt.duration(to: ContinuousClock().now).seconds
        let rate = seconds > 0.1 ? Double(read - firstByte.load(ordering: .relaxed)) / seconds : 0
        return BinaryWork(
            kind: .verifying, doneBytes: read, totalBytes: total < 0 ? nil : total, bytesPerSecond: Int64(max(0, rate)), reason: reason)
    }
}
