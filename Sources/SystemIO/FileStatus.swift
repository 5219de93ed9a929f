import Glibc
import ModelInfo

/// fstat(2) in this project's words.
enum FileStatus {
    /// - Parameter path: For the message of the error.
    static func of(_ descriptor: Int32, path: @autoclosure () -> String) throws(SystemError) -> (FileIdentity, DirectoryItem.Kind) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw SystemError(errno: Glibc.errno, operation: "stat", path: path())
        }
        return told(by: status)
    }

    /// Of a single name in a directory; of a link itself.
    static func of(
        _ name: String, in directory: Int32, path: @autoclosure () -> String
    ) throws(SystemError) -> (FileIdentity, DirectoryItem.Kind) {
        var status = stat()
        guard unsafe fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw SystemError(errno: Glibc.errno, operation: "stat", path: path())
        }
        return told(by: status)
    }

    /// Whether it is a pipe, with a name or without.
    static func isPipe(_ descriptor: Int32, path: @autoclosure () -> String) throws(SystemError) -> Bool {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw SystemError(errno: Glibc.errno, operation: "stat", path: path())
        }
        return status.st_mode & S_IFMT == S_IFIFO
    }

    private static func told(by status: stat) -> (FileIdentity, DirectoryItem.Kind) {
        let identity = FileIdentity(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim),
            mode: UInt32(status.st_mode) & 0o7777, owner: status.st_uid, group: status.st_gid, links: UInt64(status.st_nlink))
        return (identity, kind(status.st_mode))
    }

    private static func kind(_ mode: mode_t) -> DirectoryItem.Kind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        case S_IFLNK: .link
        default: .other
        }
    }

    /// Saturates: a file system may give any number of seconds.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (whole, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return time.tv_sec < 0 ? .min : .max }
        let (sum, over) = whole.addingReportingOverflow(Int64(time.tv_nsec))
        return over ? .max : sum
    }
}
