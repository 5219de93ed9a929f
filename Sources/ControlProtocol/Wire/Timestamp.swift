import FoundationEssentials

/// A moment as text: RFC 3339 in UTC, whole seconds, `2026-11-20T08:12:00Z`.
///
/// `Date.ISO8601FormatStyle` writes the same, but where all of Foundation is linked it loads ICU's time zones first:
/// 3 ms, half of what `zooctl status` may take.
public enum Timestamp {
    /// Rounds down to a second. Years outside 0...9999 are cut to that range.
    public static func text(_ date: Date) -> String {
        let range = seconds(year: 0, month: 1, day: 1)...seconds(year: 10000, month: 1, day: 1) - 1
        let total = Int(date.timeIntervalSince1970.rounded(.down).clamped(to: Double(range.lowerBound)...Double(range.upperBound)))
        let day = floorDivide(total, 86400)
        let second = total - day * 86400
        let (year, month, dayOfMonth) = civil(daysSince1970: day)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T"
            + "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))Z"
    }

    /// - Parameter text: As ``text(_:)`` writes it; a fraction of a second is read and dropped. Anything else gives nil.
    public static func date(_ text: String) -> Date? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40, bytes.last == UInt8(ascii: "Z") else { return nil }
        let marks: [(Int, Character)] = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
        guard marks.allSatisfy({ bytes[$0] == $1.asciiValue }) else { return nil }
        let fraction = bytes[19..<bytes.count - 1]
        guard fraction.isEmpty || fraction.first == UInt8(ascii: ".") && fraction.count > 1 && fraction.dropFirst().allSatisfy(isDigit)
        else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            guard bytes[range].allSatisfy(isDigit) else { return nil }
            return bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), day >= 1, hour < 24, minute < 60, second <= 60
        else { return nil }
        let start = seconds(year: year, month: month, day: day)
        guard civil(daysSince1970: floorDivide(start, 86400)) == (year, month, day) else { return nil }
        return Date(timeIntervalSince1970: Double(start + hour * 3600 + minute * 60 + second))
    }

    // The calendar counts from 1 March of year 0, so that a leap day ends its year: 146097 days are 400 years,
    // and months from March on have 153 days in every five.

    private static func seconds(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        let era = floorDivide(marchYear, 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146097 + dayOfEra - daysTo1970) * 86400
    }

    private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + daysTo1970
        let era = floorDivide(shifted, 146097)
        let dayOfEra = shifted - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// Days from 1 March of year 0 to 1 January 1970.
    private static let daysTo1970 = 719468

    private static func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
