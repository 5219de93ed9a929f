import ModelInfo

/// Which watch stands for which directory. A directory that moves away takes its watches with it, so they are found by path as well.
struct WatchTree {
    private var paths: [Int32: RelativePath?] = [:]
    private var watches: [RelativePath: Int32] = [:]

    /// The directory that a watch stands for; `.some(nil)` is the root, nil an unknown watch.
    func path(of watch: Int32) -> RelativePath?? { paths[watch] }

    var count: Int { paths.count }

    /// Whether this directory is watched.
    func holds(_ path: RelativePath) -> Bool { watches[path] != nil }

    mutating func add(_ added: [Int32: RelativePath?]) {
        for (watch, path) in added {
            remove(watch)
            paths[watch] = path
            if let path { watches[path] = watch }
        }
    }

    /// Takes the watches of a complete walk in place of all there were.
    /// - Returns: Watches that no directory of the zoo stands for any more.
    mutating func replace(by all: [Int32: RelativePath?]) -> [Int32] {
        let gone = paths.keys.filter { all[$0] == nil }
        (paths, watches) = ([:], [:])
        add(all)
        return gone
    }

    mutating func remove(_ watch: Int32) {
        guard let path = paths.removeValue(forKey: watch) else { return }
        if let path, watches[path] == watch { watches[path] = nil }
    }

    /// Takes out the watch of a directory that was removed, and so was empty.
    mutating func remove(at path: RelativePath) {
        if let watch = watches[path] { remove(watch) }
    }

    /// Takes out every watch at or below `path`.
    mutating func remove(below path: RelativePath) -> [Int32: RelativePath] {
        var removed: [Int32: RelativePath] = [:]
        for (watch, place) in paths {
            if let place, place.isInside(path) { removed[watch] = place }
        }
        for watch in removed.keys { remove(watch) }
        return removed
    }
}
