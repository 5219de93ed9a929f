import Glibc

/// A moment as the machine's clock on the wall shows it, by `TZ` or `/etc/localtime`. (FoundationEssentials knows GMT only.)
public struct LocalTime: Hashable, Sendable, CustomStringConvertible {
    /// The year of our era.
    public let year: Int
    /// 1...12.
    public let month: Int
    /// 1...31.
    public let day: Int
    public let hour: Int
    public let minute: Int
    public let second: Int

    /// - Parameter secondsSince1970: Nil comes back for moments whose year does not fit the system's calendar.
    public init?(secondsSince1970: Int64) {
        var moment = time_t(secondsSince1970)
        var parts = unsafe tm()
        guard unsafe localtime_r(&moment, &parts) != nil else { return nil }
        (year, month, day) = unsafe (Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday))
        (hour, minute, second) = unsafe (Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec))
    }

    /// `2026-11-20 08:12`
    public var description: String { "\(year)-\(twoDigits(month))-\(twoDigits(day)) \(twoDigits(hour)):\(twoDigits(minute))" }

    /// `08:12:05`
    public var clock: String { "\(twoDigits(hour)):\(twoDigits(minute)):\(twoDigits(second))" }
}

private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
