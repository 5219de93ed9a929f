import Glibc

/// What the machine's time zone adds to GMT, by `TZ` or `/etc/localtime`, over some time.
public enum LocalOffsets {
    /// The offset at `start`, and each change until `end`; in seconds since 1970 and seconds east of Greenwich, earliest first.
    ///
    /// Two changes within six hours are seen as one.
    public static func changes(from start: Int64, to end: Int64) -> [(since: Int64, seconds: Int64)] {
        // localtime_r by itself reads the zone once in a process.
        tzset()
        guard var last = offset(at: start) else { return [] }
        var changes = [(start, last)]
        var moment = start
        while moment < end {
            let next = moment + 6 * 3600
            guard let seconds = offset(at: next) else { return changes }
            if seconds != last {
                changes.append((firstMoment(after: moment, until: next, with: seconds), seconds))
                last = seconds
            }
            moment = next
        }
        return changes
    }

    private static func firstMoment(after low: Int64, until high: Int64, with seconds: Int64) -> Int64 {
        var (low, high) = (low, high)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == seconds { high = middle } else { low = middle }
        }
        return high
    }

    private static func offset(at moment: Int64) -> Int64? {
        var time = time_t(moment)
        var parts = unsafe tm()
        return unsafe localtime_r(&time, &parts) == nil ? nil : Int64(parts.tm_gmtoff)
    }
}
