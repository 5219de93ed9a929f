import CLinux
import Glibc
import ModelInfo
import SystemPackage

/// A file descriptor with one owner: it closes when the owner goes away.
public struct OwnedDescriptor: ~Copyable, Sendable {
    /// Negative once the ownership was given away: `discard self` is not allowed beside a stored string.
    private var raw: Int32
    private enum Place {
        case path(String)
        case name(RelativePath, below: FilePath)
    }

    /// Where it leads, as it was opened; put together only when there is a message.
    private let place: Place

    /// For messages only.
    var path: String {
        switch place {
        case .path(let path): path
        case .name(let name, let directory): directory.appending(name.description).string
        }
    }

    /// Takes over `descriptor`: nobody else may close it from now on.
    /// - Parameter path: What it leads to, for messages.
    public init(owning descriptor: FileDescriptor, path: String = "") {
        (raw, place) = (descriptor.rawValue, .path(path))
    }

    /// The same for what was opened below a directory.
    init(owning descriptor: FileDescriptor, _ name: RelativePath, below directory: FilePath) {
        (raw, place) = (descriptor.rawValue, .name(name, below: directory))
    }

    deinit { if raw >= 0 { _ = Glibc.close(raw) } }

    /// Closes now, and tells of the error that `deinit` has to swallow: on NFS a lost write shows only here.
    public consuming func close() throws(SystemError) {
        let number = raw
        raw = -1
        guard Glibc.close(number) == 0 else { throw failure("close") }
    }

    /// Gives the ownership away: the caller closes.
    public consuming func release() -> FileDescriptor {
        let number = raw
        raw = -1
        return FileDescriptor(rawValue: number)
    }

    /// Lends the number for one call. It must not be kept or closed.
    public borrowing func withRaw<R, Failure: Error>(_ body: (Int32) throws(Failure) -> R) throws(Failure) -> R { try body(raw) }

    /// A second descriptor of the same open file: same position, same locks.
    public borrowing func duplicate() throws(SystemError) -> OwnedDescriptor {
        let copy = fcntl(raw, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw failure("dup") }
        return OwnedDescriptor(owning: FileDescriptor(rawValue: copy), path: path)
    }

    /// What the file looks like now, asked through this descriptor (fstat).
    public borrowing func status() throws(SystemError) -> (identity: FileIdentity, kind: DirectoryItem.Kind) {
        try FileStatus.of(raw, path: path)
    }

    /// Whether it is a pipe, with a name or without.
    public borrowing func isPipe() throws(SystemError) -> Bool { try FileStatus.isPipe(raw, path: path) }

    /// Reads up to `count` bytes at `offset`, fewer only at the end of the file.
    public borrowing func read(count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
        var failed: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = unsafe pread(raw, buffer.baseAddress! + filled, count - filled, off_t(offset) + off_t(filled))
                if got < 0 && Glibc.errno == EINTR { continue }
                if got < 0 { failed = Glibc.errno }
                guard got > 0 else { return }
                filled += got
            }
        }
        guard failed == 0 else { throw SystemError(errno: failed, operation: "read", path: path) }
        return bytes
    }

    /// Writes all of `bytes` at `offset`, or throws (ENOSPC, EDQUOT, EIO): then an unknown part of them was written.
    public borrowing func write(_ bytes: some Sequence<UInt8>, at offset: Int64) throws(SystemError) {
        let done = bytes.withContiguousStorageIfAvailable { unsafe writeAll(UnsafeRawBufferPointer($0), at: offset) }
        let failed = unsafe done ?? Array(bytes).withUnsafeBytes { unsafe writeAll($0, at: offset) }
        guard failed == 0 else { throw SystemError(errno: failed, operation: "write", path: path) }
    }

    /// 0, or the errno.
    private borrowing func writeAll(_ buffer: UnsafeRawBufferPointer, at offset: Int64) -> Int32 {
        var written = 0
        while written < buffer.count {
            let put = unsafe pwrite(raw, buffer.baseAddress! + written, buffer.count - written, off_t(offset) + off_t(written))
            if put < 0 && Glibc.errno == EINTR { continue }
            guard put > 0 else { return put < 0 ? Glibc.errno : EIO }
            written += put
        }
        return 0
    }

    /// Cuts or extends the file to `byteCount` bytes.
    public borrowing func truncate(to byteCount: Int64) throws(SystemError) {
        guard ftruncate(raw, off_t(byteCount)) == 0 else { throw failure("truncate") }
    }

    /// Returns once content and size are on the disk (fsync).
    public borrowing func sync() throws(SystemError) {
        guard fsync(raw) == 0 else { throw failure("fsync") }
    }

    /// Sets the permission bits, whatever the umask.
    public borrowing func setMode(_ mode: UInt32) throws(SystemError) {
        guard fchmod(raw, mode_t(mode)) == 0 else { throw failure("chmod") }
    }

    /// Sets owner and group; nil leaves one alone. Clears setuid and setgid bits.
    public borrowing func setOwner(_ owner: UInt32?, group: UInt32?) throws(SystemError) {
        guard fchown(raw, owner ?? .max, group ?? .max) == 0 else { throw failure("chown") }
    }

    private borrowing func failure(_ operation: String) -> SystemError {
        SystemError(errno: Glibc.errno, operation: operation, path: path)
    }
}
