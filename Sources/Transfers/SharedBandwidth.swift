import Glibc
import Synchronization

/// So many bytes a second for all together who read at the same time. Nothing is saved up: a pause earns no burst.
public final class SharedBandwidth: Sendable {
    private let bytesPerSecond: @Sendable () -> Int?
    private let clock = SuspendingClock()
    /// Until when everything that was read so far is paid for.
    private let paidUntil: Mutex<SuspendingClock.Instant>

    /// - Parameter bytesPerSecond: Asked at each read, so that a changed one counts at once; nil: as fast as it goes.
    public init(_ bytesPerSecond: @escaping @Sendable () -> Int?) {
        self.bytesPerSecond = bytesPerSecond
        paidUntil = Mutex(clock.now)
    }

    /// Blocks until so many bytes are paid for, or it is cancelled.
    func spend(_ byteCount: Int64, unless isCancelled: () -> Bool) {
        guard let bytesPerSecond = bytesPerSecond() else { return }
        let price = Duration.seconds(Double(byteCount) / Double(max(bytesPerSecond, 1)))
        let end = paidUntil.withLock { paid in
            paid = max(paid, clock.now) + price
            return paid
        }
        // In naps of at most 100 ms, so that being cancelled is noticed.
        while case let left = clock.now.duration(to: end), left > .zero, !isCancelled() {
            usleep(useconds_t(min(left, .milliseconds(100)) / .microseconds(1)))
        }
    }
}
