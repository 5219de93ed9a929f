/// Runs Swift's jobs on one thread that takes closures, an event loop's for instance.
public final class ThreadExecutor: TaskExecutor {
    private let submit: @Sendable (@escaping @Sendable () -> Void) -> Void

    /// - Parameter submit: Has the closure run soon on that thread, after those that were given before.
    public init(submit: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void) { self.submit = submit }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        submit { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
