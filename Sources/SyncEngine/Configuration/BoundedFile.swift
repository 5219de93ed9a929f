import FoundationEssentials
import ModelInfo
import SystemIO
import SystemPackage

/// Small files that the operator names: the configuration, the token.
enum BoundedFile {
    /// The whole of a regular file; links on the way to it are followed.
    /// - Throws: Also for what is no regular file, and (EFBIG) for what is larger than `maximumByteCount`.
    static func read(_ path: FilePath, maximumByteCount: Int) throws(SystemError) -> (bytes: [UInt8], identity: FileIdentity) {
        let target = FilePath(URL(fileURLWithPath: path.string).resolvingSymlinksInPath().path)
        guard let name = target.lastComponent, let relative = try? RelativePath(name.string) else {
            throw SystemError(errno: Errno.isDirectory.rawValue, operation: "open", path: path.string)
        }
        return try RootedDirectory(at: target.removingLastComponent()).readFile(relative, limit: maximumByteCount)
    }
}
