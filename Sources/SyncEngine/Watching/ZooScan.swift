import Glibc
import ModelInfo
import SystemIO

/// Walks a zoo's directories, down to the depth at which models may lie, and watches each one before it is listed:
/// whatever appears after the listing is told by an event, whatever was there before is in the listing.
struct ZooScan {
    let root: RootedDirectory
    let inotify: Inotify?
    /// Directories found, the start included unless it is the root.
    private(set) var directories: [RelativePath] = []
    private(set) var watches: [Int32: RelativePath?] = [:]
    /// How many directories could not be watched because the watches are used up.
    private(set) var unwatched = 0
    /// Directories that cannot be read, and why.
    private(set) var unreadable: [(RelativePath?, String)] = []

    init(root: RootedDirectory, inotify: Inotify?) {
        (self.root, self.inotify) = (root, inotify)
    }

    /// Blocks; runs on a lane.
    /// - Parameter start: Nil for the whole zoo.
    mutating func walk(from start: RelativePath?) {
        guard let start else { return visit(root, at: nil, rules: IgnoreRules()) }
        do {
            guard let rules = try ZooScope(root: root).rules(at: start) else { return }
            visit(try root.directory(start), at: start, rules: rules)
        } catch {
            // Gone again: its parent's events tell the rest.
            if error.errno != ENOENT { unreadable.append((start, error.description)) }
        }
    }

    private mutating func visit(_ directory: RootedDirectory, at path: RelativePath?, rules: IgnoreRules) {
        watch(directory, at: path)
        if let path { directories.append(path) }
        let depth = path?.components.count ?? 0
        guard depth < ModelID.maximumDepth else { return }
        do {
            let listing = try directory.entries()
            let rules = try rules.adding(from: directory, at: path)
            for entry in listing.entries where entry.kind == .directory && !entry.name.isHidden {
                let below = path?.appending(entry.name) ?? entry.name
                if rules.ignore(below, isDirectory: true) { continue }
                do {
                    visit(try directory.directory(entry.name), at: below, rules: rules)
                } catch {
                    if error.errno != ENOENT { unreadable.append((below, error.description)) }
                    // The model in it is looked at all the same, so that its status says why it cannot be read.
                    directories.append(below)
                }
            }
        } catch {
            unreadable.append((path, error.description))
        }
    }

    private mutating func watch(_ directory: RootedDirectory, at path: RelativePath?) {
        guard let inotify else { return }
        do {
            watches[try inotify.watch(directory)] = path
        } catch .outOfWatches, .outOfInstances {
            unwatched += 1
        } catch {
            // Anything else shows when the directory is listed.
        }
    }
}
