import ControlProtocol
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import SystemIO

/// One client: answers its requests one after the other until one of both closes.
struct ControlConnection: Sendable {
    typealias Wire = NIOAsyncChannel<RequestPart, ResponsePart>
    private typealias Answers = NIOAsyncChannelOutboundWriter<ResponsePart>

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
                        var parts = requests.makeAsyncIterator()
                        while let part = try await parts.next() {
                            switch part {
                            case .whole(let request):
                                try await write(await response(to: request.head, body: request.body), to: request.head, answers)
                            case .head(let head, let byteCount): try await receive(head, byteCount, from: &parts, answers)
                            // The rest of a body that nobody wanted.
                            case .bytes, .end: break
                            }
                        }
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

    /// Runs the handler while the body comes.
    private func receive(
        _ head: HTTPRequestHead, _ byteCount: Int64, from parts: inout NIOAsyncChannelInboundStream<RequestPart>.AsyncIterator,
        _ answers: Answers
    ) async throws {
        let pipe = BodyPipe()
        try await withThrowingTaskGroup { group in
            group.addTask {
                // A clean stop waits for no sender.
                let answer = await cancelWhenGracefulShutdown {
                    await response(to: head, body: [], Upload(byteCount: byteCount, pipe: pipe))
                }
                let isWhole = await pipe.close()
                try await write(answer, to: head, closing: !isWhole, answers)
            }
            do {
                while let part = try await parts.next() {
                    if case .bytes(let bytes) = part { await pipe.put(bytes) }
                    if case .end = part {
                        await pipe.complete()
                        break
                    }
                }
            } catch {
                await pipe.cut()
                throw error
            }
            await pipe.cut()
            try await group.waitForAll()
        }
    }

    /// - Parameter closes: Whether the connection ends with it, also where the client would keep it.
    private func write(_ response: ControlResponse, to request: HTTPRequestHead, closing closes: Bool = false, _ answers: Answers)
        async throws
    {
        try Task.checkCancellation()
        let keepsAlive = request.isKeepAlive && !closes
        var head = response.head
        if !keepsAlive { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        let isBodyless = request.method == .HEAD
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
    private func tell(_ lines: AsyncStream<[UInt8]>, to answers: Answers) async throws {
        do {
            try await cancelWhenGracefulShutdown {
                for await line in lines where !line.isEmpty { try await answers.write(.bytes(ByteBuffer(bytes: line))) }
            }
        } catch is CancellationError {}
        try Task.checkCancellation()
    }

    private func response(to head: HTTPRequestHead, body: [UInt8], _ upload: Upload? = nil) async -> ControlResponse {
        do throws(ControlError) {
            switch try routes.match(head.method, target: head.uri) {
            case .otherMethods(let allow) where head.method == .OPTIONS: return .options(allow: allow)
            case .otherMethods(let allow):
                let error = ControlError(.methodNotAllowed, "\(shown(head.method.rawValue)) is not possible here, only \(allow)")
                return .failure(error, headers: [("Allow", allow)])
            case .found(let route, let parameters, let query):
                return await run(route, ControlRequest(peer: peer, parameters: parameters, query: query, body: body, upload: upload))
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
