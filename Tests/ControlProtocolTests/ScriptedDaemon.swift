import ControlProtocol
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server on a Unix socket in a directory of its own that answers what a test says.
final class ScriptedDaemon: Sendable {
    /// What one request is answered with.
    enum Reply: Sendable {
        case json(Int, [UInt8])
        /// The body in these chunks; then the answer ends, unless it is to stay open.
        case chunks([String], staysOpen: Bool = false)
        /// No answer, and the connection stays.
        case silence
        case hangUp

        static func ok(_ value: some Encodable) -> Reply { answer(200, value) }
        static func accepted(_ job: String, model: String? = nil) -> Reply { answer(202, AcceptedJob(job: job, model: model)) }
        static func refused(_ error: ControlError) -> Reply { answer(error.code.httpStatus, ErrorEnvelope(error)) }
        private static func answer(_ status: Int, _ value: some Encodable) -> Reply {
            guard let bytes = try? ControlCoding.line(value) else { return .hangUp }
            return .json(status, bytes)
        }
    }

    let path: String
    let requests: RequestLog
    private let directory: URL
    private let channel: any Channel

    var client: ControlClient { ControlClient(SocketPlaces(named: path, environment: [:])) }

    /// - Parameter answer: Called for every request; `"GET /v1/status"` and the body.
    init(_ answer: @escaping @Sendable (_ request: String, _ body: String) -> Reply) async throws {
        let log = RequestLog()
        requests = log
        (directory, path) = try Self.place()
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(Conversation(log, answer))
                }
            }
            .bind(unixDomainSocketPath: path).get()
    }

    /// A peer that sends these bytes to whoever asks something, and hangs up.
    init(sending bytes: String) async throws {
        requests = RequestLog()
        (directory, path) = try Self.place()
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Blurting(bytes)) }
            }
            .bind(unixDomainSocketPath: path).get()
    }

    func stop() async throws {
        try await channel.close()
        try? FileManager.default.removeItem(at: directory)
    }

    private static func place() throws -> (URL, String) {
        let directory = FileManager.default.temporaryDirectory.appending(path: "zooctl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        return (directory, directory.appending(path: "s").path)
    }
}

/// Requests in the order in which they came.
final class RequestLog: Sendable {
    private let entries = Mutex<[(request: String, body: String)]>([])

    var all: [String] { entries.withLock { $0.map(\.request) } }
    var bodies: [String] { entries.withLock { $0.map(\.body) } }
    func add(_ request: String, _ body: String) { entries.withLock { $0.append((request, body)) } }
}

private final class Conversation: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: RequestLog
    private let answer: @Sendable (String, String) -> ScriptedDaemon.Reply
    private var request = ""
    private var body = ""

    init(_ log: RequestLog, _ answer: @escaping @Sendable (String, String) -> ScriptedDaemon.Reply) {
        (self.log, self.answer) = (log, answer)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (request, body) = ("\(head.method.rawValue) \(head.uri)", "")
        case .body(let buffer): body += String(buffer: buffer)
        case .end:
            log.add(request, body)
            reply(answer(request, body), context)
        }
    }

    private func reply(_ reply: ScriptedDaemon.Reply, _ context: ChannelHandlerContext) {
        func send(_ part: HTTPServerResponsePart) { context.writeAndFlush(wrapOutboundOut(part), promise: nil) }
        switch reply {
        case .silence: break
        case .hangUp: context.close(promise: nil)
        case .json(let status, let bytes):
            let headers: HTTPHeaders = ["content-type": "application/json", "content-length": "\(bytes.count)"]
            send(.head(HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)))
            send(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
            send(.end(nil))
        case .chunks(let chunks, let staysOpen):
            send(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: ["transfer-encoding": "chunked"])))
            for chunk in chunks { send(.body(.byteBuffer(ByteBuffer(string: chunk)))) }
            if !staysOpen { send(.end(nil)) }
        }
    }
}

private final class Blurting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let bytes: String

    init(_ bytes: String) {
        self.bytes = bytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: bytes))).whenComplete { _ in channel.close(promise: nil) }
    }
}
