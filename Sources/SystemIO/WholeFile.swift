import Glibc
import SystemPackage

/// A file that a person names on the command line: links are followed, and a pipe will do.
public enum WholeFile {
    /// Blocks until the end of the file.
    /// - Throws: EFBIG when there is more than `limit` bytes.
    public static func read(_ path: FilePath, limit: Int) throws(SystemError) -> [UInt8] {
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try descriptor.closeAfter {
                var bytes: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 1 << 16)
                while true {
                    let count = unsafe try chunk.withUnsafeMutableBytes { unsafe try descriptor.read(into: $0) }
                    guard count > 0 else { return bytes }
                    bytes += chunk[..<count]
                    guard bytes.count <= limit else { throw Errno.fileTooLarge }
                }
            }
        } catch {
            throw SystemError(errno: (error as? Errno)?.rawValue ?? EIO, operation: "read", path: path.string)
        }
    }
}
