import NIOCore
import NIOPosix
import Synchronization

/// An HTTP proxy on 127.0.0.1 that leads to ports of this machine, and remembers what clients told it.
public final class LoopbackProxy: Sendable {
    /// What `network.proxy` is set to.
    public let url: String
    private let accepting: Task<Void, Never>
    private let seen: Seen

    private final class Seen: Sendable {
        let requests = Mutex<[String]>([])
        let bytes = Mutex<[UInt8]>([])
    }

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private init(port: Int, seen: Seen, accepting: Task<Void, Never>) {
        (url, self.seen, self.accepting) = ("http://127.0.0.1:\(port)", seen, accepting)
    }

    /// - Parameter routes: The port of 127.0.0.1 behind each `HOST:PORT`; any other is a 502.
    public static func start(_ routes: [String: Int]) async throws -> LoopbackProxy {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
        let seen = Seen()
        let accepting = Task(executorPreference: LoopbackExecutor.shared) {
            _ = try? await listener.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections { group.addTask { try? await serve(connection, routes, seen) } }
                }
            }
        }
        return LoopbackProxy(port: listener.channel.localAddress?.port ?? 0, seen: seen, accepting: accepting)
    }

    /// Hangs up on everybody.
    public func stop() async {
        accepting.cancel()
        await accepting.value
    }

    deinit { accepting.cancel() }

    /// The first words of each request, `CONNECT HOST:PORT`, oldest first.
    public var requests: [String] { seen.requests.withLock { $0 } }

    /// Whether this stood anywhere in what clients sent, to it or through it.
    public func mentions(_ text: String) -> Bool {
        seen.bytes.withLock { $0.firstRange(of: Array(text.utf8)) != nil }
    }

    private static func serve(_ connection: Connection, _ routes: [String: Int], _ seen: Seen) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var pieces = inbound.makeAsyncIterator()
            var head = ByteBuffer()
            let blank = Array("\r\n\r\n".utf8)
            while head.readableBytesView.firstRange(of: blank) == nil {
                guard var piece = try await pieces.next() else { return }
                head.writeBuffer(&piece)
            }
            seen.bytes.withLock { $0 += head.readableBytesView }
            let words = String(buffer: head).prefix { $0 != "\r\n" }.split(separator: " ").map(String.init)
            guard words.count == 3 else { return }
            seen.requests.withLock { $0.append("\(words[0]) \(words[1])") }
            guard words[0] == "CONNECT", let port = routes[words[1]] else {
                return try await outbound.write(ByteBuffer(string: "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"))
            }
            let far = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(host: "127.0.0.1", port: port) {
                channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
            try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"))
            try await far.executeThenClose { farInbound, farOutbound in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for try await piece in farInbound { try await outbound.write(piece) }
                        outbound.finish()
                    }
                    while let piece = try await pieces.next() {
                        seen.bytes.withLock { $0 += piece.readableBytesView }
                        try await farOutbound.write(piece)
                    }
                    farOutbound.finish()
                    group.cancelAll()
                }
            }
        }
    }
}
