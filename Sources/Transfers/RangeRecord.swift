/// Which parts of a file are there, kept behind its last byte for as long as it is incomplete.
///
/// In the file itself, so that it can neither be lost nor belong to another file; in one page, so that a kill cannot tear it. It is
/// written after the bytes that it tells of, and only counts in the boot in which it was written: a power cut may keep it without them.
enum RangeRecord {
    /// Of the record: a page.
    static let byteCount: Int64 = 4096
    private static let magic = Array("zoodpart".utf8)
    private static let headByteCount = 24
    private static let maximumRangeCount = (Int(byteCount) - headByteCount) / 16

    /// Where it lies in a file that will have `total` bytes.
    static func offset(total: Int64) -> Int64 { (total + byteCount - 1) / byteCount * byteCount }

    /// At most ``byteCount`` bytes. Of too many parts the last ones are left out, and would be fetched again.
    static func encode(_ ranges: ByteRanges, total: Int64) -> [UInt8] {
        let parts = ranges.all.prefix(maximumRangeCount)
        let numbers = [total, Int64(parts.count)] + parts.flatMap { [$0.lowerBound, $0.upperBound] }
        return magic + numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    }

    /// Nil for what is no record of a file of `total` bytes.
    static func decode(_ bytes: [UInt8], total: Int64) -> ByteRanges? {
        guard bytes.count >= headByteCount, bytes.starts(with: magic) else { return nil }
        let numbers = stride(from: magic.count, through: bytes.count - 8, by: 8).map { start in
            (0..<8).reduce(Int64(0)) { $0 | Int64(bytes[start + $1]) << (8 * $1) }
        }
        guard numbers[0] == total, (0...Int64(maximumRangeCount)).contains(numbers[1]), numbers.count >= 2 + 2 * Int(numbers[1])
        else { return nil }
        var ranges = ByteRanges()
        for index in 0..<Int(numbers[1]) {
            let (first, end) = (numbers[2 + 2 * index], numbers[3 + 2 * index])
            guard 0 <= first, first < end, end <= total else { return nil }
            ranges.insert(first..<end)
        }
        return ranges
    }
}
