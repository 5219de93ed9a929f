import FoundationEssentials

/// Sizes as every line of zood and zooctl writes them, and as the configuration takes them: IEC units.
public enum SizeWords {
    private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// `512 B`, `12.4 MiB`, `233 MiB`, `41 GiB`: at most three digits, and one of them after the point.
    public static func of(_ byteCount: Int64) -> String {
        var value = Double(max(0, byteCount))
        var unit = 0
        // Rounding must not give 1024 of a unit.
        while value >= (unit == 0 ? 1024 : 1023.5), unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        guard unit > 0, value < 99.95 else { return "\(Int(value.rounded())) \(units[unit])" }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
