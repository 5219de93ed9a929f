import FoundationEssentials

/// What came of performing an action. Only the judges of `SyncEngine/Reconciling` make these; nobody else judges errors.
public enum Outcome: Equatable, Sendable {
    case done
    /// Try again by itself. `after` is at least this many seconds (a host's `Retry-After`); nil leaves it to ``Backoff``.
    case retry(after: TimeInterval?, kind: Trouble.Kind, because: String, hint: String?)
    /// Nothing was tried; it may be from that time on. Failures in a row stay as many as they are.
    case later(at: Date, kind: Trouble.Kind, because: String, hint: String?)
    /// The host whose matter it is was not asked, since it is left alone for a while. Others may have been: then it is tried again after at
    /// least so many seconds, whatever comes first; with nil nothing was tried, and failures in a row stay as many as they are.
    case waits(for: HostPause, after: TimeInterval?)
    /// Try again when downloads may take so many bytes in the zoo (``ModelView/room``), and seldom before.
    case needsRoom(byteCount: Int64, because: String, hint: String?)
    /// Trying again cannot help until somebody changes something.
    case needsPerson(kind: Trouble.Kind, why: String, hint: String?)
}

/// How long to wait between tries.
public enum Backoff {
    /// First wait, in seconds.
    public static let base: TimeInterval = 2
    /// Longest wait, in seconds: reached at the 12th failure in a row.
    public static let ceiling: TimeInterval = 3600

    /// 2 s, 4 s, 8 s … 1 h, stretched by up to a tenth so that models spread out.
    /// - Parameters:
    ///   - failures: Failures in a row, from 1.
    ///   - chance: In `0..<1`.
    public static func delay(failures: Int, chance: Double) -> TimeInterval {
        let doublings = Double(min(max(failures, 1) - 1, 11))
        return min(base * exp2(doublings), ceiling) * (1 + chance / 10)
    }

    private static func exp2(_ exponent: Double) -> Double { Double(sign: .plus, exponent: Int(exponent), significand: 1) }
}

extension Trouble {
    /// The trouble that `outcome` leaves behind, nil for `.done`.
    /// - Parameters:
    ///   - before: The trouble that stood before; failures in a row about the same thing add up.
    ///   - chance: In `0..<1`.
    public static func left(by outcome: Outcome, about: String, before: Trouble?, now: Date, chance: Double) -> Trouble? {
        let failures = (before?.about == about ? before?.failures ?? 0 : 0) + 1
        switch outcome {
        case .done: return nil
        case .retry(let after, let kind, let because, let hint):
            let wait = max(after ?? 0, Backoff.delay(failures: failures, chance: chance))
            return Trouble(
                kind: kind, about: about, failures: failures, at: now, notBefore: now.addingTimeInterval(wait), message: because, hint: hint
            )
        case .later(let at, let kind, let because, let hint):
            return Trouble(
                kind: kind, about: about, failures: max(failures - 1, 1), at: now, notBefore: at, message: because, hint: hint)
        case .waits(let pause, let after):
            // What was found out before is still what is the matter.
            let known = before.flatMap { $0.about == about && $0.kind.isOfSource ? $0 : nil }
            var trouble =
                known ?? Trouble(kind: .waiting, about: about, failures: 1, at: now, notBefore: nil, message: pause.host, hint: nil)
            (trouble.at, trouble.pause) = (now, pause)
            trouble.failures = after == nil ? max(failures - 1, 1) : failures
            trouble.notBefore =
                after.map { now.addingTimeInterval(max($0, Backoff.delay(failures: failures, chance: chance))) } ?? pause.until
            return trouble
        case .needsRoom(let byteCount, let because, let hint):
            // The numbers of a file system may mislead: without them it is tried as after any long row of failures.
            let wait = Backoff.delay(failures: .max, chance: chance)
            var trouble = Trouble(
                kind: .space, about: about, failures: failures, at: now, notBefore: now.addingTimeInterval(wait), message: because,
                hint: hint
            )
            trouble.neededRoom = byteCount
            return trouble
        case .needsPerson(let kind, let why, let hint):
            return Trouble(kind: kind, about: about, failures: failures, at: now, notBefore: nil, message: why, hint: hint)
        }
    }
}
