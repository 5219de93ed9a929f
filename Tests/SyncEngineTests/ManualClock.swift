import Foundation
import SyncEngine
import Synchronization

/// A clock that stands still until a test moves it.
final class ManualClock: DaemonClock {
    private struct State {
        var now: Date
        var sleepers: [Int: (until: Date, wake: CheckedContinuation<Void, any Error>)] = [:]
        var nextID = 0
    }

    private let state: Mutex<State>

    init(_ now: Date = Date(timeIntervalSince1970: 1_800_000_000)) { state = Mutex(State(now: now)) }

    var now: Date { state.withLock { $0.now } }

    /// Until when somebody sleeps, earliest first.
    var alarms: [Date] { state.withLock { $0.sleepers.values.map(\.until).sorted() } }

    /// Moves the time and wakes everybody whose time has come.
    func advance(by seconds: TimeInterval) {
        let woken = state.withLock { state in
            state.now += seconds
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.wake)
        }
        for wake in woken { wake.resume() }
    }

    func sleep(until time: Date) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver: Bool? = state.withLock { state in
                    if Task.isCancelled { return nil }
                    if time <= state.now { return true }
                    state.sleepers[id] = (time, continuation)
                    return false
                }
                switch isOver {
                case nil: continuation.resume(throwing: CancellationError())
                case true?: continuation.resume()
                case false?: break
                }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id)?.wake }?.resume(throwing: CancellationError())
        }
    }
}
