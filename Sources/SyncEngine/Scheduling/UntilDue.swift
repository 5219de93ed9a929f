import FoundationEssentials

/// Waits until something falls due, or until it may be due at another time. For one waiter.
///
/// What is told while it is being found out when that is, is not lost: the wait then ends at once.
actor UntilDue {
    private let clock: any DaemonClock
    private var alarm: Task<Void, Never>?
    /// Somebody said since the last wait that it may be due at another time.
    private var isStale = false

    init(clock: any DaemonClock) { self.clock = clock }

    /// It may be due at another time now.
    func changed() {
        isStale = true
        alarm?.cancel()
    }

    /// Returns when it is due, when it may be due at another time, and when the task is cancelled.
    /// - Parameter due: Nil: never.
    func wait(until due: Date?) async {
        defer { (alarm, isStale) = (nil, false) }
        guard !isStale else { return }
        let alarm = Task { [clock] in
            guard let due else { return await untilCancelled() }
            try? await clock.sleep(until: due)
        }
        self.alarm = alarm
        await withTaskCancellationHandler {
            await alarm.value
        } onCancel: {
            alarm.cancel()
        }
    }
}

/// Returns when the task is cancelled.
func untilCancelled() async {
    let (stream, end) = AsyncStream<Never>.makeStream()
    await withTaskCancellationHandler {
        for await _ in stream {}
    } onCancel: {
        end.finish()
    }
}
