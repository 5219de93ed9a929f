import Dispatch

/// Runs the loopback servers' tasks on threads of their own: tests that keep Swift's few shared threads busy must not make
/// hosts look slow.
final class LoopbackExecutor: TaskExecutor {
    static let shared = LoopbackExecutor()
    private let queue = DispatchQueue(label: "loopback hosts", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
