import Foundation
import Glibc
import NIOCore
import NIOHTTP1
import Synchronization

/// What happens on one connection of a loopback server: request by request, until somebody hangs up.
final class LoopbackConversation: Sendable {
    private typealias Parts = NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
    private typealias Writer = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

    /// Larger bodies of requests are refused with a 413.
    private static let requestBodyLimit = 128 << 20

    private let log: RequestLog
    private let faults: FaultPlan
    private let answer: LoopbackServer.Answer
    private let now: @Sendable () -> Date
    private let counters = Mutex((connections: 0, requests: 0))

    init(log: RequestLog, faults: FaultPlan, now: @escaping @Sendable () -> Date, answer: @escaping LoopbackServer.Answer) {
        (self.log, self.faults, self.now, self.answer) = (log, faults, now, answer)
    }

    func run(on connection: LoopbackServer.Connection) async {
        let number = counters.withLock { counters in
            defer { counters.connections += 1 }
            return counters.connections
        }
        // Whatever a client does to its connection concerns that client only.
        try? await connection.executeThenClose { inbound, outbound in
            var parts = inbound.makeAsyncIterator()
            while let (request, isKept) = try await nextRequest(&parts, outbound, connection: number) {
                log.append(request)
                defer { log.update(request.number) { $0.isFinished = true } }
                let reply = try await reply(to: request)
                let wasWhole = try await send(reply, to: request, outbound, &parts, connection.channel)
                guard isKept, wasWhole else { return }
            }
        }
    }

    private func nextRequest(
        _ parts: inout Parts, _ outbound: Writer, connection: Int
    ) async throws -> (RecordedRequest, isKept: Bool)? {
        var head: HTTPRequestHead?
        var body: [UInt8] = []
        while let part = try await parts.next() {
            switch part {
            case .head(let received):
                head = received
                if received.headers.first(name: "expect")?.lowercased() == "100-continue" {
                    try await outbound.write(.head(.init(version: .http1_1, status: .continue)))
                }
            case .body(let buffer):
                guard body.count + buffer.readableBytes <= Self.requestBodyLimit else {
                    try await outbound.write(
                        .head(.init(version: .http1_1, status: .payloadTooLarge, headers: ["content-length": "0"])))
                    return nil
                }
                body += buffer.readableBytesView
            case .end:
                guard let head else { return nil }
                return (recorded(head, body, connection), head.isKeepAlive)
            }
        }
        return nil
    }

    private func recorded(_ head: HTTPRequestHead, _ body: [UInt8], _ connection: Int) -> RecordedRequest {
        let number = counters.withLock { counters in
            defer { counters.requests += 1 }
            return counters.requests
        }
        return RecordedRequest(
            number: number, connection: connection, method: head.method.rawValue, target: head.uri,
            headers: head.headers.map { ($0.name, $0.value) }, body: body, receivedAt: .now, time: now())
    }

    private func reply(to request: RecordedRequest) async throws -> Reply {
        guard let fault = faults.take(for: request) else { return try await answer(request) }
        if let substitute = fault.substitute { return substitute }
        var reply = try await answer(fault.rewriting(request))
        try await fault.spoil(&reply)
        return reply
    }

    /// - Returns: Whether the answer went out whole, so that another one may follow on the connection.
    private func send(
        _ reply: Reply, to request: RecordedRequest, _ outbound: Writer, _ parts: inout Parts, _ channel: any Channel
    ) async throws -> Bool {
        try await Task.sleep(for: reply.delay)
        if let count = reply.sentBodyByteCount {
            for head in reply.informational { try await outbound.write(.head(head)) }
            try await outbound.write(.head(head(of: reply)))
            log.update(request.number) { $0.status = reply.status }
            if request.method != "HEAD" { try await sendBody(reply, byteCount: count, of: request, outbound) }
        }
        // The head of a 204 is all of it: who has it waits for nothing, so there is nothing to be silent about.
        let isWholeByItsHead = reply.sentBodyByteCount != nil && !HTTPResponseStatus(statusCode: reply.status).mayHaveResponseBody
        switch reply.ending {
        case .stalled where isWholeByItsHead, .whole:
            try await outbound.write(.end(nil))
            return reply.framing != .untilClose && (reply.trailing.isEmpty || reply.trailingDelay > .zero)
        case .closed:
            return false
        case .reset:
            try await reset(channel)
            return false
        case .stalled:
            while try await parts.next() != nil {}
            return false
        }
    }

    private func head(of reply: Reply) -> HTTPResponseHead {
        var head = HTTPResponseHead(
            version: reply.framing == .untilClose ? .http1_0 : .http1_1, status: .init(statusCode: reply.status), headers: reply.headers)
        switch reply.framing {
        case .contentLength where !head.headers.contains(name: "content-length") && head.status.mayHaveResponseBody:
            head.headers.add(name: "content-length", value: String(reply.range.count))
        case .contentLength: break
        case .chunked:
            head.headers.remove(name: "content-length")
            head.headers.replaceOrAdd(name: "transfer-encoding", value: "chunked")
        case .untilClose:
            head.headers.remove(name: "content-length")
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        return head
    }

    private func sendBody(_ reply: Reply, byteCount: Int, of request: RecordedRequest, _ outbound: Writer) async throws {
        let start = ContinuousClock.now
        let pieceLimit = reply.bytesPerSecond.map { min(256 << 10, max(1, $0 / 100)) } ?? 256 << 10
        var sent = 0
        var pause = reply.pause
        while sent < byteCount {
            if let (atByte, duration) = pause, sent >= min(atByte, byteCount) {
                try await Task.sleep(for: duration)
                pause = nil
            }
            let first = reply.range.lowerBound + sent
            let end = pause.map { min(byteCount, max($0.atBodyByte, sent + 1)) } ?? byteCount
            let piece = try reply.body.bytes(in: first..<(first + min(pieceLimit, end - sent)))
            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: piece))))
            sent += piece.count
            let total = sent
            log.update(request.number) { $0.bodyBytesSent = total }
            if let rate = reply.bytesPerSecond {
                try await ContinuousClock().sleep(until: start + .seconds(Double(sent) / Double(max(1, rate))))
            }
        }
        guard !reply.trailing.isEmpty else { return }
        try await Task.sleep(for: reply.trailingDelay)
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: reply.trailing))))
    }

    /// Ends the connection by an RST once the peer's kernel has what was sent: an RST sent at once would overtake it.
    private func reset(_ channel: any Channel) async throws {
        guard let socket = channel as? any SocketOptionProvider else { return }
        for _ in 0..<2000 {
            if try await socket.getTCPInfo().get().tcpi_unacked == 0 { break }
            try await Task.sleep(for: .milliseconds(1))
        }
        try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }
}
