/// Runs whole tasks on threads that may block. What such a task gives to a ``BlockingLane`` it does itself, there and then: a fetch of a
/// small file is a dozen steps that block for microseconds, and to hand each to another thread and back would take longer than all of them.
///
/// The preference is that of the task and of its child tasks; a `Task { }` that it starts is one of Swift's shared threads again.
public final class BlockingExecutor: TaskExecutor {
    public static let shared = BlockingExecutor()

    /// So many tasks block at once; further ones wait. Threads that have nothing to do go.
    private static let width = 64

    private let lane = BlockingLane(label: "zood.tasks", width: width)

    private init() {}

    /// Whether the current task is one of these. Not to be asked by an actor with an executor of its own: it runs elsewhere.
    static var isCurrent: Bool {
        unsafe withUnsafeCurrentTask { unsafe $0?.unownedTaskExecutor == shared.asUnownedTaskExecutor() }
    }

    public func enqueue(_ job: UnownedJob) { lane.start { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) } }

    public func enqueue(_ job: consuming ExecutorJob) { enqueue(UnownedJob(job)) }
}
