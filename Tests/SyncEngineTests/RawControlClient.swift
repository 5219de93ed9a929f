import Foundation
import NIOCore
import NIOPosix
import Synchronization
import SystemPackage

/// Sends any bytes to a Unix socket and keeps what comes back.
final class RawControlClient: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    private final class Inbox: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let text = Mutex("")

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            text.withLock { $0 += String(buffer: bytes) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private init(_ channel: any Channel, _ inbox: Inbox) { (self.channel, self.inbox) = (channel, inbox) }

    /// - Parameter reads: False for a client that takes nothing of what it is sent.
    static func connect(to path: FilePath, reads: Bool = true) async throws -> RawControlClient {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { $0.pipeline.addHandler(inbox) }
            .connect(unixDomainSocketPath: path.string).get()
        return RawControlClient(channel, inbox)
    }

    /// Bytes that cannot be sent any more are dropped, as the server may have closed by then.
    func send(_ bytes: some Sequence<UInt8>) async {
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func send(_ text: String) async { await send(text.utf8) }

    var received: String { inbox.text.withLock { $0 } }
    var isClosed: Bool { !channel.isActive }

    func close() async { try? await channel.close() }

    /// Sends, and gives everything that comes until the server closes.
    static func exchange(_ path: FilePath, _ bytes: some Sequence<UInt8>) async throws -> String {
        let client = try await connect(to: path)
        await client.send(bytes)
        try await eventually { client.isClosed }
        return client.received
    }
}

/// Looks again and again until it holds.
func eventually(within limit: Duration = .seconds(20), _ holds: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await holds() { return }
        try await Task.sleep(for: .milliseconds(2))
    }
    throw NeverHeld(limit: limit)
}

struct NeverHeld: Error { let limit: Duration }
