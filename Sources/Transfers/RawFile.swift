import Glibc
import ModelInfo

/// A regular file, used by position through a descriptor that somebody else keeps open.
struct RawFile: Sendable {
    private let descriptor: Int32

    init(_ descriptor: borrowing OwnedDescriptor) { self.descriptor = descriptor.withRaw { $0 } }

    func identity() throws(DigestFailure) -> FileIdentity {
        do { return try status() } catch { throw .disk(error) }
    }

    func status() throws(SystemError) -> FileIdentity {
        var s = stat()
        guard unsafe fstat(descriptor, &s) == 0 else { throw failure("fstat") }
        return FileIdentity(
            device: UInt64(s.st_dev), inode: UInt64(s.st_ino), size: Int64(s.st_size), modified: nanoseconds(s.st_mtim),
            changed: nanoseconds(s.st_ctim), mode: s.st_mode & 0o7777, owner: s.st_uid, group: s.st_gid, links: UInt64(s.st_nlink))
    }

    /// Feeds the first `byteCount` bytes to `digest`, in reads of 1 MiB.
    /// - Throws: `changedMeanwhile` when the file is shorter.
    func hash(
        upTo byteCount: Int64, into digest: inout RunningDigest, isCancelled: () -> Bool, onProgress: (Int64) -> Void = { _ in }
    ) throws(DigestFailure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { unsafe buffer.deallocate() }
        var offset: Int64 = 0
        while offset < byteCount {
            guard !isCancelled() else { throw .cancelled }
            let wanted = min(Int64(buffer.count), byteCount - offset)
            let count = unsafe pread(descriptor, buffer.baseAddress, Int(wanted), off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .disk(failure("read")) }
            guard count > 0 else { throw .changedMeanwhile }
            unsafe digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += Int64(count)
            onProgress(offset)
        }
    }

    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset) + off_t(done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write") }
            done += count
        }
    }

    func truncate(to byteCount: Int64) throws(SystemError) {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw failure("truncate") }
    }

    func sync() throws(SystemError) {
        guard fsync(descriptor) == 0 else { throw failure("fsync") }
    }

    /// The first bytes, at most `byteCount`.
    func beginning(_ byteCount: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        let count = unsafe pread(descriptor, &bytes, byteCount, 0)
        guard count >= 0 else { throw failure("read") }
        return Array(bytes.prefix(count))
    }

    private func failure(_ operation: String) -> SystemError { SystemError(errno: errno, operation: operation, path: "") }

    private func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
}
