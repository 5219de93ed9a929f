import Dispatch
import Synchronization

/// Runs work that blocks (hashing 4 GiB, fsync, git) away from Swift's shared threads, which are as few as the cores.
///
/// At most `width` pieces of work run at once, each on a thread of its own; the others wait in the order of their arrival.
public struct BlockingLane: Sendable {
    private typealias Work = @Sendable () -> Void

    private struct State {
        var idle: [DispatchQueue]
        var waiting: [Work] = []
    }

    private final class Threads: Sendable {
        let state: Mutex<State>

        init(_ queues: [DispatchQueue]) { state = Mutex(State(idle: queues)) }

        func start(_ work: @escaping Work) {
            let free: DispatchQueue? = state.withLock {
                guard let queue = $0.idle.popLast() else {
                    $0.waiting.append(work)
                    return nil
                }
                return queue
            }
            if let free { free.async { self.run(work, on: free) } }
        }

        private func run(_ work: @escaping Work, on queue: DispatchQueue) {
            var next: Work? = work
            while let current = next {
                current()
                next = state.withLock {
                    if !$0.waiting.isEmpty { return $0.waiting.removeFirst() }
                    $0.idle.append(queue)
                    return nil
                }
            }
        }
    }

    private let threads: Threads

    /// - Parameters:
    ///   - label: Name of the threads' queues in a debugger.
    ///   - width: Pieces of work at once, at least 1.
    public init(label: String, width: Int) {
        precondition(width >= 1)
        // Serial queues: Dispatch gives each a thread, while a concurrent one shares as many as there are cores.
        threads = Threads((1...width).map { DispatchQueue(label: "\(label).\($0)") })
    }

    /// Waits for a free thread, runs `work` on it and gives what it returned or threw. A cancelled task's work runs all the same.
    public func run<R: Sendable>(_ work: @escaping @Sendable () throws -> R) async throws -> R {
        try await result { Result { try work() } }.get()
    }

    /// The same for work that throws nothing. A task of ``BlockingExecutor`` does it itself.
    public func result<R: Sendable>(of work: @escaping @Sendable () -> R) async -> R {
        if BlockingExecutor.isCurrent { return work() }
        return await withCheckedContinuation { done in start { done.resume(returning: work()) } }
    }

    /// The same without waiting for it.
    func start(_ work: @escaping @Sendable () -> Void) { threads.start(work) }
}
