import Synchronization

/// Tells work on a worker's thread that its task was cancelled, and wakes it from waiting for the network.
final class Cancellation: Sendable {
    private struct State {
        var isCancelled = false
        /// Set while the work runs.
        var curl: CurlMulti?
    }

    private let state = Mutex(State())

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func cancel() {
        let curl = state.withLock { state in
            state.isCancelled = true
            return state.curl
        }
        curl?.wakeUp()
    }

    func begin(on curl: CurlMulti) { state.withLock { $0.curl = curl } }

    func end() { state.withLock { $0.curl = nil } }
}
