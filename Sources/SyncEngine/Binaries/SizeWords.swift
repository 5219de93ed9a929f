/// Sizes of files as hosts and file managers write them: `243 MB`, `33 kB`, `512 bytes`.
enum SizeWords {
    private static let units = ["kB", "MB", "GB", "TB", "PB", "EB"]

    /// In steps of 1000, cut to three digits: never more than there is.
    static func of(_ byteCount: Int64) -> String {
        guard byteCount >= 1000 else { return byteCount == 1 ? "1 byte" : "\(max(byteCount, 0)) bytes" }
        var (whole, unit) = (byteCount, -1)
        var tenths: Int64 = 0
        while whole >= 1000 {
            (whole, tenths, unit) = (whole / 1000, whole % 1000 / 100, unit + 1)
        }
        return whole < 10 && tenths > 0 ? "\(whole).\(tenths) \(units[unit])" : "\(whole) \(units[unit])"
    }
}
