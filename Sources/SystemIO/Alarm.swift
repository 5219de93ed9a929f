import Dispatch
import Synchronization

/// Sleeping without `Task.sleep`, which uses Dispatch's global queues: see ``SharedThreads``.
public enum Alarm {
    private static let queue = DispatchQueue(label: "alarm")

    /// - Parameter seconds: Rounded up to a millisecond; less than 0 counts as 0.
    /// - Throws: `CancellationError`, at once, when the task is cancelled.
    public static func sleep(for seconds: Double) async throws {
        let sleeper = Sleeper(milliseconds: Int((max(seconds, 0) * 1000).rounded(.up)), on: queue)
        await withTaskCancellationHandler {
            await withCheckedContinuation { sleeper.sleep($0) }
        } onCancel: {
            sleeper.wake()
        }
        try Task.checkCancellation()
    }
}

/// One sleep: a timer that is gone as soon as it is not needed, so that nothing wakes for sleepers that were woken.
private final class Sleeper: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Void, Never>?
        var isAwake = false
    }

    // Dispatch objects are safe to share, only not declared so on Linux.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer
    private let state = Mutex(State())

    init(milliseconds: Int, on queue: DispatchQueue) {
        unsafe timer = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
        unsafe timer.setEventHandler { [weak self] in self?.wake() }
        unsafe timer.schedule(deadline: .now() + .milliseconds(milliseconds), leeway: .nanoseconds(0))
        unsafe timer.activate()
    }

    func sleep(_ continuation: CheckedContinuation<Void, Never>) {
        let sleeps = state.withLock { state in
            if !state.isAwake { state.continuation = continuation }
            return !state.isAwake
        }
        if !sleeps { continuation.resume() }
    }

    func wake() {
        let continuation = state.withLock { state in
            state.isAwake = true
            defer { state.continuation = nil }
            return state.continuation
        }
        unsafe timer.cancel()
        continuation?.resume()
    }
}
