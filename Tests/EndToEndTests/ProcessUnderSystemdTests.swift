import ControlProtocol
import Foundation
import Glibc
import Testing

@testable import ZooTestSupport

/// What systemd hears of zood and hands to it.
struct ProcessUnderSystemdTests {
    @Test func `systemd hears that zood is ready when all is watched and the socket answers, and of each later change`() async throws {
        let zoo = try TemporaryZoo()
        for index in 0..<60 { try zoo.makeModel("group\(index % 3)/model\(index)") }
        let manager = try NotifySocket(at: zoo.directory.appending("notify").string)
        let daemon = try await RunningDaemon.start(
            in: zoo, environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "400000"], within: .zero)
        let ready = try await manager.next("READY=1", within: .seconds(30))
        #expect(try daemon.watchCount == 1 + 3 + 60)
        let answer = try await daemon.client.exchange("GET", "/v1/status", deadline: .seconds(10))
        #expect(answer.status == 200)
        #expect(ready.contains("\nSTATUS=watching \(zoo.zoo)"))
        for _ in 0..<3 { _ = try await manager.next("WATCHDOG=1", within: .seconds(20)) }

        daemon.send(SIGHUP)
        let reloading = try await manager.next("RELOADING=1", within: .seconds(20))
        #expect(reloading.contains(/\nMONOTONIC_USEC=[1-9][0-9]*/))
        _ = try await manager.next("READY=1", within: .seconds(20))
        #expect(try await daemon.zooctl("reload").status == 0)
        _ = try await manager.next("RELOADING=1", within: .seconds(20))
        _ = try await manager.next("READY=1", within: .seconds(20))

        #expect(try await daemon.terminate().status == 0)
        _ = try await manager.next("STOPPING=1", within: .seconds(5))
    }

    @Test func `zood serves the socket that it was started with, and leaves it to the manager`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel("activated")
        // Stands in for the service manager.
        let activation = try zoo.launcher(
            """
            #!/usr/bin/env python3
            import os, socket, sys
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listener.bind("\(zoo.socket)")
            os.chmod("\(zoo.socket)", 0o666)
            listener.listen()
            if listener.fileno() != 3:
                os.dup2(listener.fileno(), 3)
            os.set_inheritable(3, True)
            os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="control")
            os.execv("\(try BuildProducts.path(of: "zood"))", ["zood"] + sys.argv[1:])
            """)
        let daemon = try await RunningDaemon.start(activation, in: zoo)
        try await daemon.waitForModel("activated", "is served") { $0.state != .busy }
        #expect(try await daemon.status().daemon.pid == daemon.pid)
        #expect(try await daemon.terminate().status == 0)
        #expect(zoo.exists(zoo.socket), "the socket is the manager's")
    }
}

/// Stands in for systemd: the datagram socket that `NOTIFY_SOCKET` names.
private final class NotifySocket: Sendable {
    let path: String
    private let descriptor: Int32

    init(at path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let bound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
    }

    deinit { close(descriptor) }

    /// The next message that begins so. Those before it are dropped, where only the watchdog's may be any.
    func next(_ beginning: String, within limit: Duration) async throws -> String {
        try await eventually("systemd is told \(beginning)", within: limit) {
            while let message = receive() {
                if message.hasPrefix(beginning) { return message }
                #expect(message == "WATCHDOG=1", "instead of \(beginning)")
            }
            return nil
        }
    }

    private func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
