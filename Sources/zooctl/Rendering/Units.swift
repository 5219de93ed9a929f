import ControlProtocol
import FoundationEssentials
import SystemIO

/// Numbers as people read them.
enum Units {
    /// `512 B`, `12.4 MiB`, `233 MiB`, `41 GiB`
    static func bytes(_ count: Int64) -> String { SizeWords.of(count) }

    /// `12.4 MiB/s`
    static func rate(_ bytesPerSecond: Int64) -> String { bytes(bytesPerSecond) + "/s" }

    /// A part of a whole as `96.2 %`; 100 % only when it is all of it.
    static func percent(_ part: Double) -> String {
        part < 1 ? "\(oneDecimal(min(99.9, max(0, part) * 100))) %" : "100 %"
    }

    /// `15 s`, `6 min`, `2 d 15 h`: the two largest units that are not zero.
    static func duration(_ seconds: Int) -> String {
        let seconds = max(0, seconds)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return pair(seconds / 60, "min", seconds % 60, "s")
        case ..<86400: return pair(seconds / 3600, "h", seconds % 3600 / 60, "min")
        default: return pair(seconds / 86400, "d", seconds % 86400 / 3600, "h")
        }
    }

    /// `just now`, `6 h ago`, `in 3 d`: the largest unit only.
    static func relative(_ date: Date, to now: Date) -> String {
        let seconds = Int(now.timeIntervalSince(date).rounded())
        let distance = abs(seconds)
        let text =
            switch distance {
            case ..<60: "\(distance) s"
            case ..<3600: "\(distance / 60) min"
            case ..<86400: "\(distance / 3600) h"
            default: "\(distance / 86400) d"
            }
        return distance < 5 ? "just now" : seconds > 0 ? "\(text) ago" : "in \(text)"
    }

    /// `2026-11-20 08:12 (6 h ago)`, on this machine's clock.
    static func moment(_ date: Date, now: Date) -> String {
        let wall = LocalTime(secondsSince1970: Int64(date.timeIntervalSince1970))?.description ?? "?"
        return "\(wall) (\(relative(date, to: now)))"
    }

    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }

    private static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
