/// Durations as the configuration writes them: a whole number and a unit, `500ms 90s 15m 6h 30d`.
extension Duration: ConfigurationValue {
    static var kind: String { "duration" }

    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    init(configured text: String) throws(ValueProblem) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int64(digits), let unit = Self.units.first(where: { $0.suffix == text.dropFirst(digits.count) }) else {
            throw ValueProblem("is no duration; write e.g. 90s, 15m, 6h or 30d")
        }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow else { throw ValueProblem("is too long a duration") }
        self = .milliseconds(milliseconds)
    }

    /// In the largest unit that leaves a whole number.
    var configured: String {
        let (seconds, attoseconds) = components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        let unit = Self.units.last { milliseconds % $0.milliseconds == 0 && milliseconds >= $0.milliseconds } ?? ("s", 1000)
        return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
    }
}
