/// One range of a `Range: bytes=…` header (RFC 9110, 14.1.2). Several ranges in one header are not served: nil, as if there were none.
struct RequestedRange: CustomStringConvertible {
    /// Nil: the last `last` bytes.
    var first: Int?
    /// Nil: to the end.
    var last: Int?

    init?(_ header: String) {
        guard header.hasPrefix("bytes="), !header.contains(",") else { return nil }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        (first, last) = (Int(ends[0]), Int(ends[1]))
        guard first != nil || last != nil, ends[0].isEmpty || first != nil, ends[1].isEmpty || last != nil else { return nil }
    }

    /// The bytes of a content of this size that are meant; nil: none of them is there (416).
    func resolved(byteCount: Int) -> Range<Int>? {
        guard let first else {
            guard let last, last > 0, byteCount > 0 else { return nil }
            return max(0, byteCount - last)..<byteCount
        }
        guard first < byteCount, (last ?? first) >= first else { return nil }
        return first..<min(byteCount, (last ?? byteCount - 1) + 1)
    }

    /// The same range that much later, never before 0.
    func shifted(by distance: Int) -> RequestedRange {
        var shifted = self
        shifted.first = first.map { max(0, $0 + distance) }
        shifted.last = first == nil ? last : last.map { max(0, $0 + distance) }
        return shifted
    }

    var description: String { "bytes=\(first.map(String.init) ?? "")-\(last.map(String.init) ?? "")" }
}
