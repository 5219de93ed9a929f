import NIOCore
import NIOHTTP1

extension ControlClient {
    /// Sends a body of any size piece by piece, and reads the answer.
    /// - Parameters:
    ///   - byteCount: Of the whole body.
    ///   - stall: How long nothing may move, neither a piece nor the answer.
    ///   - next: The next piece, never an empty one; nil when all `byteCount` bytes were given. Called when the piece before was sent.
    /// - Throws: What the daemon said when the status is 400 or more, also when it said so before the whole body was there; whatever `next`
    ///   throws, and then nothing was done.
    public func upload<Answer>(
        _ call: ControlCall<Answer>, byteCount: Int64, stall: Duration = .seconds(600),
        next: () async throws(ControlError) -> [UInt8]?
    ) async throws(ControlError) -> Answer {
        let (connection, path) = try await connect(until: ContinuousClock.now + call.deadline)
        let alarm = StallAlarm(connection.channel, after: stall)
        defer { alarm.cancel() }
        let answer: ControlAnswer
        do {
            answer = try await connection.executeThenClose { inbound, outbound in
                try await withThrowingTaskGroup(of: ControlAnswer.self) { group in
                    // Read meanwhile: the daemon may refuse it before it is all there.
                    group.addTask { try await Self.collect(inbound) }
                    do {
                        try await outbound.write(.head(Self.uploadHead(call, byteCount)))
                        while let piece = try await next() {
                            alarm.reset()
                            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: piece))))
                        }
                        try await outbound.write(.end(nil))
                        alarm.reset()
                    } catch let error as ControlError {
                        throw error
                    } catch {
                        // The daemon takes no more of it: its answer says why.
                    }
                    return try await group.next()!
                }
            }
        } catch {
            if alarm.hasRung { throw Self.timedOut(path, stall) }
            throw Self.failure(error, path)
        }
        guard answer.status < 400 else { throw refusal(answer) }
        return try decode(Answer.self, answer.body)
    }

    private static func collect(_ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>) async throws -> ControlAnswer {
        let answer = AnswerCollector(limit: maximumAnswer)
        for try await part in inbound {
            try answer.take(part)
            if case .end = part { break }
        }
        if Task.isCancelled { throw CancellationError() }
        return try answer.finish()
    }

    private static func uploadHead<Answer>(_ call: ControlCall<Answer>, _ byteCount: Int64) -> HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: call.method), uri: call.target,
            headers: [
                "host": "zood", "connection": "close", "content-type": "application/octet-stream", "content-length": "\(byteCount)",
            ])
    }
}

/// Closes a connection on which nothing moved for too long.
private final class StallAlarm {
    private let channel: any Channel
    private let limit: Duration
    private var scheduled: Scheduled<Void>
    private var due: ContinuousClock.Instant

    init(_ channel: any Channel, after limit: Duration) {
        (self.channel, self.limit) = (channel, limit)
        due = ContinuousClock.now + limit
        scheduled = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { channel.close(promise: nil) }
    }

    /// Something moved.
    func reset() {
        scheduled.cancel()
        due = ContinuousClock.now + limit
        scheduled = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { [channel] in channel.close(promise: nil) }
    }

    func cancel() { scheduled.cancel() }

    var hasRung: Bool { ContinuousClock.now >= due }
}
