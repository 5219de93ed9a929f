/// "Did you mean …?"
public enum Spelling {
    /// The word that a person most likely meant, or nil when none is close: at most a third of the letters, and never
    /// more than three, are wrong. Case and the choice of `-` or `_` count as nothing.
    public static func nearest(to text: String, among words: [String]) -> String? {
        let wanted = folded(text)
        guard wanted.count <= 64 else { return nil }
        let best =
            words
            .map { (word: $0, distance: distance(wanted, folded($0))) }
            .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
        guard let best, best.distance <= min(3, max(1, wanted.count / 3)) else { return nil }
        return best.word
    }

    private static func folded(_ text: String) -> [Character] {
        Array(text.lowercased().map { $0 == "-" ? "_" : $0 })
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforePrevious[j - 1] + 1) }
                row.append(cost)
            }
            (beforePrevious, previous) = (previous, row)
        }
        return previous[b.count]
    }
}
