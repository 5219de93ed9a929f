import Glibc
import ModelInfo

/// One look at a model's directory.
public enum ModelDirectory {
    /// Lists the directory's top level once and reads each regular file of it that may be published, through one descriptor each.
    ///
    /// A file that cannot be read is in the result as `.unreadable`: only what an error-free listing lacks is absent. A file that
    /// vanishes between listing and reading is left out. Nothing but regular files is opened, so no FIFO or device can block.
    /// - Parameters:
    ///   - fileLimit: Bytes; a larger file is `.tooLarge` and not read.
    ///   - readBinaries: Whether the bytes of `*.caffemodel*` are wanted too; otherwise they, like hidden files, are `.notRead`.
    /// - Throws: When the directory cannot be listed or one of its names' status is unknown (EIO, ESTALE): then nothing is known of it.
    public static func snapshot(
        of directory: RootedDirectory, fileLimit: Int = 1 << 20, readBinaries: Bool = false
    ) throws(SystemError) -> DirectorySnapshot {
        let listing = try directory.entries()
        var items: [DirectoryItem] = []
        for entry in listing.entries {
            let isWanted = !isHidden(entry.name) && (readBinaries || !isBinary(entry.name))
            if let item = try item(entry.name, in: directory, fileLimit: fileLimit, isWanted: isWanted) { items.append(item) }
        }
        return DirectorySnapshot(entries: items, unreadableNames: listing.unreadableNames)
    }

    private static func isHidden(_ name: RelativePath) -> Bool { name.description.hasPrefix(".") }

    private static func isBinary(_ name: RelativePath) -> Bool { name.description.lowercased().contains(".caffemodel") }

    /// Nil when it is gone again.
    private static func item(
        _ name: RelativePath, in directory: RootedDirectory, fileLimit: Int, isWanted: Bool
    ) throws(SystemError) -> DirectoryItem? {
        guard let (identity, kind) = try directory.status(of: name) else { return nil }
        switch kind {
        case .link:
            return DirectoryItem(
                name: name, kind: kind, identity: identity, content: .notRead, linkTarget: try? directory.linkTarget(of: name))
        case .file where isWanted:
            return try read(name, in: directory, fileLimit: fileLimit, listed: identity)
        case .file, .directory, .other:
            return DirectoryItem(name: name, kind: kind, identity: identity, content: .notRead)
        }
    }

    private static func read(
        _ name: RelativePath, in directory: RootedDirectory, fileLimit: Int, listed: FileIdentity
    ) throws(SystemError) -> DirectoryItem? {
        do {
            let (bytes, identity) = try directory.readFile(name, limit: fileLimit)
            return DirectoryItem(name: name, kind: .file, identity: identity, content: .bytes(bytes))
        } catch {
            switch error.errno {
            case EFBIG: return DirectoryItem(name: name, kind: .file, identity: listed, content: .tooLarge)
            case ENOENT: return nil
            default: return DirectoryItem(name: name, kind: .file, identity: listed, content: .unreadable(error.reason))
            }
        }
    }
}
