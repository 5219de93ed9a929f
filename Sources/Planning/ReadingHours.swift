import FoundationEssentials

/// When zood may read binaries again by itself: `verify.window`, by the clock on the wall of that machine.
///
/// The window is open at exactly those moments at which that clock shows a time of it. So an hour that is skipped in spring is missing
/// from it, and one that comes twice in autumn counts twice.
public struct ReadingHours: Equatable, Sendable {
    public let window: WeeklyWindow
    public let zone: ZoneOffsets

    public init(_ window: WeeklyWindow, zone: ZoneOffsets) { (self.window, self.zone) = (window, zone) }

    public func isOpen(at time: Date) -> Bool { isOpen(time.wholeSeconds) }

    /// The first moment from `time` on at which it is open; to the second.
    public func opening(from time: Date) -> Date {
        let start = time.wholeSeconds
        if isOpen(start) { return time }
        // A week is enough, but for an hour that a time zone takes away.
        return boundaries(from: start, to: start + 9 * Self.day).first { isOpen($0) }.map { $0.date } ?? time
    }

    /// When the window that is open at or was open last before `time` opened; nil when that was not after `earliest`.
    public func lastOpening(before time: Date, after earliest: Date) -> Date? {
        let end = time.wholeSeconds
        return boundaries(from: max(end - 9 * Self.day, earliest.wholeSeconds + 1), to: end)
            .last { isOpen($0) && !isOpen($0 - 1) }.map { $0.date }
    }

    private static let day: Int64 = 86_400

    private func isOpen(_ moment: Int64) -> Bool {
        let local = moment + zone.seconds(at: moment)
        // 1970 began on a Thursday.
        return window.contains(day: Int((local.floored(by: Self.day) + 3).modulo(7)), minute: Int(local.modulo(Self.day) / 60))
    }

    /// Moments at which it may open, earliest first: the window's start by each offset that was or is in force, and each change of those.
    private func boundaries(from start: Int64, to end: Int64) -> [Int64] {
        guard start <= end else { return [] }
        let near = zone.changes.filter { (start - Self.day...end + Self.day).contains($0.since) }
        let offsets = Set(near.map(\.seconds) + [zone.seconds(at: start), zone.seconds(at: end)])
        var moments = Set(near.map(\.since))
        for offset in offsets {
            for day in (start + offset).floored(by: Self.day)...(end + offset).floored(by: Self.day) {
                moments.insert(day * Self.day + Int64(window.startMinute) * 60 - offset)
            }
        }
        return moments.filter { (start...end).contains($0) }.sorted()
    }
}

extension Int64 {
    fileprivate func floored(by divisor: Int64) -> Int64 { (self - modulo(divisor)) / divisor }

    /// Never negative.
    fileprivate func modulo(_ divisor: Int64) -> Int64 {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }

    fileprivate var date: Date { Date(timeIntervalSince1970: TimeInterval(self)) }
}

extension Date {
    /// Seconds since 1970, rounded down and bounded to what calendars can hold.
    fileprivate var wholeSeconds: Int64 { Int64(min(max(timeIntervalSince1970, -1e11), 1e11).rounded(.down)) }
}
