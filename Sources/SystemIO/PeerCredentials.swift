import CLinux
import Glibc

/// Who is at the other end of a connected Unix socket: the kernel's integers as of connect(2), nothing that the peer wrote.
public struct PeerCredentials: Hashable, Sendable {
    /// 0 for a process outside our pid namespace. For messages only: the number may have a new owner by now.
    public let pid: Int32
    /// Effective user. 65534 stands for all users that our user namespace does not map.
    public let uid: UInt32
    /// Effective group.
    public let gid: UInt32
    /// Supplementary groups, in the kernel's order; without `gid` unless it is among them.
    public let groups: [UInt32]

    /// For tests and for a peer that is known by other means.
    public init(pid: Int32, uid: UInt32, gid: UInt32, groups: [UInt32]) {
        (self.pid, self.uid, self.gid, self.groups) = (pid, uid, gid, groups)
    }

    /// Asks the kernel.
    /// - Parameter socket: Of a connected Unix stream socket.
    public init(socket: Int32) throws(SystemError) {
        var peer = zoo_peer()
        try SystemError.check(unsafe zoo_peer_credentials(socket, &peer), "SO_PEERCRED", "")
        self.init(pid: peer.pid, uid: peer.uid, gid: peer.gid, groups: try Self.groups(of: socket))
    }

    private static func groups(of socket: Int32) throws(SystemError) -> [UInt32] {
        // NGROUPS_MAX is 65536.
        var capacity = 64
        while true {
            var groups = [UInt32](repeating: 0, count: capacity)
            var byteCount = UInt32(capacity * MemoryLayout<UInt32>.size)
            let result = unsafe zoo_peer_groups(socket, &groups, &byteCount)
            let count = Int(byteCount) / MemoryLayout<UInt32>.size
            if result == -Int(ERANGE), count > capacity, count <= 65536 {
                capacity = count
                continue
            }
            try SystemError.check(result, "SO_PEERGROUPS", "")
            return Array(groups.prefix(count))
        }
    }

    /// Whether the peer acts as a member of that group.
    public func isMember(of group: UInt32) -> Bool { gid == group || groups.contains(group) }
}
