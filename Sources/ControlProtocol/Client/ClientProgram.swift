import NIOCore
import NIOPosix
import SystemIO

/// A program that asks the daemon and ends.
public enum ClientProgram {
    /// Runs `body` on the calling thread, which serves the connections of every ``ControlClient`` meanwhile.
    ///
    /// A program that starts hundreds of times a day starts no threads that way: they were a third of the time of a `zooctl status`.
    /// - Parameter body: Ends the process by itself. Its child tasks share the thread; what blocks for long belongs on a `BlockingLane`.
    public static func run(_ body: @escaping @Sendable () async -> Never) -> Never {
        MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { loop in
            let executor = ThreadExecutor { loop.execute($0) }
            _ = Task(executorPreference: executor, operation: body)
        }
        fatalError("the event loop ended before the program")
    }
}
