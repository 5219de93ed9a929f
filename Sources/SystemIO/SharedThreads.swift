import CLinux
import Glibc

/// Swift's shared threads, so that an idle process sleeps.
///
/// The runtime's own take Dispatch's global queues, and from the first piece of work on Dispatch looks at those once a second,
/// for as long as the process lives. Serial queues of our own are left alone.
public final class SharedThreads: Sendable {
    private static let all = SharedThreads(width: max(2, processorCount))

    /// The runtime's word for no executor in particular: what runs on it goes into an actor that is free, and out again, without another
    /// thread. To be the executor of all jobs would cost a hand-over each time.
    private static var generic: UnownedSerialExecutor {
        unsafe unsafeBitCast((UInt(0), UInt(0)), to: UnownedSerialExecutor.self)
    }

    private let lane: BlockingLane

    private init(width: Int) { lane = BlockingLane(label: "swift", width: width) }

    /// Takes over, for the rest of the process's life. To be called first of all in `main`: work that was handed out before has
    /// started Dispatch's clock.
    public static func install() {
        unsafe zoo_enqueue_jobs_with { job, _ in
            guard let job = unsafe job else { return }
            // The runtime's job, of which `UnownedJob` is the public name: one pointer.
            unsafe SharedThreads.all.run(unsafeBitCast(job, to: UnownedJob.self))
        }
    }

    private func run(_ job: UnownedJob) { lane.start { unsafe job.runSynchronously(on: Self.generic) } }

    private static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
