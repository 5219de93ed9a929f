extension String {
    /// Whether both are the same bytes. `==` also calls texts equal that are only spelled alike in Unicode: a gist, a file and a digest do not.
    public func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension [String: String] {
    /// Whether both hold the same names, and the same bytes under each.
    public func hasSameBytes(as other: [String: String]) -> Bool {
        count == other.count && allSatisfy { name, text in other[name]?.hasSameBytes(as: text) == true }
    }
}
