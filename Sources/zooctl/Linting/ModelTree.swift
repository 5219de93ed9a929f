import ControlProtocol
import ModelInfo
import SystemIO

/// The directories at and below one that a person named which are models, or may turn out to be: found as zood finds them, down to the
/// same depth, without hidden ones and without what a `.zooignore` names.
struct ModelTree {
    /// A directory that is to be read.
    struct Place: Hashable, Sendable {
        /// Below the tree's root; nil for the root.
        let path: RelativePath?
        /// Whether any entry has a readme's name.
        let hasReadme: Bool
        /// Whether a prototxt or a binary lies in it. At least one of the two, except in the root.
        let hasModelFile: Bool
    }

    let root: RootedDirectory
    /// In the order of their paths, the root first.
    private(set) var places: [Place] = []
    /// Directories that could not be looked into, and why.
    private(set) var unreadable: [(path: RelativePath?, reason: String)] = []
    private var seen: Swift.Set<DirectoryInode>

    /// - Parameter seen: Directories that another tree has already; none of them is in this one.
    init(_ root: RootedDirectory, except seen: Swift.Set<DirectoryInode>) throws(SystemError) {
        (self.root, self.seen) = (root, seen)
        guard isNew(try root.status()) else { return }
        try visit(root, at: nil, rules: IgnoreRules())
    }

    /// All directories of this tree and of those before it.
    var visited: Swift.Set<DirectoryInode> { seen }

    private mutating func isNew(_ identity: FileIdentity) -> Bool {
        seen.insert(DirectoryInode(device: identity.device, inode: identity.inode)).inserted
    }

    private mutating func visit(_ directory: RootedDirectory, at path: RelativePath?, rules: IgnoreRules) throws(SystemError) {
        let listing = try directory.entries()
        let entries = listing.entries
        let hasReadme = entries.contains { ReadmeNames.isReadme($0.name.description) }
        let hasModelFile = entries.contains { $0.kind != .directory && ModelFiles.contains($0.name.description) }
        if path == nil || hasReadme || hasModelFile {
            places.append(Place(path: path, hasReadme: hasReadme, hasModelFile: hasModelFile))
        }
        // In a model's directory, lint says so.
        if listing.unreadableNames > 0, !hasReadme, !hasModelFile {
            let names = listing.unreadableNames == 1 ? "a name in it is" : "\(listing.unreadableNames) names in it are"
            unreadable.append((path, "\(names) not UTF-8 and cannot be looked at"))
        }
        guard path?.components.count ?? 0 < ModelID.maximumDepth else { return }
        let below = entries.filter { $0.kind == .directory && !$0.name.description.hasPrefix(".") }.map(\.name).sorted()
        guard !below.isEmpty else { return }
        let rules = try rules.adding(from: directory, at: path)
        for name in below {
            let place = path?.appending(name) ?? name
            if rules.ignore(place, isDirectory: true) { continue }
            do throws(SystemError) {
                let child = try directory.directory(name)
                if isNew(try child.status()) { try visit(child, at: place, rules: rules) }
            } catch {
                unreadable.append((place, error.reason))
            }
        }
    }
}

/// Which directory it is, whatever path led to it.
struct DirectoryInode: Hashable {
    let device: UInt64
    let inode: UInt64
}
