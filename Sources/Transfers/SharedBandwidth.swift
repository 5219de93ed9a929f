import Glibc
import Synchronization

/// So many bytes a second for all together who read at the same time. Nothing is saved up: a pause earns no burst.
public final class SharedBandwidth: Sendable {
    private struct Account {
        /// All bytes that were ever read.
        var spent = 0.0
        /// How many of these are paid for by time that passed, at the rate there was then.
        var paid = 0.0
        var paidAt: SuspendingClock.Instant
    }

    /// Less debt than so much time pays is left for later: no nap is as short as the price of a small piece.
    private static let credit = 0.01

    private let bytesPerSecond: @Sendable () -> Int?
    private let clock = SuspendingClock()
    private let account: Mutex<Account>

    /// - Parameter bytesPerSecond: Asked at each read and while one waits, so that a changed one counts at once; nil: as fast as it goes.
    public init(_ bytesPerSecond: @escaping @Sendable () -> Int?) {
        self.bytesPerSecond = bytesPerSecond
        account = Mutex(Account(paidAt: clock.now))
    }

    /// Blocks until so many bytes are paid for, or it is cancelled.
    public func spend(_ byteCount: Int64, unless isCancelled: () -> Bool) {
        guard var rate = rate else { return }
        let debt = account.withLock { account in
            pay(&account, at: rate)
            account.spent += Double(byteCount)
            return account.spent
        }
        while !isCancelled() {
            let seconds = (debt - account.withLock { pay(&$0, at: rate) }) / rate
            guard seconds > Self.credit else { return }
            // In naps, so that being cancelled is noticed, and another rate.
            usleep(useconds_t(min(seconds, 0.05) * 1_000_000))
            guard let changed = self.rate else { return }
            rate = changed
        }
    }

    /// The most to be read at once, so that no server waits for long until it may go on; never more than `most`.
    func bufferByteCount(atMost most: Int) -> Int { bytesPerSecond().map { min(most, max(1024, $0 / 10)) } ?? most }

    /// Whether there is a limit now.
    var isLimited: Bool { bytesPerSecond() != nil }

    private var rate: Double? { bytesPerSecond().map { Double(max($0, 1)) } }

    /// - Returns: What is paid for by now.
    @discardableResult
    private func pay(_ account: inout Account, at rate: Double) -> Double {
        let now = clock.now
        account.paid = min(account.spent, account.paid + rate * (account.paidAt.duration(to: now) / .seconds(1)))
        account.paidAt = now
        return account.paid
    }
}
