import CLinux
import Glibc
import ModelInfo

/// What a rename does when the new name is taken.
public enum RenameRule: Sendable {
    /// The old file of that name is gone.
    case replace
    /// EEXIST (`RENAME_NOREPLACE`).
    case refuse
    /// The two swap their names in one step (`RENAME_EXCHANGE`); ENOENT when there is none. EINVAL where the file system cannot.
    case exchange

    var flags: UInt32 {
        switch self {
        case .replace: 0
        case .refuse: ZOO_RENAME_NOREPLACE
        case .exchange: ZOO_RENAME_EXCHANGE
        }
    }
}

extension RootedDirectory {
    /// Creates one directory, whose parent must exist.
    /// - Parameter permissions: Exactly these, whatever the umask; an inherited setgid bit stays.
    public func createDirectory(_ path: RelativePath, permissions: UInt32) throws(SystemError) {
        try withParent(of: path, "mkdir") { (parent, name) throws(SystemError) in
            guard unsafe mkdirat(parent, name, mode_t(permissions)) == 0 else { throw failure("mkdir", path) }
        }
        let created = try openBeneath(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let inherited = try created.status().identity.mode & 0o7000
        try created.setMode(inherited | permissions)
    }

    /// Creates the directories above `path` that are missing.
    /// - Parameter permissions: As in ``createDirectory(_:permissions:)``; those that exist are left as they are.
    public func createParents(of path: RelativePath, permissions: UInt32) throws(SystemError) {
        guard let parent = path.parent else { return }
        try createParents(of: parent, permissions: permissions)
        do throws(SystemError) {
            try createDirectory(parent, permissions: permissions)
            try syncParent(of: parent)
        } catch {
            if error.errno != EEXIST { throw error }
        }
    }

    /// Removes a name that is no directory. Of a link, the link.
    public func remove(_ path: RelativePath) throws(SystemError) {
        try withParent(of: path, "remove") { (parent, name) throws(SystemError) in
            guard unsafe unlinkat(parent, name, 0) == 0 else { throw failure("remove", path) }
        }
    }

    /// Removes an empty directory; ENOTEMPTY otherwise.
    public func removeDirectory(_ path: RelativePath) throws(SystemError) {
        try withParent(of: path, "rmdir") { (parent, name) throws(SystemError) in
            guard unsafe unlinkat(parent, name, AT_REMOVEDIR) == 0 else { throw failure("rmdir", path) }
        }
    }

    /// Renames within this directory or into another one of the same file system; EXDEV otherwise.
    ///
    /// Only a ``sync()`` of both directories makes it last.
    public func rename(
        _ path: RelativePath, to newPath: RelativePath, in other: RootedDirectory? = nil, _ rule: RenameRule = .replace
    ) throws(SystemError) {
        let target = other ?? self
        try withParent(of: path, "rename") { (parent, name) throws(SystemError) in
            try target.withParent(of: newPath, "rename") { (newParent, newName) throws(SystemError) in
                _ = try SystemError.check(
                    unsafe zoo_renameat2(parent, name, newParent, newName, rule.flags), "rename to \(target.full(newPath)) of",
                    full(path).string)
            }
        }
    }

    /// Renames where the new name is free; EEXIST otherwise. Where a rename cannot refuse a name that is taken (NFS), a link can.
    public func moveIfFree(_ path: RelativePath, to newPath: RelativePath, in other: RootedDirectory) throws(SystemError) {
        try moveIfFree(path, to: newPath, in: other, knowsRules: true)
    }

    /// - Parameter knowsRules: False: as on a file system whose rename takes no rule.
    func moveIfFree(
        _ path: RelativePath, to newPath: RelativePath, in other: RootedDirectory, knowsRules: Bool
    ) throws(SystemError) {
        do throws(SystemError) {
            guard knowsRules else { throw SystemError(errno: EINVAL, operation: "rename", path: newPath.description) }
            try rename(path, to: newPath, in: other, .refuse)
        } catch {
            guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(error.errno) else { throw error }
            try link(path, to: newPath, in: other)
            try remove(path)
        }
    }

    /// Returns once the names in this directory are on the disk (fsync).
    public func sync() throws(SystemError) {
        guard withRaw({ fsync($0) }) == 0 else { throw SystemError(errno: Glibc.errno, operation: "fsync", path: path.string) }
    }

    /// Returns once the names beside `path` are on the disk.
    public func syncParent(of path: RelativePath) throws(SystemError) {
        if let parent = path.parent { try directory(parent).sync() } else { try sync() }
    }

    /// A second name for a file, in this directory or another one of the same file system; EEXIST when it is taken.
    public func link(_ path: RelativePath, to newPath: RelativePath, in other: RootedDirectory? = nil) throws(SystemError) {
        let target = other ?? self
        try withParent(of: path, "link") { (parent, name) throws(SystemError) in
            try target.withParent(of: newPath, "link") { (newParent, newName) throws(SystemError) in
                guard unsafe linkat(parent, name, newParent, newName, 0) == 0 else { throw target.failure("link", newPath) }
            }
        }
    }

    /// Opens the directory that holds `path`, for the calls that take a directory and a plain name.
    func withParent<R>(
        of path: RelativePath, _ operation: String, _ body: (Int32, String) throws(SystemError) -> R
    ) throws(SystemError) -> R {
        guard let parent = path.parent else {
            return try withRaw { (directory) throws(SystemError) in try body(directory, path.name) }
        }
        let opened = try openBeneath(parent, ZOO_O_PATH | O_DIRECTORY | O_CLOEXEC, operation: operation)
        return try opened.withRaw { (directory) throws(SystemError) in try body(directory, path.name) }
    }

    private func failure(_ operation: String, _ path: RelativePath) -> SystemError {
        SystemError(errno: Glibc.errno, operation: operation, path: full(path).string)
    }
}
