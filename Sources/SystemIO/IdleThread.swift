import CLinux
import Glibc

/// Work that may take its time: it gets of disk and processors what hardly anybody else wants.
///
/// Not by SCHED_IDLE, which on a busy machine gives next to nothing: a thread of it that holds a lock, malloc's for example, would have all
/// others wait.
public enum IdleThread {
    /// Runs `work`, which may block, on a thread of its own at idle priority of disk and processor; gives what it returned.
    ///
    /// Where the system refuses the priority (a seccomp filter, an old kernel) it runs all the same. The thread ends with its work, since
    /// it could not get its old priority back. A cancelled task's work runs all the same.
    public static func run<R: Sendable>(_ work: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { done in
            start { done.resume(returning: work()) }
        }
    }

    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private static func start(_ body: @escaping @Sendable () -> Void) {
        let work = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
        var thread = pthread_t()
        let failed = unsafe pthread_create(
            &thread, nil,
            { argument in
                _ = zoo_use_idle_disk()
                _ = zoo_use_idle_processor()
                unsafe Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, work)
        guard failed == 0 else {
            // No thread to be had (EAGAIN): one that is there does it at ordinary priority, which it could not get back.
            unsafe Unmanaged<Work>.fromOpaque(work).release()
            return BlockingLane(label: "zood.idle", width: 1).start(body)
        }
        pthread_detach(thread)
    }
}
