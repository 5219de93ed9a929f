import Planning

extension WeeklyWindow: ConfigurationValue {
    static var kind: String { "times of the week" }

    private static let dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let minutesPerDay = 24 * 60

    init(configured text: String) throws(ValueProblem) {
        let problem = ValueProblem("are no times of the week; write e.g. \"Mon..Fri 20:00-06:00\"")
        let words = text.split(separator: " ")
        guard let clock = words.last, words.count <= 2 else { throw problem }
        let times = clock.split(separator: "-", omittingEmptySubsequences: false).map(Self.minute)
        guard times.count == 2, let start = times[0], let end = times[1], start < Self.minutesPerDay, end > 0 || start > 0, start != end
        else {
            throw problem
        }
        guard let days = words.count == 2 ? Self.days(words[0]) : Set(0..<7) else { throw problem }
        self.init(days: days, startMinute: start, endMinute: end == 0 ? Self.minutesPerDay : end)
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = Int(parts[0]), let minute = Int(parts[1]) else {
            return nil
        }
        guard (0...59).contains(minute), (0...23).contains(hour) || hour == 24 && minute == 0 else { return nil }
        return hour * 60 + minute
    }

    private static func days(_ text: Substring) -> Set<Int>? {
        var days = Set<Int>()
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: ".", omittingEmptySubsequences: true).map { dayNames.firstIndex(of: String($0)) }
            switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
            case (1, let day?, _) where !part.contains("."): days.insert(day)
            case (2, let first?, let last?) where part.contains("..") && first < last: days.formUnion(first...last)
            case (2, let first?, let last?) where part.contains("..") && first > last: days.formUnion(Array(first...6) + Array(0...last))
            default: return nil
            }
        }
        return days
    }

    var configured: String {
        let names = days.sorted().map { Self.dayNames[$0] }.joined(separator: ",")
        return (days.count == 7 ? "" : names + " ") + "\(Self.clock(startMinute))-\(Self.clock(endMinute))"
    }

    private static func clock(_ minute: Int) -> String {
        let parts = [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return parts.joined(separator: ":")
    }
}
