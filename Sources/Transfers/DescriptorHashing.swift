import Glibc
import SystemIO

extension OwnedDescriptor {
    /// Feeds the first `byteCount` bytes of the file to `digest`, whatever the descriptor's position, in reads of 1 MiB into one buffer.
    /// - Throws: `changedMeanwhile` when the file is shorter.
    borrowing func hash(
        upTo byteCount: Int64, into digest: inout RunningDigest, isCancelled: () -> Bool, onProgress: (Int64) -> Void = { _ in }
    ) throws(DigestFailure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { unsafe buffer.deallocate() }
        var offset: Int64 = 0
        while offset < byteCount {
            guard !isCancelled() else { throw .cancelled }
            let end = min(byteCount, offset + Int64(buffer.count))
            try unsafe hash(offset..<end, into: &digest, through: buffer)
            offset = end
            onProgress(offset)
        }
    }

    /// Feeds a part of the file to `digest`, in reads as large as `buffer`.
    /// - Throws: `changedMeanwhile` when the file ends before.
    borrowing func hash(
        _ part: Range<Int64>, into digest: inout RunningDigest, through buffer: UnsafeMutableRawBufferPointer
    ) throws(DigestFailure) {
        var offset = part.lowerBound
        while offset < part.upperBound {
            let wanted = Int(min(Int64(buffer.count), part.upperBound - offset))
            let count = withRaw { unsafe pread($0, buffer.baseAddress, wanted, off_t(offset)) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .disk(SystemError(errno: errno, operation: "read", path: "")) }
            guard count > 0 else { throw .changedMeanwhile }
            unsafe digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += Int64(count)
        }
    }
}
