import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP/1.1 server on a free port of a loopback address: records what it is asked, meets faults, sends replies.
/// What it answers is somebody else's business.
final class LoopbackServer: Sendable {
    typealias Answer = @Sendable (RecordedRequest) async throws -> Reply
    typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    /// `http://127.0.0.1:PORT`, no slash at the end.
    let origin: String
    let port: Int
    private let accepting: Task<Void, Never>

    private init(origin: String, port: Int, accepting: Task<Void, Never>) {
        (self.origin, self.port, self.accepting) = (origin, port, accepting)
    }

    static func start(
        address: String, port: Int, log: RequestLog, faults: FaultPlan, now: @escaping @Sendable () -> Date = { Date() },
        answer: @escaping Answer
    ) async throws -> LoopbackServer {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Small, so that "sent" soon means "with the peer" where an answer is cut at a byte.
            .childChannelOption(.socketOption(.so_sndbuf), value: 256 << 10)
            .bind(host: address, port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try wrapped(channel) }
            }
        let conversation = LoopbackConversation(log: log, faults: faults, now: now, answer: answer)
        let accepting = Task(executorPreference: LoopbackExecutor.shared) {
            _ = try? await listener.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections {
                        group.addTask { await conversation.run(on: connection) }
                    }
                }
            }
        }
        let bound = listener.channel.localAddress?.port ?? port
        let host = address.contains(":") ? "[\(address)]" : address
        return LoopbackServer(origin: "http://\(host):\(bound)", port: bound, accepting: accepting)
    }

    private static func wrapped(_ channel: any Channel) throws -> Connection {
        var framing = HTTPResponseEncoder.Configuration()
        // Wrong lengths are part of the trade.
        framing.automaticallySetFramingHeaders = false
        // Without pipelining assistance: it would hold back reads, and the end of a connection could not be seen during a stall.
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withOutboundHeaderValidation: false, withEncoderConfiguration: framing)
        return try Connection(wrappingChannelSynchronously: channel)
    }

    /// Ends every connection and waits until that is done.
    func stop() async {
        accepting.cancel()
        await accepting.value
    }

    deinit { accepting.cancel() }
}
