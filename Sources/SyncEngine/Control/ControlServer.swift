import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import SystemIO
import SystemPackage

/// The control API's server: HTTP/1.1 on a Unix socket.
///
/// On graceful shutdown it stops accepting, ends streams, lets requests finish, and after `ControlLimits.shutdownTimeout`
/// cuts what is left. Cancelled, it cuts at once.
public struct ControlServer: Service {
    /// Where it listens.
    public enum Endpoint: Equatable, Sendable {
        /// It makes the socket there, for everybody to connect to, and takes it away at the end.
        case path(FilePath)
        /// A listening socket from the service manager, which keeps the path. The server closes it at the end.
        case inherited(SystemPackage.FileDescriptor)
    }

    private let endpoint: Endpoint
    private let routes: RouteTable
    private let limits: ControlLimits
    private let gate: @Sendable () -> PeerGate
    private let audit: @Sendable (ControlAudit) -> Void
    private let onListening: @Sendable () async -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - gate: Asked anew for each call, so that a reload takes effect at once.
    ///   - audit: Told of each call to a route that changes something, also when it was refused. Must not block.
    ///   - onListening: Called once, when clients can connect.
    public init(
        _ endpoint: Endpoint, routes: [Route], limits: ControlLimits = ControlLimits(), logger: Logger,
        gate: @escaping @Sendable () -> PeerGate, audit: @escaping @Sendable (ControlAudit) -> Void,
        onListening: @escaping @Sendable () async -> Void = {}
    ) {
        (self.endpoint, self.routes, self.limits, self.logger) = (endpoint, RouteTable(routes), limits, logger)
        (self.gate, self.audit, self.onListening) = (gate, audit, onListening)
    }

    /// Serves until told to stop.
    /// - Throws: `ControlSocketProblem` when the socket cannot be had.
    public func run() async throws {
        // One thread serves a whole machine's zooctls, and the idle daemon has one thread less to keep.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let outcome: Result<Void, any Error>
        do {
            try await serve(on: loops)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try? await loops.shutdownGracefully()
        try outcome.get()
    }

    private func serve(on loops: MultiThreadedEventLoopGroup) async throws {
        let registry = ConnectionRegistry(limits)
        let (connections, accepted) = AsyncStream<ControlConnection>.makeStream()
        let listener = try await listen(on: loops, registry: registry, accepted: accepted)
        listener.closeFuture.whenComplete { _ in accepted.finish() }
        await onListening()
        await withTaskGroup { group in
            group.addTask {
                await withDiscardingTaskGroup { open in
                    for await connection in connections { open.addTask { await connection.serve() } }
                }
            }
            group.addTask {
                do {
                    try await gracefulShutdown()
                    registry.quiesce()
                    listener.close(promise: nil)
                    try await Task.sleep(for: limits.shutdownTimeout)
                } catch {
                    // Cancelled: from outside, or since every connection has ended.
                }
                listener.close(promise: nil)
                registry.closeAll()
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func listen(
        on loops: MultiThreadedEventLoopGroup, registry: ConnectionRegistry, accepted: AsyncStream<ControlConnection>.Continuation
    ) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: loops)
            .serverChannelOption(.backlog, value: 128)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel, registry, accepted) }
            }
        switch endpoint {
        case .path(let path): return try await ControlSocket.bind(path, bootstrap: bootstrap, loops: loops)
        case .inherited(let descriptor):
            return try await bootstrap.withBoundSocket(descriptor.rawValue).get()
        }
    }

    /// Sets a new connection up, on its event loop, before its first byte is read.
    private func prepare(
        _ channel: any Channel, _ registry: ConnectionRegistry, _ accepted: AsyncStream<ControlConnection>.Continuation
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        let credentials = try pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { try PeerCredentials(socket: $0) }
        guard let peer = credentials else { throw ChannelError.operationUnsupported }
        let admission = registry.admit(channel, uid: peer.uid)
        guard admission == .admitted else {
            logger.warning("control connection refused", metadata: ["uid": "\(peer.uid)", "because": "\(admission)"])
            return try pipeline.addHandlers([HTTPResponseEncoder(), ConnectionRefusal(admission, limits)])
        }
        try pipeline.configureHTTPServerPipeline(
            withErrorHandling: false, withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits.decoder)
        try pipeline.addHandler(RequestAssembler(limits) { [routes] in routes.takesStream($0) })
        let wire = try ControlConnection.Wire(wrappingChannelSynchronously: channel)
        let connection = ControlConnection(wire: wire, peer: peer, routes: routes, gate: gate, audit: audit, logger: logger)
        if case .terminated = accepted.yield(connection) {
            // Nobody serves any more; a wire that was made has to be ended all the same.
            Task { try? await wire.executeThenClose { _, _ in } }
        }
    }
}
