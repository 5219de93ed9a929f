import CLinux
import Glibc
import ModelInfo
import SystemPackage

/// An open directory, and the only door to what lies below it.
///
/// Every name below it goes through `openat2` with `RESOLVE_BENEATH`, `RESOLVE_NO_SYMLINKS` and `RESOLVE_NO_MAGICLINKS`: whatever
/// anybody swaps for a link meanwhile, nothing outside is reached. It stays the same directory when somebody renames it.
public final class RootedDirectory: Sendable {
    /// Where it was when it was opened. For messages only: nothing is opened by it again.
    public let path: FilePath
    private let descriptor: OwnedDescriptor
    private let resolve: UInt64

    /// Opens a directory that the configuration names: here, and only here, links are followed.
    /// - Parameter crossesMounts: Whether what is below may lie on another file system (`RESOLVE_NO_XDEV` if not).
    public init(at absolutePath: FilePath, crossesMounts: Bool = true) throws(SystemError) {
        let number = try SystemError.check(unsafe zoo_open_directory(absolutePath.string), "open", absolutePath.string)
        path = absolutePath
        descriptor = OwnedDescriptor(owning: FileDescriptor(rawValue: Int32(number)), path: absolutePath.string)
        let confined = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS
        resolve = UInt64(crossesMounts ? confined : confined | RESOLVE_NO_XDEV)
    }

    private init(path: FilePath, descriptor: consuming OwnedDescriptor, resolve: UInt64) {
        self.path = path
        self.descriptor = descriptor
        self.resolve = resolve
    }

    /// Lends the descriptor's number for one call. It must not be kept or closed.
    public func withRaw<R, Failure: Error>(_ body: (Int32) throws(Failure) -> R) throws(Failure) -> R { try descriptor.withRaw(body) }

    /// The directory below at `path`: ENOTDIR when it is a file, ELOOP when a part of the path is a link.
    public func directory(_ path: RelativePath) throws(SystemError) -> RootedDirectory {
        let opened = try openBeneath(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return RootedDirectory(path: full(path), descriptor: opened, resolve: resolve)
    }

    /// What the directory itself looks like. A changed `device` means that something was mounted or unmounted.
    public func status() throws(SystemError) -> FileIdentity { try descriptor.status().identity }

    /// By what it is known again under another name.
    public func identity() throws(SystemError) -> DirectoryIdentity {
        let (status, born) = (try status(), withRaw { zoo_birth_time($0) })
        return DirectoryIdentity(device: status.device, inode: status.inode, born: born)
    }

    /// Why no names may be made and removed in it by this process: EACCES by its rights, EROFS by the mount; nil when they may.
    public var writeRefusal: SystemError? {
        guard withRaw({ unsafe faccessat($0, ".", W_OK | X_OK, AT_EACCESS) }) != 0 else { return nil }
        return SystemError(errno: Glibc.errno, operation: "write into", path: path.string)
    }

    /// What is at `path` (links are not followed, nothing is opened for reading).
    /// - Returns: Nil only for ENOENT: every other failure says nothing about whether it is there, and throws.
    public func status(of path: RelativePath) throws(SystemError) -> (identity: FileIdentity, kind: DirectoryItem.Kind)? {
        do {
            // A single name leads nowhere else, and is asked for by the hundred. Of another file system only `openat2` tells.
            if path.isName, resolve & UInt64(RESOLVE_NO_XDEV) == 0 {
                return try withRaw { (root) throws(SystemError) in try FileStatus.of(path.description, in: root, path: full(path).string) }
            }
            return try openBeneath(path, ZOO_O_PATH | O_NOFOLLOW | O_CLOEXEC, operation: "stat").status()
        } catch  where error.errno == ENOENT {
            return nil
        }
    }

    /// Where the link at `path` leads, as written in it (bytes that are no UTF-8 replaced); EINVAL when it is no link.
    public func linkTarget(of path: RelativePath) throws(SystemError) -> String {
        let link = try openBeneath(path, ZOO_O_PATH | O_NOFOLLOW | O_CLOEXEC, operation: "readlink")
        var failed: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, filled in
            let count = link.withRaw { unsafe readlinkat($0, "", buffer.baseAddress!, buffer.count) }
            if count < 0 { failed = Glibc.errno } else { filled = count }
        }
        // An empty name on a descriptor that is no link is ENOENT to the kernel.
        guard failed == 0 else {
            throw SystemError(errno: failed == ENOENT ? EINVAL : failed, operation: "readlink", path: full(path).string)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Opens a regular file. Never blocks: a FIFO or device in its place is refused with EINVAL, a directory with EISDIR,
    /// a link with ELOOP.
    /// - Parameter permissions: Of a file that is created: exactly these, whatever the umask.
    public func open(
        _ path: RelativePath, _ access: FileAccess = .read, creating: FileCreation = .never, permissions: UInt32 = 0o600
    ) throws(SystemError) -> OwnedDescriptor {
        let flags = access.flags | creating.flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let file = try openBeneath(path, flags, permissions: creating == .never ? 0 : permissions)
        let kind = try file.status().kind
        guard kind == .file else {
            throw SystemError(errno: kind == .directory ? EISDIR : EINVAL, operation: "open as a regular file", path: full(path).string)
        }
        if creating == .mustBeNew { try file.setMode(permissions) }
        return file
    }

    /// All bytes of a regular file and the file they came from, through one descriptor.
    ///
    /// A file that changes while it is read is read again, at most three times; after that `identity` is the older one, so that
    /// it cannot be taken for the file's last state.
    /// - Parameter limit: Bytes. EFBIG above it, without reading the file.
    public func readFile(_ path: RelativePath, limit: Int) throws(SystemError) -> (bytes: [UInt8], identity: FileIdentity) {
        let file = try open(path)
        var before = try file.status().identity
        for attempt in 1... {
            guard before.size <= Int64(limit) else { break }
            // One more than the limit and than the size, to see that it grew.
            let bytes = try file.read(count: min(limit, Int(before.size)) + 1, at: 0)
            let after = try file.status().identity
            let unchanged = after.isSameFile(as: before) && bytes.count == Int(after.size)
            if bytes.count <= limit, unchanged || attempt == 3 { return (bytes, before) }
            before = after
            if attempt == 3 { break }
        }
        throw SystemError(errno: EFBIG, operation: "read", path: full(path).string)
    }

    /// `path` below this directory, for messages.
    func full(_ path: RelativePath) -> FilePath { self.path.appending(path.description) }

    /// The one place that resolves a name from outside.
    func openBeneath(
        _ path: RelativePath, _ flags: Int32, permissions: UInt32 = 0, operation: String = "open"
    ) throws(SystemError) -> OwnedDescriptor {
        let number = try descriptor.withRaw { (root) throws(SystemError) in
            try SystemError.check(unsafe zoo_openat2(root, path.description, flags, permissions, resolve), operation, full(path).string)
        }
        return OwnedDescriptor(owning: FileDescriptor(rawValue: Int32(number)), path, below: self.path)
    }
}

/// How a file is opened.
public enum FileAccess: Sendable {
    case read, write, readWrite

    var flags: Int32 {
        switch self {
        case .read: O_RDONLY
        case .write: O_WRONLY
        case .readWrite: O_RDWR
        }
    }
}

/// Whether opening may create the file.
public enum FileCreation: Sendable {
    /// ENOENT when it is missing.
    case never
    /// Created when it is missing.
    case ifMissing
    /// EEXIST when anything of that name exists (O_EXCL), be it a dangling link.
    case mustBeNew

    var flags: Int32 {
        switch self {
        case .never: 0
        case .ifMissing: O_CREAT
        case .mustBeNew: O_CREAT | O_EXCL
        }
    }
}
