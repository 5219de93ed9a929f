import CLinux
import Glibc

/// Extended attributes, among them the ACL, of an open file. Values are opaque bytes of at most 64 KiB (XATTR_SIZE_MAX).
enum ExtendedAttributes {
    /// The ACL of a file or directory itself.
    static let accessACL = "system.posix_acl_access"
    /// What new files in a directory get as their ACL.
    static let defaultACL = "system.posix_acl_default"

    /// Names in the kernel's order; none where the file system has no such attributes.
    static func names(of descriptor: Int32, path: String) throws(SystemError) -> [String] {
        let list = unsafe try read(path, "list the attributes of") { unsafe flistxattr(descriptor, $0, $1) }
        return (list ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Nil when there is none of that name.
    static func value(_ name: String, of descriptor: Int32, path: String) throws(SystemError) -> [UInt8]? {
        unsafe try read(path, "read \(name) of") { unsafe fgetxattr(descriptor, name, $0, $1) }
    }

    static func set(_ name: String, to value: [UInt8], of descriptor: Int32, path: String) throws(SystemError) {
        guard unsafe fsetxattr(descriptor, name, value, value.count, 0) == 0 else {
            throw SystemError(errno: Glibc.errno, operation: "set \(name) of", path: path)
        }
    }

    static func remove(_ name: String, of descriptor: Int32, path: String) throws(SystemError) {
        guard unsafe fremovexattr(descriptor, name) == 0 || Glibc.errno == ENODATA else {
            throw SystemError(errno: Glibc.errno, operation: "remove \(name) of", path: path)
        }
    }

    /// Lists and values have the same bound of 64 KiB, and the same ways to say that there is nothing.
    private static func read(
        _ path: String, _ operation: String, _ call: (UnsafeMutablePointer<UInt8>?, Int) -> Int
    ) throws(SystemError) -> [UInt8]? {
        var failed: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, filled in
            let count = unsafe call(buffer.baseAddress, buffer.count)
            if count < 0 { failed = Glibc.errno } else { filled = count }
        }
        switch failed {
        case 0: return bytes
        case ENODATA, EOPNOTSUPP: return nil
        default: throw SystemError(errno: failed, operation: operation, path: path)
        }
    }
}
