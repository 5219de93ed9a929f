import FoundationEssentials

/// How a host that binaries come from did lately, for all models together. Persisted, so that a restart does not hammer.
public struct HostRecord: Hashable, Sendable, Codable {
    /// What a failed request says of the host itself.
    public enum Failure: Hashable, Sendable {
        /// Nothing: it answered, and one file of it is the matter.
        case ofOneFile
        /// It cannot be reached, or takes nobody now.
        case ofHost
        /// It said for how many seconds it wants to be left alone.
        case asksToWait(TimeInterval)
    }

    /// Seconds for which what failed counts against it in the order of sources: a day.
    public static let memory: TimeInterval = 86_400
    /// Rates of smaller transfers say more about the way there than about the host. In bytes.
    private static let telling: Int64 = 1 << 20

    /// Failures of the host itself in a row; 0 after a success.
    public private(set) var failures = 0
    public private(set) var workedAt: Date?
    public private(set) var failedAt: Date?
    /// By our own back-off nobody asks before; who is asked by a person may.
    public private(set) var restsUntil: Date?
    /// It said itself that nobody should ask before.
    public private(set) var limitedUntil: Date?
    /// Over its last larger files, smoothed.
    public private(set) var bytesPerSecond: Double?

    public init() {}

    /// A file came from it, right or wrong.
    /// - Parameter seconds: How long its bytes took.
    public mutating func worked(byteCount: Int64, seconds: TimeInterval, at now: Date) {
        (failures, workedAt, restsUntil, limitedUntil) = (0, now, nil, nil)
        guard byteCount >= Self.telling, seconds > 0 else { return }
        let rate = Double(byteCount) / seconds
        bytesPerSecond = bytesPerSecond.map { 0.7 * $0 + 0.3 * rate } ?? rate
    }

    /// - Parameter chance: In `0..<1`.
    public mutating func failed(_ failure: Failure, at now: Date, chance: Double) {
        failedAt = now
        switch failure {
        case .ofOneFile: return
        case .ofHost: break
        case .asksToWait(let seconds): limitedUntil = max(limitedUntil ?? now, now.addingTimeInterval(seconds))
        }
        failures += 1
        restsUntil = now.addingTimeInterval(Backoff.delay(failures: failures, chance: chance))
    }

    /// Why it may not be asked now, and until when; nil when it may.
    /// - Parameters:
    ///   - host: Host and port.
    ///   - askedAt: As for ``closedUntil(_:askedAt:)``.
    func pause(of host: String, _ now: Date, askedAt: Date?) -> HostPause? {
        closedUntil(now, askedAt: askedAt).map { HostPause(host, isAskedFor: $0 == limitedUntil, until: $0) }
    }

    /// Until when it asked to be left alone; nil when it may be asked.
    /// - Parameter host: Host and port.
    public func pauseAskedFor(by host: String, _ now: Date) -> HostPause? { pause(of: host, now, askedAt: .distantFuture) }

    /// When it may be asked; nil for now.
    /// - Parameter askedAt: When a person asked for the file: what failed before that is tried again, but a limit is a limit.
    func closedUntil(_ now: Date, askedAt: Date?) -> Date? {
        // A clock that was set back makes no wait endless: what failed "later than now" is tried again.
        guard let failedAt, failedAt <= now else { return nil }
        let rests = askedAt.map { $0 > failedAt } == true ? nil : restsUntil
        return [rests, limitedUntil].compactMap { $0 }.filter { $0 > now }.max()
    }

    /// Whether the last that was heard of it is a failure of the last day.
    func failedLately(_ now: Date) -> Bool {
        guard let failedAt, failedAt > now.addingTimeInterval(-Self.memory) else { return false }
        return failedAt > workedAt ?? .distantPast
    }

    /// When it was last asked.
    public var usedAt: Date { max(workedAt ?? .distantPast, failedAt ?? .distantPast) }
}
