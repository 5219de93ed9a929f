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

    private static func date(_ day: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(day * 86_400)).formatted(Date.ISO8601FormatStyle().year().month().day())
    }
}

private func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
