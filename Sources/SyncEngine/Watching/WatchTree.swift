import ModelInfo

/// Which watch stands for which directory. A directory that moves away takes its watches with it, so they are found by path as well.
struct WatchTree {
    private var paths: [Int32: RelativePath?] = [:]

    /// The directory that a watch stands for; `.some(nil)` is the root, nil an unknown watch.
    func path(of watch: Int32) -> RelativePath?? { paths[watch] }

    var count: Int { paths.count }

    mutating func add(_ watches: [Int32: RelativePath?]) {
        paths.merge(watches) { $1 }
    }

    /// Takes the watches of a complete walk in place of all there were.
    /// - Returns: Watches that no directory of the zoo stands for any more.
    mutating func replace(by watches: [Int32: RelativePath?]) -> [Int32] {
        defer { paths = watches }
        return paths.keys.filter { watches[$0] == nil }
    }

    mutating func remove(_ watch: Int32) { paths[watch] = nil }

    /// Takes out every watch at or below `path`.
    mutating func remove(below path: RelativePath) -> [Int32: RelativePath] {
        var removed: [Int32: RelativePath] = [:]
        for (watch, place) in paths {
            if let place, place.isInside(path) { removed[watch] = place }
        }
        for watch in removed.keys { paths[watch] = nil }
        return removed
    }
}
