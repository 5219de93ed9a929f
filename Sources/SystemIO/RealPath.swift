import Glibc
import SystemPackage

extension RootedDirectory {
    /// Where the directory is now, without links on the way. For judging what leads there: nothing is opened by it.
    public func realPath() throws(SystemError) -> FilePath {
        var failed: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, filled in
            let count = withRaw { number in
                unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe readlink("/proc/self/fd/\(number)", $0.baseAddress!, $0.count) }
            }
            if count < 0 { failed = errno } else { filled = count }
        }
        guard failed == 0 else { throw SystemError(errno: failed, operation: "readlink", path: path.string) }
        return FilePath(String(decoding: bytes, as: UTF8.self))
    }
}
