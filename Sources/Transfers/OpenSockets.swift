import Glibc

/// The sockets of one worker's connections, the kept ones included, the latest last. Exact, since the numbers of closed ones are given out
/// anew. Used on that worker's thread alone.
final class OpenSockets {
    private var all: [Int32] = []

    func opened(_ socket: Int32) { all.append(socket) }

    func close(_ socket: Int32) -> Int32 {
        all.removeAll { $0 == socket }
        return Glibc.close(socket)
    }

    /// Ends connections on which something waits to be read: what came behind an answer would be taken for the next one, and libcurl
    /// before 8.0 does not look. To be called while nothing is asked on any.
    func endUnclean() {
        for socket in all {
            var byte: UInt8 = 0
            // Libcurl sees the end and makes another connection.
            if unsafe recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0 { end(socket) }
        }
    }

    /// Ends all but the latest connections. To be called while nothing is asked on any.
    var count: Int { all.count }

    func end(allBut kept: Int) { for socket in all.dropLast(kept) { end(socket) } }

    private func end(_ socket: Int32) { _ = shutdown(socket, Int32(SHUT_RDWR)) }
}
