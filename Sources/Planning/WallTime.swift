import FoundationEssentials

extension ZoneOffsets {
    /// A moment as a note names it: `11:31`, or `2026-11-30 11:31` when that is another day than today. Rounded up to the minute: who
    /// comes then does not come too early.
    func wallTime(_ moment: Date, today now: Date) -> String {
        let (day, minute) = local(Int64((min(max(moment.timeIntervalSince1970, -1e11), 1e11) / 60).rounded(.up)) * 60)
        let today = local(Int64(min(max(now.timeIntervalSince1970, -1e11), 1e11).rounded(.down))).day
        let clock = "\(twoDigits(minute / 60)):\(twoDigits(minute % 60))"
        return day == today ? clock : "\(Self.date(day)) \(clock)"
    }

    /// Days since 1970 and the minute of that day.
    private func local(_ seconds: Int64) -> (day: Int64, minute: Int64) {
        let local = seconds + self.seconds(at: seconds)
        let day = (local >= 0 ? local : local - 86_399) / 86_400
        return (day, (local - day * 86_400) / 60)
    }

    /// Gregorian; years that begin in March have their odd day at the end.
    private static func date(_ day: Int64) -> String {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = yearOfEra + era * 400 + (month < 10 ? 0 : 1)
        return "\(year)-\(twoDigits(month < 10 ? month + 3 : month - 9))-\(twoDigits(dayOfYear - (153 * month + 2) / 5 + 1))"
    }
}

private func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
