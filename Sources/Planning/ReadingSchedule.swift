import FoundationEssentials

/// When a binary that was read is to be read again.
///
/// Each file has a moment of its own in a period that is a little shorter than `verify.every`: the load is even however many were read at
/// once at first, stays so, and a restart changes nothing of it, since the moment follows from the file's name.
public struct ReadingSchedule: Sendable {
    /// A reading that is later than now by more than this was made by a clock that was wrong. In seconds.
    public static let clockSlack: TimeInterval = 3600
    /// The part of `verify.every` after which a file is read at the latest; the rest is for waiting in line and for windows.
    static let margin = 0.9

    private let every: TimeInterval
    private let hours: ReadingHours?
    /// In `0..<1`.
    private let place: Double

    /// - Parameters:
    ///   - every: Seconds within which every byte is read again.
    ///   - hours: Nil: at any time.
    ///   - name: What tells the file from all others, and stays the same.
    public init(every: TimeInterval, hours: ReadingHours?, name: String) {
        (self.every, self.hours, self.place) = (every, hours, Self.fraction(of: name))
    }

    /// When to read again what was last read at `last`: now or before means now.
    ///
    /// Never later than `last` + `every`, unless no window opens until then.
    public func next(after last: Date, now: Date) -> Date {
        let due = last.timeIntervalSince(now) > Self.clockSlack ? now : planned(after: last)
        guard let hours else { return due }
        if due <= now { return hours.opening(from: now) }
        let opening = hours.opening(from: due)
        if opening.timeIntervalSince(last) <= every { return opening }
        guard let earlier = hours.lastOpening(before: due, after: last) else { return opening }
        return earlier <= now ? hours.opening(from: now) : earlier
    }

    /// At least about half a period and at most a whole one later.
    private func planned(after last: Date) -> Date {
        let period = every * Self.margin
        var since = (last.timeIntervalSince1970 - period * place).truncatingRemainder(dividingBy: period)
        if since < 0 { since += period }
        var wait = period - since
        if wait < period / 1000 {
            // It was read at its moment, but for the rounding of numbers.
            wait += period
        } else if wait < period / 2 {
            // It was read out of turn, as by `zooctl verify`: one reading in between brings it back to its moment.
            wait += period / 2
        }
        return last.addingTimeInterval(wait)
    }

    /// FNV-1a, then mixed (the finalizer of MurmurHash3), since the first alone leaves like names close together.
    private static func fraction(of name: String) -> Double {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        hash ^= hash >> 33
        return Double(hash >> 11) * 0x1p-53
    }
}
