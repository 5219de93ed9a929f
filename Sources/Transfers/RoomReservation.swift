import Dispatch
import Synchronization
import SystemIO

/// Takes the room for a large file on a thread of its own while its first bytes come: on a file system in memory that takes as long as
/// writing them.
final class RoomReservation: Sendable {
    /// A file of so many bytes or fewer gets its room at once, and a larger one so many at a time: nobody can write meanwhile.
    static let step: Int64 = 16 << 20

    private let queue = DispatchQueue(label: "zood room")
    private let state = Mutex((failure: SystemError?.none, isStopped: false))

    /// Begins. Returns at once.
    init(of byteCount: Int64, in file: SharedDescriptor) {
        queue.async { [self] in
            var end: Int64 = 0
            while end < byteCount, !state.withLock({ $0.isStopped }) {
                let start = end
                end = min(byteCount, start + Self.step)
                do throws(SystemError) { try file.descriptor.reserve(end, from: start) } catch {
                    return state.withLock { $0.failure = error }
                }
            }
        }
    }

    /// - Throws: ENOSPC or EDQUOT when there is not as much.
    func check() throws(SystemError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Returns when nothing is taken any more.
    func stop() {
        state.withLock { $0.isStopped = true }
        queue.sync {}
    }
}
