extension StringProtocol {
    /// Whether the two are the same bytes. Swift's `==` also takes texts for equal that only Unicode does: `é` as one character and as
    /// two. For contents of files that is a difference.
    public func hasSameBytes(as other: some StringProtocol) -> Bool {
        // As arrays, since long values are compared many times over.
        utf8.count == other.utf8.count && Array(utf8) == Array(other.utf8)
    }
}

extension StringProtocol {
    /// Whether this ASCII text stands anywhere in it, byte by byte; linear for the short texts that we look for.
    func holdsASCII(_ text: String) -> Bool {
        let (bytes, wanted) = (Array(utf8), Array(text.utf8))
        guard let first = wanted.first, bytes.count >= wanted.count else { return wanted.isEmpty }
        for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
            if bytes[start...].starts(with: wanted) { return true }
        }
        return false
    }
}

extension Optional where Wrapped: StringProtocol {
    /// Whether the two are the same bytes, or neither is there.
    public func hasSameBytes(as other: Wrapped?) -> Bool {
        guard let self, let other else { return self == nil && other == nil }
        return self.hasSameBytes(as: other)
    }
}

extension [String: String] {
    /// Whether the same names have contents of the same bytes.
    public func hasSameBytes(as other: [String: String]) -> Bool {
        count == other.count && allSatisfy { name, text in other[name].hasSameBytes(as: text) }
    }

    /// What has to be written to make of these files the others; nil takes one out.
    public func changes(to other: [String: String]) -> [String: String?] {
        var changes: [String: String?] = [:]
        for (name, text) in other where !self[name].hasSameBytes(as: text) { changes[name] = .some(text) }
        for name in keys where other[name] == nil { changes[name] = .some(nil) }
        return changes
    }
}

extension [String: String]? {
    /// Whether the same names have contents of the same bytes, or neither is there.
    public func hasSameBytes(as other: [String: String]?) -> Bool {
        guard let self, let other else { return self == nil && other == nil }
        return self.hasSameBytes(as: other)
    }
}
