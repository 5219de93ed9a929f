import ControlProtocol
import NIOCore
import NIOHTTP1

/// Turns a connection's HTTP parts into whole requests, holds clients to the limits, and answers by itself what is no request.
///
/// Sits behind `HTTPServerPipelineHandler`, so at most one request is under way.
final class RequestAssembler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = AssembledRequest
    typealias OutboundIn = ResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// No request, or a part of its header.
        case waiting
        case collecting(HTTPRequestHead, ByteBuffer)
        /// Handed on; its answer is not complete.
        case answering
        /// Refused: what still comes is dropped until the connection closes.
        case closing
    }

    /// How long a refused client may go on sending, so that it gets to read why.
    private static let lingering = TimeAmount.seconds(1)

    private let limits: ControlLimits
    private var state = State.waiting
    private var deadline: Scheduled<Void>?
    private var writeDeadline: Scheduled<Void>?

    init(_ limits: ControlLimits) { self.limits = limits }

    func channelActive(context: ChannelHandlerContext) {
        wait(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        writeDeadline?.cancel()
        context.fireChannelInactive()
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .waiting): begin(head, context)
        case (.body(let bytes), .collecting(let head, var body)):
            guard body.readableBytes + bytes.readableBytes <= limits.bodyByteCount else { return refuseBody(context) }
            // Out of the state while it grows, so that it is not copied each time.
            state = .waiting
            body.writeImmutableBuffer(bytes)
            state = .collecting(head, body)
        case (.end, .collecting(let head, let body)):
            deadline?.cancel()
            state = .answering
            context.fireChannelRead(wrapInboundOut(AssembledRequest(head: head, body: Array(body.readableBytesView))))
        case (.end, .closing): context.close(promise: nil)
        default: break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        state = .collecting(head, ByteBuffer())
        let declared = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        guard declared <= limits.bodyByteCount else { return refuseBody(context) }
        if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
        schedule(limits.bodyTimeout, context) { assembler, context in
            assembler.refuse(ControlError(.timedOut, "the request's body did not come in time"), status: .requestTimeout, context)
        }
    }

    private func refuseBody(_ context: ChannelHandlerContext) {
        refuse(
            ControlError(.tooLarge, "the request's body is larger than \(limits.bodyByteCount) bytes"), status: .payloadTooLarge, context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (error, state) {
        case (_, .answering):
            // The peer broke the connection while an answer is under way; there is nobody left to tell.
            context.close(promise: nil)
        case (_, .closing): break
        case (HTTPParserError.headerOverflow, _):
            refuse(
                ControlError(.tooLarge, "the request's header is larger than \(limits.headerByteCount) bytes"),
                status: .requestHeaderFieldsTooLarge, context)
        case (is HTTPParserError, _): refuse(ControlError(.badRequest, "this is no HTTP request"), status: .badRequest, context)
        default: context.close(promise: nil)
        }
    }

    /// Answers in the place of a handler, and closes.
    private func refuse(_ error: ControlError, status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        state = .closing
        let response = ControlResponse.failure(error, headers: [("Connection", "close")])
        var head = response.head
        head.status = status
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if case .bytes(let bytes) = response.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        schedule(nil, context) { _, context in context.close(promise: nil) }
    }

    // MARK: Out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .bytes(let bytes): context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
        case .end(let closes):
            state = closes ? .closing : .waiting
            if closes {
                let bound = context.loopBound
                context.write(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
                promise?.succeed()
            } else {
                // Before the write: it may deliver a pipelined request at once.
                wait(context)
                context.write(wrapOutboundOut(.end(nil)), promise: promise)
            }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeDeadline?.cancel()
        writeDeadline = nil
        if !context.channel.isWritable {
            let bound = context.loopBound
            writeDeadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.writeTimeout)) { bound.value.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Time

    private func wait(_ context: ChannelHandlerContext) {
        schedule(limits.headerTimeout, context) { _, context in context.close(promise: nil) }
    }

    private func schedule(
        _ time: Duration?, _ context: ChannelHandlerContext, _ body: @escaping (RequestAssembler, ChannelHandlerContext) -> Void
    ) {
        deadline?.cancel()
        let bound = NIOLoopBound((self, context, body), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: time.map { TimeAmount($0) } ?? Self.lingering) {
            let (assembler, context, body) = bound.value
            body(assembler, context)
        }
    }
}

/// A request whose body is complete.
struct AssembledRequest: Sendable {
    let head: HTTPRequestHead
    let body: [UInt8]
}

/// A piece of an answer.
enum ResponsePart: Sendable {
    case head(HTTPResponseHead)
    case bytes(ByteBuffer)
    case end(closes: Bool)
}
