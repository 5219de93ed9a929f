/// Times of the week, as in `Mon..Fri 20:00-06:00`, `Sat,Sun 00:00-24:00`, `22:00-06:00` (every day). Local time.
///
/// A window that ends at or before its start runs past midnight and belongs to the day on which it starts.
public struct WeeklyWindow: Hashable, Sendable {
    /// 0 is Monday, 6 Sunday: the days on which the window starts. Never empty.
    public let days: Set<Int>
    /// Minutes since midnight, 0 to 1439.
    public let startMinute: Int
    /// Minutes since midnight, 1 to 1440, never equal to `startMinute`; smaller than it when the window runs past midnight.
    public let endMinute: Int

    static let minutesPerDay = 24 * 60

    /// - Parameters: As the properties say; anything else is a mistake of the caller.
    public init(days: Set<Int>, startMinute: Int, endMinute: Int) {
        precondition(!days.isEmpty && days.isSubset(of: 0..<7) && startMinute != endMinute)
        (self.days, self.startMinute, self.endMinute) = (days, startMinute, endMinute)
    }

    /// Whether the window is open at `minute` (0 to 1439) of `day` (0 is Monday).
    public func contains(day: Int, minute: Int) -> Bool {
        if startMinute < endMinute {
            return days.contains(day) && (startMinute..<endMinute).contains(minute)
        }
        return days.contains(day) && minute >= startMinute || days.contains((day + 6) % 7) && minute < endMinute
    }
}
