/// The URLs that are written behind one key: one, a list of them, or several in a row.
enum URLTexts {
    static func all(in occurrence: KeyOccurrence) -> [String] {
        let written = occurrence.shape == .list ? occurrence.items : occurrence.text.map { [$0] } ?? []
        return written.filter { !$0.isPlaceholder }.flatMap(URLDecoration.separated)
    }
}
