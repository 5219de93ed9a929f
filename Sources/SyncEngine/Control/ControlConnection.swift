import ControlProtocol
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import SystemIO

/// One client: answers its requests one after the other until one of both closes.
struct ControlConnection: Sendable {
    typealias Wire = NIOAsyncChannel<AssembledRequest, ResponsePart>

    let wire: Wire
    let peer: PeerCredentials
    let routes: RouteTable
    let gate: @Sendable () -> PeerGate
    let audit: @Sendable (ControlAudit) -> Void
    let logger: Logger

    /// Returns when the connection is closed; a handler that is still at work is cancelled then.
    func serve() async {
        await withTaskGroup { group in
            group.addTask {
                do {
                    try await wire.executeThenClose { requests, answers in
                        for try await request in requests { try await answer(request, to: answers) }
                    }
                } catch {
                    // The client went away, was cut, or was too slow: nothing of the daemon's is wrong.
                    logger.debug("control connection ended", metadata: ["uid": "\(peer.uid)", "error": "\(error)"])
                }
            }
            group.addTask { try? await wire.channel.closeFuture.get() }
            await group.next()
            group.cancelAll()
        }
    }

    private func answer(_ request: AssembledRequest, to answers: NIOAsyncChannelOutboundWriter<ResponsePart>) async throws {
        let response = await response(to: request)
        try Task.checkCancellation()
        let keepsAlive = request.head.isKeepAlive
        var head = response.head
        if !keepsAlive { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        let isBodyless = request.head.method == .HEAD
        switch response.body {
        case .bytes(let bytes):
            let body = bytes.isEmpty || isBodyless ? [] : [ResponsePart.bytes(ByteBuffer(bytes: bytes))]
            try await answers.write(contentsOf: [.head(head)] + body + [.end(closes: !keepsAlive)])
        case .stream(let lines):
            try await answers.write(.head(head))
            if !isBodyless {
                try await tell(lines, to: answers)
            }
            try await answers.write(.end(closes: !keepsAlive))
        }
    }

    /// Ends early, and in order, when zood stops.
    ///
    /// Not by `cancelOnGracefulShutdown()` of the sequence: that merges two, and holds a lock while it waits for one of Swift's shared
    /// threads. As few as those are, they may all be waiting for such locks.
    private func tell(_ lines: AsyncStream<[UInt8]>, to answers: NIOAsyncChannelOutboundWriter<ResponsePart>) async throws {
        do {
            try await cancelWhenGracefulShutdown {
                for await line in lines where !line.isEmpty { try await answers.write(.bytes(ByteBuffer(bytes: line))) }
            }
        } catch is CancellationError {}
        try Task.checkCancellation()
    }

    private func response(to request: AssembledRequest) async -> ControlResponse {
        do throws(ControlError) {
            switch try routes.match(request.head.method, target: request.head.uri) {
            case .otherMethods(let allow) where request.head.method == .OPTIONS: return .options(allow: allow)
            case .otherMethods(let allow):
                let error = ControlError(.methodNotAllowed, "\(shown(request.head.method.rawValue)) is not possible here, only \(allow)")
                return .failure(error, headers: [("Allow", allow)])
            case .found(let route, let parameters, let query):
                return await run(route, ControlRequest(peer: peer, parameters: parameters, query: query, body: request.body))
            }
        } catch {
            return .failure(error)
        }
    }

    private func run(_ route: Route, _ request: ControlRequest) async -> ControlResponse {
        var failure: ControlError?
        var response: ControlResponse?
        if gate().allows(route.access, peer) {
            do { response = try await route.handler(request) } catch let error as ControlError {
                failure = error
            } catch is CancellationError {
                failure = ControlError(.cancelled, "\(route.verb) was cancelled")
            } catch {
                logger.error("control call failed", metadata: ["verb": "\(route.verb)", "error": "\(error)"])
                failure = ControlError(.internal, "\(route.verb) failed: \(shown("\(error)"))", hint: "journalctl -u zood has more")
            }
        } else {
            failure = gate().refusal(of: route.verb, to: peer, needing: route.access)
        }
        let answer = response ?? .failure(failure ?? ControlError(.internal, "\(route.verb) gave no answer"))
        if route.access != .reader, !answer.changesNothing {
            audit(
                ControlAudit(
                    uid: peer.uid, pid: peer.pid, verb: route.verb, model: request.parameters["id"], status: answer.status,
                    failure: failure?.code))
        }
        return answer
    }
}
