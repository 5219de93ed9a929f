/// Which names a readme may have, compared without case; the first in the order wins.
public enum ReadmeNames {
    /// In order of preference.
    public static let inOrder = ["readme.md", "README.md", "Readme.md", "_readme.md", "readme.markdown", "readme"]

    /// Whether a file of that name is a readme.
    public static func isReadme(_ name: String) -> Bool { rank(name) != nil }

    /// The readme among these names; nil when there is none.
    public static func choose(from names: some Sequence<String>) -> String? {
        names.compactMap { name in rank(name).map { (rank: $0, name: name) } }.min { ($0.rank, $0.name) < ($1.rank, $1.name) }?.name
    }

    /// Lower is better; nil for what is no readme. A spelling that is not in the list stands behind those of the list that differ from it by case alone.
    static func rank(_ name: String) -> Int? {
        guard let last = inOrder.lastIndex(where: { $0.lowercased() == name.lowercased() }) else { return nil }
        return (inOrder.firstIndex(of: name) ?? last) * 2 + (inOrder.contains(name) ? 0 : 1)
    }
}
