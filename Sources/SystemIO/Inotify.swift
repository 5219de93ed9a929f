import CLinux
import Dispatch
import Glibc
import Synchronization

/// Why a directory cannot be watched.
public enum InotifyFailure: Error, Equatable, Sendable {
    /// ENOSPC: the user's watches (`fs.inotify.max_user_watches`) are used up. Looking again by a timer is what remains.
    case outOfWatches
    /// EMFILE: too many inotify instances (`fs.inotify.max_user_instances`) or descriptors.
    case outOfInstances
    /// Anything else, among it ENOENT for a directory that is gone.
    case system(SystemError)

    init(_ error: SystemError) {
        switch error.errno {
        case ENOSPC: self = .outOfWatches
        case EMFILE: self = .outOfInstances
        default: self = .system(error)
        }
    }
}

/// The kernel's news of directories.
///
/// Events stay in the kernel's queue until ``events`` is asked for them: a slow reader gets an overflow event, never a growing buffer.
public final class Inotify: Sendable {
    private struct Waiter {
        /// Resumed when the descriptor is readable or the waiting task was cancelled.
        var continuation: CheckedContinuation<Void, Never>?
        /// A cancellation that came before the continuation did.
        var wasCancelled = false
    }

    private let descriptor: Int32
    // Dispatch objects are safe to share, only not declared so on Linux.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let waiter = Mutex(Waiter())

    /// Makes an empty instance.
    public init() throws(InotifyFailure) {
        do {
            descriptor = Int32(try SystemError.check(zoo_inotify_init(), "inotify_init", ""))
        } catch {
            throw InotifyFailure(error)
        }
        // The source runs (is resumed) only while somebody waits.
        unsafe source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "inotify"))
        let descriptor = descriptor
        unsafe source.setCancelHandler { close(descriptor) }
        unsafe source.setEventHandler { [weak self] in self?.becameReadable() }
    }

    deinit {
        // The stream keeps this object, so nobody waits; a suspended source may be neither cancelled nor released.
        unsafe source.cancel()
        unsafe source.resume()
    }

    /// Watches a directory (the inode: it stays watched when it is renamed). Watching it again gives the same number and replaces `kinds`.
    /// - Returns: The watch descriptor that events carry.
    public func watch(_ directory: RootedDirectory, for kinds: InotifyKinds = .directoryChanges) throws(InotifyFailure) -> Int32 {
        do {
            return try directory.withRaw { (number) throws(SystemError) in
                Int32(
                    try SystemError.check(
                        unsafe zoo_inotify_add_watch(descriptor, "/proc/self/fd/\(number)", kinds.rawValue | UInt32(IN_ONLYDIR)), "watch",
                        directory.path.string))
            }
        } catch {
            throw InotifyFailure(error)
        }
    }

    /// Stops watching. Events already queued still come, the last of them with ``InotifyEvent/isWatchRemoved``.
    public func remove(_ watch: Int32) {
        // EINVAL: the kernel removed it before us.
        _ = inotify_rm_watch(descriptor, watch)
    }

    /// What happened, in batches as the kernel gives them, each of at least one event. For one reader; ends when its task is cancelled.
    public var events: AsyncStream<[InotifyEvent]> {
        AsyncStream { await self.nextBatch() }
    }

    private func nextBatch() async -> [InotifyEvent]? {
        while !Task.isCancelled {
            let batch = readBatch()
            if !batch.isEmpty { return batch }
            await untilReadable()
        }
        return nil
    }

    /// What is queued right now, up to 64 KiB of it. Never blocks.
    private func readBatch() -> [InotifyEvent] {
        unsafe withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 8) { buffer in
            while true {
                let count = unsafe read(descriptor, buffer.baseAddress!, buffer.count)
                if count < 0 && errno == EINTR { continue }
                return unsafe InotifyEvent.decode(UnsafeRawBufferPointer(rebasing: buffer[..<max(count, 0)]))
            }
        }
    }

    private func untilReadable() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = waiter.withLock {
                    guard !$0.wasCancelled else {
                        $0.wasCancelled = false
                        return false
                    }
                    $0.continuation = continuation
                    unsafe source.resume()
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            wake(becauseCancelled: true)
        }
    }

    private func becameReadable() { wake(becauseCancelled: false) }

    private func wake(becauseCancelled: Bool) {
        let waiting = waiter.withLock {
            let continuation = $0.continuation
            $0.continuation = nil
            if continuation != nil { unsafe source.suspend() } else if becauseCancelled { $0.wasCancelled = true }
            return continuation
        }
        waiting?.resume()
    }

    /// How many directories one user may watch; nil when the system does not say.
    public static var watchLimit: Int? {
        guard let directory = try? RootedDirectory(at: "/proc/sys/fs/inotify") else { return nil }
        return directory.firstNumber(in: "max_user_watches")
    }
}
