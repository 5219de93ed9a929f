import Synchronization
import SystemIO

/// A few `CURLM`s, each for one transfer at a time, which runs on a thread that may block: one that waits for the disk holds up no other.
final class WorkerPool: Sendable {
    private struct Job: Sendable {
        let cancellation: Cancellation
        /// Called exactly once: with connections, or with nil when cancelled before any were free.
        let begin: @Sendable (CurlMulti?) -> Void
    }

    private struct State {
        var idle: [CurlMulti]
        var waiting: [Job] = []
    }

    private let state: Mutex<State>
    private let lane: BlockingLane

    init(label: String, workers: Int) {
        lane = BlockingLane(label: label, width: max(workers, 1))
        state = Mutex(State(idle: (1...max(workers, 1)).map { _ in CurlMulti() }))
    }

    /// Runs `work` with the next free connections. A cancelled task gets `cancelled` at once while `work` waits for some; afterwards `work`
    /// is told by ``Cancellation`` and ends by itself.
    func run<R: Sendable>(
        _ work: @escaping @Sendable (CurlMulti, Cancellation) throws(TransferFailure) -> R
    ) async throws(TransferFailure) -> R {
        let cancellation = Cancellation()
        let result: Result<R, TransferFailure> = await withTaskCancellationHandler {
            guard let curl = await take(cancellation) else { return .failure(TransferFailure(.cancelled)) }
            let result = await lane.result { Self.outcome(of: work, curl, cancellation) }
            giveBack(curl)
            return result
        } onCancel: {
            cancellation.cancel()
            withdraw(cancellation)
        }
        return try result.get()
    }

    private static func outcome<R>(
        of work: (CurlMulti, Cancellation) throws(TransferFailure) -> R, _ curl: CurlMulti, _ cancellation: Cancellation
    ) -> Result<R, TransferFailure> {
        guard !cancellation.isCancelled else { return .failure(TransferFailure(.cancelled)) }
        cancellation.begin(on: curl)
        defer { cancellation.end() }
        do { return .success(try work(curl, cancellation)) } catch { return .failure(error) }
    }

    /// How many pieces of work wait for connections.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Nil when cancelled before any were free.
    private func take(_ cancellation: Cancellation) async -> CurlMulti? {
        let free: CurlMulti? = state.withLock { $0.waiting.isEmpty && !cancellation.isCancelled ? $0.idle.popLast() : nil }
        if let free { return free }
        return await withCheckedContinuation { continuation in
            submit(Job(cancellation: cancellation) { continuation.resume(returning: $0) })
        }
    }

    private func submit(_ job: Job) {
        let (curl, waits): (CurlMulti?, Bool) = state.withLock { state in
            // Cancelling sets the mark first and looks through the waiting ones second, so one of the two sees the other.
            if job.cancellation.isCancelled { return (nil, false) }
            if let curl = state.idle.popLast() { return (curl, false) }
            state.waiting.append(job)
            return (nil, true)
        }
        if !waits { job.begin(curl) }
    }

    private func withdraw(_ cancellation: Cancellation) {
        let job = state.withLock { state in
            state.waiting.firstIndex { $0.cancellation === cancellation }.map { state.waiting.remove(at: $0) }
        }
        job?.begin(nil)
    }

    private func giveBack(_ curl: CurlMulti) {
        let next: Job? = state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.idle.append(curl)
            return nil
        }
        next?.begin(curl)
    }
}
