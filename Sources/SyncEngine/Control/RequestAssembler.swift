import ControlProtocol
import NIOCore
import NIOHTTP1

/// Turns a connection's HTTP parts into requests, holds clients to the limits, and answers by itself what is no request.
/// A request comes whole, but for those whose body may be of any size: that comes in pieces, as fast as it is taken.
///
/// Sits behind `HTTPServerPipelineHandler`, so at most one request is under way.
final class RequestAssembler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = RequestPart
    typealias OutboundIn = ResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// No request, or a part of its header.
        case waiting
        case collecting(HTTPRequestHead, ByteBuffer)
        /// Handed on; its body is passed on as it comes.
        case streaming
        /// Handed on; its answer is not complete.
        case answering
        /// Refused: what still comes is dropped until the connection closes.
        case closing
    }

    /// How long a refused client may go on sending, so that it gets to read why.
    private static let lingering = TimeAmount.seconds(1)

    private let limits: ControlLimits
    private let takesStream: (HTTPRequestHead) -> Bool
    /// Answered here: whatever a handler has to say is too late.
    private var isRefused = false
    private var state = State.waiting
    private var deadline: Scheduled<Void>?
    private var writeDeadline: Scheduled<Void>?

    /// - Parameter takesStream: Whether the body of such a request is passed on as it comes.
    init(_ limits: ControlLimits, takesStream: @escaping (HTTPRequestHead) -> Bool) {
        (self.limits, self.takesStream) = (limits, takesStream)
    }

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
            context.fireChannelRead(wrapInboundOut(.whole(AssembledRequest(head: head, body: Array(body.readableBytesView)))))
        case (.body(let bytes), .streaming):
            deadline?.cancel()
            context.fireChannelRead(wrapInboundOut(.bytes(bytes)))
        case (.end, .streaming):
            deadline?.cancel()
            state = .answering
            context.fireChannelRead(wrapInboundOut(.end))
        case (.end, .closing): context.close(promise: nil)
        default: break
        }
    }

    /// The wait for more of a body begins when somebody wants more: who is slow to take it is no reason to cut who sends.
    func read(context: ChannelHandlerContext) {
        if case .streaming = state { schedule(limits.uploadStallTimeout, context) { $0.refuseStall($1) } }
        context.read()
    }

    private func refuseStall(_ context: ChannelHandlerContext) {
        refuse(ControlError(.timedOut, "the request's body did not come in time"), status: .requestTimeout, context)
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        if takesStream(head) { return beginStream(head, context) }
        state = .collecting(head, ByteBuffer())
        let declared = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        guard declared <= limits.bodyByteCount else { return refuseBody(context) }
        askForBody(head, context)
        schedule(limits.bodyTimeout, context) { $0.refuseStall($1) }
    }

    private func beginStream(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard let declared = head.headers.first(name: "content-length").flatMap({ Int64($0) }), declared >= 0 else {
            let error = ControlError(.badRequest, "how long the body is has to be said before: Content-Length")
            return refuse(error, status: .lengthRequired, context)
        }
        state = .streaming
        askForBody(head, context)
        schedule(limits.uploadStallTimeout, context) { $0.refuseStall($1) }
        context.fireChannelRead(wrapInboundOut(.head(head, byteCount: declared)))
    }

    private func askForBody(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
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
        (state, isRefused) = (.closing, true)
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
        guard !isRefused else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head): context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .bytes(let bytes): context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
        case .end(let closes):
            if case .streaming = state {
                // Refused before it was all there: who still sends gets to read why.
                state = .closing
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
                return schedule(nil, context) { _, context in context.close(promise: nil) }
            }
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

/// What a connection brings.
enum RequestPart: Sendable {
    case whole(AssembledRequest)
    /// The beginning of a request whose body comes in pieces; it announced so many bytes.
    case head(HTTPRequestHead, byteCount: Int64)
    case bytes(ByteBuffer)
    /// That body is complete.
    case end
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
