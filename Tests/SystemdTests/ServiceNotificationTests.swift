import Foundation
import SystemPackage
import Testing
import ZooTestSupport

@testable import Systemd

struct ServiceNotificationTests {
    /// Stands in for systemd: a datagram socket that `NOTIFY_SOCKET` names. For processes of exit tests only.
    private struct ServiceManagerSocket {
        let socket: Int32

        init(at path: String) {
            socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
            let bound = unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard bound == 0 else { fatalError("bind") }
            setEnvironment("NOTIFY_SOCKET", path)
        }

        /// The next message. sd_notify returns when it is queued, so nothing has to be waited for.
        func message() -> String {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = unsafe recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return count < 0 ? "none" : String(decoding: bytes.prefix(count), as: UTF8.self)
        }
    }

    @Test func `systemd is told every change of state`() async throws {
        let temporary = try TemporaryZoo()
        await #expect(processExitsWith: .success) { [path = temporary.directory.string as String] in
            let manager = ServiceManagerSocket(at: path + "/notify")
            ServiceNotification.ready(status: "3 models")
            #expect(manager.message() == "READY=1\nSTATUS=3 models")
            ServiceNotification.status("busy\nREADY=1")
            #expect(manager.message() == "STATUS=busy READY=1", "a status forges no further line")
            ServiceNotification.reloading()
            let reloading = manager.message()
            #expect(reloading.wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*/) != nil)
            ServiceNotification.watchdog()
            #expect(manager.message() == "WATCHDOG=1")
            ServiceNotification.stopping()
            #expect(manager.message() == "STOPPING=1")
            exit(0)
        }
    }

    @Test func `without systemd nothing happens`() async {
        await #expect(processExitsWith: .success) {
            for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "LISTEN_FDS"] { setEnvironment(name, nil) }
            ServiceNotification.ready(status: "x")
            exit(ServiceNotification.watchdogInterval == nil && ServiceNotification.listenDescriptors().isEmpty ? 0 : 1)
        }
    }

    @Test func `the watchdog's interval is this process's own`() async {
        await #expect(processExitsWith: .success) {
            setEnvironment("WATCHDOG_USEC", "2000000")
            setEnvironment("WATCHDOG_PID", "\(getpid())")
            guard ServiceNotification.watchdogInterval == .seconds(2) else { exit(1) }
            setEnvironment("WATCHDOG_PID", "1")
            exit(ServiceNotification.watchdogInterval == nil ? 0 : 2)
        }
    }

    @Test func `inherited sockets come with their names, and only to the process they are for`() async {
        await #expect(processExitsWith: .success) {
            // Whatever is open as number 3 stands in for the socket, so that the test library's own pipes stay as they are.
            if fcntl(3, F_GETFD) < 0 { dup2(1, 3) }
            setEnvironment("LISTEN_FDS", "1")
            setEnvironment("LISTEN_FDNAMES", "control")
            setEnvironment("LISTEN_PID", "\(getpid())")
            let sockets = ServiceNotification.listenDescriptors()
            guard sockets == [InheritedSocket(name: "control", descriptor: FileDescriptor(rawValue: 3))] else { exit(1) }
            guard fcntl(3, F_GETFD) == FD_CLOEXEC, !sockets[0].isListeningUnixSocket else { exit(2) }
            setEnvironment("LISTEN_PID", "1")
            exit(ServiceNotification.listenDescriptors().isEmpty ? 0 : 3)
        }
    }

    @Test func `a listening Unix socket is told from others`() throws {
        let temporary = try TemporaryZoo()
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: temporary.socket.string.utf8) }
        let bound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        let inherited = InheritedSocket(name: "x", descriptor: FileDescriptor(rawValue: listener))
        #expect(!inherited.isListeningUnixSocket)
        try #require(listen(listener, 1) == 0)
        #expect(inherited.isListeningUnixSocket)
    }
}

/// Nil removes it. For processes of exit tests only.
func setEnvironment(_ name: String, _ value: String?) {
    if let value { unsafe setenv(name, value, 1) } else { unsafe unsetenv(name) }
}
