import FoundationEssentials
import SystemIO

/// The time of day, and sleeping until some time of day. One of the few things that tests put another in place of.
public protocol DaemonClock: Sendable {
    var now: Date { get }

    /// Returns at `time` or a little later; throws only `CancellationError`.
    func sleep(until time: Date) async throws
}

/// The machine's clock.
public struct SystemClock: DaemonClock {
    public init() {}

    public var now: Date { Date() }

    public func sleep(until time: Date) async throws {
        // The wall clock may be set while we sleep: wake at least once a day and look at it again.
        while case let left = time.timeIntervalSince(now), left > 0 {
            try await Alarm.sleep(for: min(left, 86_400))
        }
    }
}

/// Where jitter and names come from. Injected, so that a simulation can be repeated.
public struct Chance: Sendable {
    /// In `0..<1`.
    public let fraction: @Sendable () -> Double
    /// So many random bytes as lower-case hexadecimal digits.
    public let hex: @Sendable (_ byteCount: Int) -> String

    public init(fraction: @escaping @Sendable () -> Double, hex: @escaping @Sendable (_ byteCount: Int) -> String) {
        (self.fraction, self.hex) = (fraction, hex)
    }
}
