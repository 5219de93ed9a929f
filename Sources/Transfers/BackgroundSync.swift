import Dispatch
import Glibc
import Synchronization
import SystemIO

/// Brings what was written to the disk on a thread of its own while more is written, and bounds what a power cut may cost.
final class BackgroundSync: Sendable {
    private struct State {
        var isRunning = false
        var synced = ByteRanges()
        var failure: SystemError?
    }

    /// What a power cut costs at most is 64 MiB, with the few that come between two calls.
    private static let limit: Int64 = 60 << 20
    /// From so many bytes on they are brought to the disk: early, so that nobody has to wait at the limit.
    private static let interval: Int64 = 32 << 20

    private let file: SharedDescriptor
    private let onSynced: @Sendable (ByteRanges) -> Void
    private let queue = DispatchQueue(label: "zood sync")
    private let state = Mutex(State())

    /// - Parameter onSynced: Called on the thread with all that a power cut leaves from now on.
    init(of file: SharedDescriptor, onSynced: @escaping @Sendable (ByteRanges) -> Void) {
        (self.file, self.onSynced) = (file, onSynced)
    }

    /// What a power cut leaves, and `onSynced` was told of.
    var synced: ByteRanges { state.withLock { $0.synced } }

    /// Why the disk did not take what was written. It is told once, by whichever sync comes first; what is synced later may say nothing.
    var failure: SystemError? { state.withLock { $0.failure } }

    /// `written` is all that is in the file. Waits where the limit is reached.
    func note(_ written: ByteRanges, isCancelled: () -> Bool) throws(DigestFailure) {
        let byteCount = written.byteCount
        guard byteCount - syncedByteCount >= Self.interval else { return try check() }
        begin(written)
        while byteCount - syncedByteCount >= Self.limit {
            try check()
            guard !isCancelled() else { throw .cancelled }
            usleep(2000)
        }
        try check()
    }

    /// Begins to bring `written` to the disk, unless something is under way. Returns at once.
    func begin(_ written: ByteRanges) {
        let begins = state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard begins else { return }
        queue.async { self.bring(written) }
    }

    /// Waits until `written`, which is all there will be, is on the disk: brought there on this thread, unless it is under way.
    func finish(_ written: ByteRanges) throws(DigestFailure) {
        queue.sync { if failure == nil, synced != written { bring(written) } }
        try check()
    }

    /// Waits for what is under way: it may tell of a failure, and nothing else would.
    func rest() { queue.sync {} }

    /// The file is about to be emptied. That the disk failed stays.
    func restart() throws(DigestFailure) {
        rest()
        state.withLock { $0.synced = ByteRanges() }
        try check()
    }

    private func bring(_ written: ByteRanges) {
        do throws(SystemError) {
            try file.descriptor.sync()
            CrashPoint.reach("download.synced")
            onSynced(written)
            state.withLock { ($0.isRunning, $0.synced) = (false, written) }
        } catch {
            state.withLock { ($0.isRunning, $0.failure) = (false, error) }
        }
    }

    private var syncedByteCount: Int64 { state.withLock { $0.synced.byteCount } }

    private func check() throws(DigestFailure) {
        if let failure = state.withLock({ $0.failure }) { throw .disk(failure) }
    }
}
