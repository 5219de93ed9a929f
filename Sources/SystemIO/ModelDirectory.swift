import Glibc
import ModelInfo

/// One look at a model's directory.
public enum ModelDirectory {
    /// All files of one directory together are read up to this many bytes, the smallest first.
    static let totalLimit: Int64 = 64 << 20

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
        var found: [(name: RelativePath, identity: FileIdentity, kind: DirectoryItem.Kind)] = []
        for entry in listing.entries {
            if let (identity, kind) = try directory.status(of: entry.name) { found.append((entry.name, identity, kind)) }
        }
        found.sort { $0.identity.size < $1.identity.size }
        var budget = totalLimit
        var items: [DirectoryItem] = []
        for (name, identity, kind) in found {
            guard kind == .file, !name.isHidden, readBinaries || !name.isCaffemodel else {
                let target = kind == .link ? try? directory.linkTarget(of: name) : nil
                items.append(DirectoryItem(name: name, kind: kind, identity: identity, content: .notRead, linkTarget: target))
                continue
            }
            let limit = Int(min(Int64(fileLimit), budget))
            guard let item = read(name, in: directory, fileLimit: fileLimit, limit: limit, listed: identity) else { continue }
            if case .bytes(let bytes) = item.content { budget -= Int64(bytes.count) }
            items.append(item)
        }
        return DirectorySnapshot(entries: items, unreadableNames: listing.unreadableNames)
    }

    /// Nil when it is gone again.
    private static func read(
        _ name: RelativePath, in directory: RootedDirectory, fileLimit: Int, limit: Int, listed: FileIdentity
    ) -> DirectoryItem? {
        func item(_ content: DirectoryItem.Content, _ identity: FileIdentity) -> DirectoryItem {
            DirectoryItem(name: name, kind: .file, identity: identity, content: content)
        }
        do {
            let (bytes, identity) = try directory.readFile(name, limit: limit)
            return item(.bytes(bytes), identity)
        } catch {
            switch error.errno {
            case ENOENT: return nil
            case EFBIG where limit < fileLimit && listed.size <= Int64(fileLimit):
                return item(.unreadable("this directory's files are together larger than \(totalLimit >> 20) MiB"), listed)
            case EFBIG: return item(.tooLarge, listed)
            default: return item(.unreadable(error.reason), listed)
            }
        }
    }
}
