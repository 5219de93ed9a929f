import ControlProtocol
import NIOCore
import NIOHTTP1

/// Answers a connection that is over a limit before it asks anything, and closes it.
final class ConnectionRefusal: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = HTTPServerResponsePart

    private let error: ControlError

    init(_ admission: ConnectionRegistry.Admission, _ limits: ControlLimits) {
        error =
            switch admission {
            case .tooManyOfUser:
                ControlError(
                    .tooManyRequests, "your user has \(limits.connectionsPerUser) connections open already", hint: "close one, or wait")
            case .tooMany, .admitted:
                ControlError(.tooManyRequests, "\(limits.connections) connections are open already", hint: "try again in a moment")
            case .stopping: ControlError(.shuttingDown, "zood is stopping")
            }
    }

    func channelActive(context: ChannelHandlerContext) {
        let response = ControlResponse.failure(error, headers: [("Connection", "close")])
        context.write(wrapOutboundOut(.head(response.head)), promise: nil)
        if case .bytes(let bytes) = response.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        }
        let bound = context.loopBound
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
