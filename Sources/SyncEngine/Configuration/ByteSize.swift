/// A number of bytes as the configuration writes it: `512KiB 1MiB 20GB`; K, M, G and T with `iB` count in 1024s, with `B` in 1000s.
public struct ByteSize: Hashable, Comparable, Sendable {
    /// Not negative.
    public let byteCount: Int

    /// - Parameter byteCount: Not negative.
    public init(byteCount: Int) { self.byteCount = byteCount }

    /// Units of 1024 bytes.
    public static func kibibytes(_ count: Int) -> ByteSize { ByteSize(byteCount: count << 10) }
    /// Units of 1024 KiB.
    public static func mebibytes(_ count: Int) -> ByteSize { ByteSize(byteCount: count << 20) }
    /// Units of 1024 MiB.
    public static func gibibytes(_ count: Int) -> ByteSize { ByteSize(byteCount: count << 30) }

    /// By amount.
    public static func < (a: ByteSize, b: ByteSize) -> Bool { a.byteCount < b.byteCount }
}

extension ByteSize: ConfigurationValue {
    static var kind: String { "size" }

    private static let units: [(suffix: String, byteCount: Int)] = [
        ("B", 1), ("KB", 1000), ("KiB", 1 << 10), ("MB", 1_000_000), ("MiB", 1 << 20), ("GB", 1_000_000_000), ("GiB", 1 << 30),
        ("TB", 1_000_000_000_000), ("TiB", 1 << 40),
    ]

    init(configured text: String) throws(ValueProblem) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = Self.units.first { $0.suffix == text.dropFirst(digits.count) }
        guard let count = Int(digits), let unit = unit ?? (count == 0 && text == digits ? Self.units[0] : nil) else {
            throw ValueProblem("is no size; write e.g. 512KiB, 1MiB or 20GB")
        }
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: unit.byteCount)
        guard !overflow else { throw ValueProblem("is too large a size") }
        self.init(byteCount: byteCount)
    }

    /// In the unit that leaves the smallest whole number.
    var configured: String {
        let unit = Self.units.last { byteCount % $0.byteCount == 0 && byteCount >= $0.byteCount } ?? Self.units[0]
        return "\(byteCount / unit.byteCount)\(unit.suffix)"
    }
}

/// Bytes per second as the configuration writes them: `20MiB/s`.
public struct ByteRate: Hashable, Comparable, Sendable {
    /// Bytes per second, not negative.
    public let bytesPerSecond: Int

    /// - Parameter bytesPerSecond: Not negative.
    public init(bytesPerSecond: Int) { self.bytesPerSecond = bytesPerSecond }

    /// By amount.
    public static func < (a: ByteRate, b: ByteRate) -> Bool { a.bytesPerSecond < b.bytesPerSecond }
}

extension ByteRate: ConfigurationValue {
    static var kind: String { "rate" }

    init(configured text: String) throws(ValueProblem) {
        guard text.hasSuffix("/s"), let size = try? ByteSize(configured: String(text.dropLast(2))) else {
            throw ValueProblem("is no rate; write e.g. 20MiB/s")
        }
        self.init(bytesPerSecond: size.byteCount)
    }

    var configured: String { ByteSize(byteCount: bytesPerSecond).configured + "/s" }
}
