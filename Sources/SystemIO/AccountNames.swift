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
}
