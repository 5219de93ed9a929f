import CLinux
import Glibc
import ModelInfo

/// The room that a file takes up, which is neither its size nor what was written.
extension OwnedDescriptor {
    /// Takes room for the first `byteCount` bytes; the size stays. Does nothing where the file system cannot.
    /// - Parameter start: From here on: what is before has its room.
    /// - Throws: ENOSPC or EDQUOT when there is not as much; then nothing is taken beyond the file's end.
    public borrowing func reserve(_ byteCount: Int64, from start: Int64 = 0) throws(SystemError) {
        guard byteCount > start else { return }
        var result = 0
        repeat { result = withRaw { zoo_fallocate($0, ZOO_FALLOC_KEEP_SIZE, start, byteCount - start) } } while result == Int(-EINTR)
        let failed = Int32(-result)
        guard result < 0, ![EOPNOTSUPP, ENOSYS, EPERM].contains(failed) else { return }
        // A part of it may have been taken.
        try truncate(to: try status().identity.size)
        throw SystemError(errno: failed, operation: "reserve room", path: path)
    }

    /// Gives back what was reserved beyond the file's end and in these parts of it, which then read as zeros. Where the file system cannot
    /// give room back it is given back with the file.
    public borrowing func giveBackRoom(in gaps: [Range<Int64>]) throws(SystemError) {
        let size = try status().identity.size
        for gap in gaps where gap.lowerBound < size {
            _ = withRaw {
                zoo_fallocate($0, ZOO_FALLOC_KEEP_SIZE | ZOO_FALLOC_PUNCH_HOLE, gap.lowerBound, min(gap.upperBound, size) - gap.lowerBound)
            }
        }
        try truncate(to: size)
    }

    /// How many bytes of the disk the file takes up, what is reserved included.
    public borrowing func allocatedByteCount() throws(SystemError) -> Int64 {
        var status = stat()
        guard withRaw({ unsafe fstat($0, &status) }) == 0 else {
            throw SystemError(errno: Glibc.errno, operation: "stat", path: path)
        }
        return Int64(status.st_blocks) * 512
    }
}

extension RootedDirectory {
    /// How many bytes of the disk the file at `path` takes up, what is reserved included; 0 when there is none.
    public func allocatedByteCount(of path: RelativePath) throws(SystemError) -> Int64 {
        do {
            return try openBeneath(path, ZOO_O_PATH | O_NOFOLLOW | O_CLOEXEC, operation: "stat").allocatedByteCount()
        } catch  where error.errno == ENOENT {
            return 0
        }
    }
}
