import Glibc

/// A port that accepts nothing, and so can tell whether anybody ever connected.
@safe final class SilentListener: Sendable {
    let port: Int
    private let socket: Int32

    init() {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (listening, bound) = (socket, size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe [bind(listening, $0, bound), listen(listening, 8), getsockname(listening, $0, &size)]
            }
        }
        precondition(result == [0, 0, 0], "cannot listen on 127.0.0.1")
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(socket) }

    /// The kernel completes a connection to a listening socket by itself, so one that was tried is there.
    var wasConnectedTo: Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) == 1
    }
}
