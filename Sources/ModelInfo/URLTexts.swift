/// The URLs that are written behind one key: one, a list of them, or several in a row.
enum URLTexts {
    static func all(in occurrence: KeyOccurrence) -> [String] {
        let written = occurrence.shape == .list ? occurrence.items : occurrence.text.map { [$0] } ?? []
        return written.filter { !$0.isPlaceholder }.flatMap(URLDecoration.separated)
    }
}

extension String {
    /// What stands behind the last slash of a URL's path or of a file's, slashes at its end apart; empty when there is nothing.
    var lastComponent: ArraySlice<UInt8> {
        let path = Array(utf8).prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard let end = path.lastIndex(where: { $0 != UInt8(ascii: "/") }) else { return [] }
        let start = path[...end].lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex
        return path[start...end]
    }
}
