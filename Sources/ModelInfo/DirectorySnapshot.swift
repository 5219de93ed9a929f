/// What one look at a model directory saw: its top level, read once. A value; `SystemIO` makes it, everything pure judges it.
public struct DirectorySnapshot: Hashable, Sendable {
    /// Sorted by name. Names that are not UTF-8 are counted in ``unreadableNames`` instead.
    public let entries: [DirectoryItem]
    /// How many names in the directory are not UTF-8 and so can be neither shown nor published.
    public let unreadableNames: Int

    public init(entries: [DirectoryItem], unreadableNames: Int = 0) {
        self.entries = entries.sorted { $0.name < $1.name }
        self.unreadableNames = unreadableNames
    }

    /// The entry of that exact name.
    public subscript(name: String) -> DirectoryItem? { entries.first { $0.name.description == name } }
}

/// One entry of a model directory, and the bytes of it when it is a small regular file that could be published.
public struct DirectoryItem: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable { case file, directory, link, other }

    /// What became of reading the file.
    public enum Content: Hashable, Sendable {
        /// All bytes, read through one descriptor that was a regular file with `identity`.
        case bytes([UInt8])
        /// Not read, since nobody asks for the bytes of such a file (a binary's name, not a regular file).
        case notRead
        /// Larger than the limit it was read with.
        case tooLarge
        /// The system refused: why, in words. Says nothing about whether the file is there.
        case unreadable(String)
    }

    public let name: RelativePath
    public let kind: Kind
    /// Identity and rights, from the descriptor that was read, else from the directory entry.
    public let identity: FileIdentity
    public let content: Content
    /// Where a link leads, as written in it; nil for what is no link.
    public let linkTarget: String?

    public init(name: RelativePath, kind: Kind, identity: FileIdentity, content: Content, linkTarget: String? = nil) {
        (self.name, self.kind, self.identity, self.content, self.linkTarget) = (name, kind, identity, content, linkTarget)
    }
}

/// Which inode a name led to and how it looked: what "is this still the file that was hashed?" is answered from.
public struct FileIdentity: Hashable, Sendable, Codable {
    public let device: UInt64
    public let inode: UInt64
    /// Bytes.
    public let size: Int64
    /// Nanoseconds since 1970.
    public let modified: Int64
    /// Nanoseconds since 1970. Shown, never decides: chmod, chown and backups change it.
    public let changed: Int64
    /// Permission bits, without the file type.
    public let mode: UInt32
    public let owner: UInt32
    public let group: UInt32
    /// Number of hard links.
    public let links: UInt64

    public init(
        device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64, mode: UInt32, owner: UInt32, group: UInt32,
        links: UInt64
    ) {
        (self.device, self.inode, self.size, self.modified, self.changed) = (device, inode, size, modified, changed)
        (self.mode, self.owner, self.group, self.links) = (mode, owner, group, links)
    }

    /// That of no file: no inode has the number 0.
    public static let none = FileIdentity(
        device: 0, inode: 0, size: 0, modified: 0, changed: 0, mode: 0, owner: 0, group: 0, links: 0)

    /// Same inode, same size, same modification time: nothing that an editor, `cp` or a download does leaves all of these alone.
    public func isSameFile(as other: FileIdentity) -> Bool {
        device == other.device && isUntouched(since: other)
    }

    /// Nobody wrote to it or put another in its place since then. A disk may come back under another device number: that excuses nothing.
    public func isUntouched(since other: FileIdentity) -> Bool {
        (inode, size, modified) == (other.inode, other.size, other.modified)
    }
}
