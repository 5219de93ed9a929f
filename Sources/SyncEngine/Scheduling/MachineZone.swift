import FoundationEssentials
import Planning
import Synchronization
import SystemIO

/// This machine's time zone as a value, looked up once a day at most: `verify.window` is in local time, and planning looks at no clock.
final class MachineZone: Sendable {
    private static let day: Int64 = 86_400

    private let known = Mutex<(day: Int64, offsets: ZoneOffsets)?>(nil)

    /// The window by the clock on the wall; nil when there is none.
    func hours(_ window: WeeklyWindow?, at now: Date) -> ReadingHours? { window.map { ReadingHours($0, zone: offsets(around: now)) } }

    /// Whether the window is open; without one it always is.
    func isOpen(_ window: WeeklyWindow?, at now: Date) -> Bool { hours(window, at: now)?.isOpen(at: now) ?? true }

    /// From a year before until two years after.
    func offsets(around now: Date) -> ZoneOffsets {
        let today = Int64(min(max(now.timeIntervalSince1970, -1e11), 1e11)) / Self.day
        return known.withLock { known in
            if let known, known.day == today { return known.offsets }
            let changes = LocalOffsets.changes(from: (today - 366) * Self.day, to: (today + 732) * Self.day)
            let offsets = ZoneOffsets(changes.map { ZoneOffsets.Change(since: $0.since, seconds: $0.seconds) })
            known = (today, offsets)
            return offsets
        }
    }
}
