import Foundation
import SystemIO
import Testing

struct PeerCredentialsTests {
    @Test func `a peer is who the kernel says`() throws {
        var sockets: [Int32] = [0, 0]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0)
        defer { for socket in sockets { close(socket) } }
        let peer = try PeerCredentials(socket: sockets[0])
        #expect(peer.pid == getpid() && peer.uid == geteuid() && peer.gid == getegid())
        #expect(peer.groups.count == Int(getgroups(0, nil)))
        #expect(peer.isMember(of: getegid()))
    }

    @Test func `a peer in hundreds of groups is a member of each`() async {
        await #expect(processExitsWith: .success) {
            let groups = (1...500).map { gid_t(40000 + $0) }
            guard unsafe setgroups(groups.count, groups) == 0 else { exit(2) }
            becomeNobody()
            var sockets: [Int32] = [0, 0]
            guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0 else { exit(3) }
            let peer = try PeerCredentials(socket: sockets[0])
            let isMember = peer.isMember(of: 40001) && peer.isMember(of: 40500) && peer.isMember(of: 65534) && !peer.isMember(of: 0)
            exit(peer.uid == 65534 && peer.groups.count == 500 && isMember ? 0 : 1)
        }
    }

    @Test func `what is no Unix socket has no peer`() throws {
        let temporary = try TemporaryDirectory()
        let file = try temporary.rooted().open(relative("file"), .readWrite, creating: .mustBeNew)
        #expect(errnoOf { try file.withRaw { _ = try PeerCredentials(socket: $0) } } == ENOTSOCK)
    }
}
