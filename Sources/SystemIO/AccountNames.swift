import Glibc

/// Looks up what the system's account databases say (files, LDAP, whatever nsswitch.conf names). Blocks: run it on a `BlockingLane`.
public enum AccountNames {
    /// No entry of a group that a person would want to see is larger; a member list may be long.
    private static let maximumEntryByteCount = 1 << 20

    /// The group's number; nil when there is no such group, or when the database does not answer.
    public static func groupID(of name: String) -> UInt32? {
        var capacity = 1 << 12
        while capacity <= maximumEntryByteCount {
            var entry = unsafe group()
            var found: UnsafeMutablePointer<group>?
            var buffer = [CChar](repeating: 0, count: capacity)
            let failure = unsafe getgrnam_r(name, &entry, &buffer, capacity, &found)
            if failure != ERANGE { return unsafe failure == 0 && found != nil ? entry.gr_gid : nil }
            capacity *= 4
        }
        return nil
    }

    /// The name of a user's account, for people; the number as text when there is none, or when the database does not answer.
    public static func user(_ id: UInt32) -> String {
        var capacity = 1 << 12
        while capacity <= maximumEntryByteCount {
            var entry = unsafe passwd()
            var failure: Int32 = 0
            var buffer = [CChar](repeating: 0, count: capacity)
            // The name lies in the buffer.
            let name: String? = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return nil }
                var found: UnsafeMutablePointer<passwd>?
                failure = unsafe getpwuid_r(id, &entry, start, buffer.count, &found)
                return unsafe failure == 0 && found != nil ? entry.pw_name.map { unsafe String(cString: $0) } : nil
            }
            if let name { return name }
            guard failure == ERANGE else { break }
            capacity *= 4
        }
        return String(id)
    }
}
