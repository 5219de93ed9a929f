import FoundationEssentials
import Synchronization

/// Puts questions whose answers may hang in the kernel, for somebody who waits so long and no longer.
final class Patience: Sendable {
    private let seconds: TimeInterval
    private let limit: Int
    private let clock: any DaemonClock
    private let unanswered = Mutex<[String: Int]>([:])

    /// - Parameters:
    ///   - seconds: Until a question is given up.
    ///   - limit: So many questions about one subject may be unanswered; where it hangs they pile up no further.
    init(seconds: TimeInterval, limit: Int, clock: any DaemonClock) { (self.seconds, self.limit, self.clock) = (seconds, limit, clock) }

    /// - Parameter subject: What hangs as a whole, such as a zoo.
    /// - Returns: Nil when there was no answer in time, and when the asking task was cancelled.
    func answer<Answer: Sendable>(about subject: String, _ question: @escaping @Sendable () async -> Answer) async -> Answer? {
        guard begin(subject) else { return nil }
        let (answers, answer) = AsyncStream<Answer>.makeStream()
        // Apart from the asking task: what hangs in the kernel cannot be cancelled, only left behind.
        Task {
            answer.yield(await question())
            answer.finish()
            end(subject)
        }
        let deadline = clock.now.addingTimeInterval(seconds)
        let alarm = Task { [clock] in
            do { try await clock.sleep(until: deadline) } catch { return }
            answer.finish()
        }
        defer { alarm.cancel() }
        for await given in answers { return given }
        return nil
    }

    private func begin(_ subject: String) -> Bool {
        unanswered.withLock { counts in
            guard counts[subject, default: 0] < limit else { return false }
            counts[subject, default: 0] += 1
            return true
        }
    }

    private func end(_ subject: String) { unanswered.withLock { $0[subject, default: 1] -= 1 } }
}
