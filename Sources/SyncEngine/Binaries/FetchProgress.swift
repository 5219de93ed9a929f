import ControlProtocol
import Planning
import Synchronization

/// How far a fetch is: told by the thread that it runs on, looked at by whoever asks.
final class FetchProgress: Sendable {
    private let state = Mutex((doneBytes: Int64(0), totalBytes: Int64?.none, rate: RateMeter(), isKnown: false))

    func tell(_ doneBytes: Int64, of totalBytes: Int64?) {
        state.withLock { state in
            state.rate.count(doneBytes)
            (state.doneBytes, state.totalBytes, state.isKnown) = (doneBytes, totalBytes, true)
        }
    }

    /// With the rate of the last seconds, also where nothing came in them.
    func shown(on work: BinaryWork) -> BinaryWork {
        state.withLock { state in
            guard state.isKnown else { return work }
            var work = work
            state.rate.count(state.doneBytes)
            (work.doneBytes, work.totalBytes) = (state.doneBytes, state.totalBytes)
            work.bytesPerSecond = state.rate.bytesPerSecond
            return work
        }
    }
}
