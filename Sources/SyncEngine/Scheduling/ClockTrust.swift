import FoundationEssentials

/// Whether the clock on the wall may be believed by who is about to remove something for good: a leap of it has an hour to be set right.
struct ClockTrust {
    /// In seconds.
    static let hesitation: TimeInterval = 3600
    private static let tolerance: TimeInterval = 86_400

    /// Seconds on a clock that nobody sets.
    private let uptime: @Sendable () -> TimeInterval
    private var believed: (time: Date, uptime: TimeInterval)
    private var doubtedSince: TimeInterval?

    /// - Parameter lastKnown: A time that surely is over.
    init(lastKnown: Date, uptime: @escaping @Sendable () -> TimeInterval) {
        (self.uptime, believed) = (uptime, (lastKnown, uptime()))
    }

    /// Seconds after which to ask again; nil when it may be believed.
    mutating func doubt(about now: Date) -> TimeInterval? {
        let uptime = uptime()
        guard now.timeIntervalSince(believed.time) > uptime - believed.uptime + Self.tolerance else {
            doubtedSince = nil
            return nil
        }
        let since = doubtedSince ?? uptime
        let left = since + Self.hesitation - uptime
        guard left <= 0 else {
            doubtedSince = since
            return left
        }
        believed = (now, uptime)
        doubtedSince = nil
        return nil
    }

    /// Since this was first asked for, the time that a machine slept included.
    static let processUptime: @Sendable () -> TimeInterval = {
        let start = ContinuousClock.now
        return { start.duration(to: .now).seconds }
    }()
}
