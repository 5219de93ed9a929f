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

    var watches: Set<Int32> { Set(paths.keys) }

    /// Takes the watches of a complete walk in place of all there were.
    /// - Parameter before: The watches when the walk began: what came meanwhile, the walk may have missed, and it stays.
    /// - Returns: Watches that no directory of the zoo stands for any more.
    mutating func replace(_ before: Set<Int32>, by watches: [Int32: RelativePath?]) -> [Int32] {
        let dropped = before.filter { watches[$0] == nil && paths.keys.contains($0) }
        for watch in dropped { paths.removeValue(forKey: watch) }
        for (watch, path) in watches where before.contains(watch) || !paths.keys.contains(watch) { paths.updateValue(path, forKey: watch) }
        return dropped.sorted()
    }

    mutating func remove(_ watch: Int32) { paths.removeValue(forKey: watch) }

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
