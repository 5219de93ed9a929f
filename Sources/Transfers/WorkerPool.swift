import Dispatch
import Synchronization

/// A few workers, each a thread while it works and a `CURLM` of its own for good: a transfer that waits for the disk holds up no other.
final class WorkerPool: Sendable {
    private struct Worker: Sendable {
        let queue: DispatchQueue
        let curl = CurlMulti()
    }

    private struct Job: Sendable {
        let cancellation: Cancellation
        /// Called exactly once: with the worker's connections, or with nil when cancelled before it began.
        let run: @Sendable (CurlMulti?) -> Void
    }

    private struct State {
        var idle: [Worker]
        var waiting: [Job] = []
    }

    private let state: Mutex<State>

    init(label: String, workers: Int) {
        state = Mutex(State(idle: (1...max(workers, 1)).map { Worker(queue: DispatchQueue(label: "\(label) \($0)")) }))
    }

    /// Runs `work` on the next free worker. A cancelled task gets `cancelled` at once while `work` waits for a worker; afterwards `work`
    /// is told by ``Cancellation`` and ends by itself.
    func run<R: Sendable>(
        _ work: @escaping @Sendable (CurlMulti, Cancellation) throws(TransferFailure) -> R
    ) async throws(TransferFailure) -> R {
        let cancellation = Cancellation()
        let result: Result<R, TransferFailure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit(Job(cancellation: cancellation) { continuation.resume(returning: Self.outcome(of: work, $0, cancellation)) })
            }
        } onCancel: {
            cancellation.cancel()
            withdraw(cancellation)
        }
        return try result.get()
    }

    private static func outcome<R>(
        of work: (CurlMulti, Cancellation) throws(TransferFailure) -> R, _ curl: CurlMulti?, _ cancellation: Cancellation
    ) -> Result<R, TransferFailure> {
        guard let curl, !cancellation.isCancelled else { return .failure(TransferFailure(.cancelled)) }
        do { return .success(try work(curl, cancellation)) } catch { return .failure(error) }
    }

    /// How many pieces of work no worker is free for.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    private func submit(_ job: Job) {
        let (worker, isRefused): (Worker?, Bool) = state.withLock { state in
            // Cancelling sets the mark first and looks through the waiting ones second, so one of the two sees the other.
            guard !job.cancellation.isCancelled else { return (nil, true) }
            if let worker = state.idle.popLast() { return (worker, false) }
            state.waiting.append(job)
            return (nil, false)
        }
        if let worker { worker.queue.async { self.work(worker, job) } }
        if isRefused { job.run(nil) }
    }

    private func withdraw(_ cancellation: Cancellation) {
        let job = state.withLock { state in
            state.waiting.firstIndex { $0.cancellation === cancellation }.map { state.waiting.remove(at: $0) }
        }
        job?.run(nil)
    }

    private func work(_ worker: Worker, _ first: Job) {
        var next: Job? = first
        while let job = next {
            job.cancellation.begin(on: worker.curl)
            job.run(worker.curl)
            job.cancellation.end()
            next = state.withLock { state in
                guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                state.idle.append(worker)
                return nil
            }
        }
    }
}
