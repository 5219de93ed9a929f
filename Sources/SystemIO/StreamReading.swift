import Glibc

extension OwnedDescriptor {
    /// Reads what comes next: for pipes and terminals, which have no offsets.
    /// - Parameter count: At most so many bytes, at least 1.
    /// - Returns: Fewer where no more is there yet; none at the end.
    public borrowing func readNext(count: Int) throws(SystemError) -> [UInt8] {
        var failed: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var got = withRaw { unsafe Glibc.read($0, buffer.baseAddress, count) }
            while got < 0, Glibc.errno == EINTR { got = withRaw { unsafe Glibc.read($0, buffer.baseAddress, count) } }
            if got < 0 { failed = Glibc.errno } else { filled = got }
        }
        guard failed == 0 else { throw SystemError(errno: failed, operation: "read", path: path) }
        return bytes
    }

    /// Where the next read begins; nil for what has no offsets.
    public borrowing func position() -> Int64? {
        let offset = withRaw { number in Glibc.lseek(number, 0, SEEK_CUR) }
        return offset < 0 ? nil : Int64(offset)
    }
}
