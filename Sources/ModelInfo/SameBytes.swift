extension StringProtocol {
    /// Whether the two are the same bytes. Swift's `==` also takes texts for equal that only Unicode does: `é` as one character and as
    /// two. For contents of files that is a difference.
    public func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension [String: String] {
    /// Whether the same names have contents of the same bytes.
    public func hasSameBytes(as other: [String: String]) -> Bool {
        count == other.count && allSatisfy { name, text in other[name].map { $0.hasSameBytes(as: text) } ?? false }
    }
}
