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
    /// Nil once nobody wants to hear of it; locked while it is told.
    private let onSynced: Mutex<(@Sendable (ByteRanges) -> Void)?>
    private let queue = DispatchQueue(label: "zood sync")
    private let state = Mutex(State())

    /// - Parameter onSynced: Called on the thread with all that a power cut leaves from now on.
    init(of file: SharedDescriptor, onSynced: @escaping @Sendable (ByteRanges) -> Void) {
        self.file = file
        self.onSynced = Mutex(onSynced)
    }

    /// What a power cut leaves, and `onSynced` was told of.
    var synced: ByteRanges { state.withLock { $0.synced } }

    /// Whether the disk did not take what was written.
    var hasFailed: Bool { state.withLock { $0.failure != nil } }

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
        queue.async { [self] in
            do throws(SystemError) {
                try file.descriptor.sync()
                CrashPoint.reach("download.synced")
                onSynced.withLock { $0?(written) }
                state.withLock { ($0.isRunning, $0.synced) = (false, written) }
            } catch {
                state.withLock { ($0.isRunning, $0.failure) = (false, error) }
            }
        }
    }

    /// Waits until `written`, which is all there will be, is on the disk.
    func finish(_ written: ByteRanges) throws(DigestFailure) {
        queue.sync {}
        try check()
        if synced != written {
            begin(written)
            queue.sync {}
        }
        try check()
    }

    /// Tells nobody any more. What is under way ends by itself.
    func silence() { onSynced.withLock { $0 = nil } }

    private var syncedByteCount: Int64 { state.withLock { $0.synced.byteCount } }

    private func check() throws(DigestFailure) {
        if let failure = state.withLock({ $0.failure }) { throw .disk(failure) }
    }
}
