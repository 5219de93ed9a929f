import ControlProtocol
import FoundationEssentials
import Planning
import Synchronization

/// How far one reading has come, and whether it is to stop: written by the thread that reads, looked at by everybody else.
final class ReadingGauge: Sendable {
    private let readBytes = Atomic<Int64>(0)
    private let totalBytes = Atomic<Int64>(-1)
    private let stop = Atomic(false)
    /// The newest job that it answers.
    private let goal: Atomic<Int64>
    /// Nil as long as it waits in line.
    private let course = Mutex<Course?>(nil)

    private struct Course {
        let begunAt: ContinuousClock.Instant
        let firstByte: Int64
        var meter = RateMeter()
    }

    init(goal: Int64) { self.goal = Atomic(goal) }

    var shouldStop: Bool { stop.load(ordering: .relaxed) }

    func requestStop() { stop.store(true, ordering: .relaxed) }

    /// Says that this reading answers another job, too.
    func join(goal other: Int64) { goal.max(other, ordering: .relaxed) }

    var answeredGoal: Int64 { goal.load(ordering: .relaxed) }

    /// - Parameter offset: Where it begins: not at 0 when an earlier reading is taken up.
    func begin(at offset: Int64, of total: Int64, at now: ContinuousClock.Instant = .now) {
        course.withLock { $0 = Course(begunAt: now, firstByte: offset) }
        readBytes.store(offset, ordering: .relaxed)
        totalBytes.store(total, ordering: .relaxed)
    }

    func reach(_ offset: Int64) { readBytes.store(offset, ordering: .relaxed) }

    /// As status shows it; the rate is that of the last seconds, or since it began where nobody asked before.
    func work(because reason: ReadingReason, at now: ContinuousClock.Instant = .now) -> BinaryWork {
        let (read, total) = (readBytes.load(ordering: .relaxed), totalBytes.load(ordering: .relaxed))
        return BinaryWork(
            kind: .verifying, doneBytes: read, totalBytes: total < 0 ? nil : total, bytesPerSecond: rate(read, at: now), reason: reason)
    }

    private func rate(_ read: Int64, at now: ContinuousClock.Instant) -> Int64 {
        course.withLock { course in
            guard let begunAt = course?.begunAt, let firstByte = course?.firstByte, now - begunAt > .milliseconds(100) else { return 0 }
            // Measured only for those who ask.
            if course?.meter.isEmpty == true { course?.meter.count(firstByte, at: begunAt) }
            course?.meter.count(read, at: now)
            return course?.meter.bytesPerSecond ?? 0
        }
    }
}
