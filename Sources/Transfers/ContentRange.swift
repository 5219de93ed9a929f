/// The value of a `Content-Range` header in bytes (RFC 9110, 14.4).
struct ContentRange: Equatable {
    /// First and last position; nil in `bytes */TOTAL`, the answer to a range that does not exist.
    let positions: ClosedRange<Int64>?
    /// Of the complete file; nil for `*`.
    let total: Int64?

    /// Nil for anything that is not in bytes, or that contradicts itself.
    init?(_ value: String) {
        let words = value.split(separator: " ")
        guard words.count == 2, isEqualIgnoringCase(words[0], "bytes") else { return nil }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        total = Self.number(parts[1])
        guard total != nil || parts[1] == "*" else { return nil }
        if parts[0] == "*" {
            positions = nil
        } else {
            let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last else { return nil }
            guard last < total ?? .max else { return nil }
            positions = first...last
        }
    }

    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }
}
