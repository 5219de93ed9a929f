import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks the daemon over its Unix socket: HTTP/1.1, one connection a request. All failures are ``ControlError``s that say
/// what zooctl is to exit with; those the daemon sent come through unchanged.
public struct ControlClient: Sendable {
    /// The sockets to try.
    public let places: SocketPlaces

    /// Bytes of one answer; a status of 10,000 models has about 20 MB.
    static let maximumAnswer = 256 << 20
    /// Bytes of one line of a stream.
    static let maximumLine = 1 << 20

    public init(_ places: SocketPlaces) {
        self.places = places
    }

    /// Sends it and reads the answer.
    /// - Throws: What the daemon said when the status is 400 or more.
    public func send<Answer>(_ call: ControlCall<Answer>) async throws(ControlError) -> Answer {
        let answer = try await exchange(call.method, call.target, body: call.body, deadline: call.deadline)
        guard answer.status < 400 else { throw refusal(answer) }
        return try decode(Answer.self, answer.body)
    }

    /// Sends it and gives the answer as it came, whatever its status.
    public func exchange(
        _ method: String, _ target: String, body: [UInt8]? = nil, deadline: Duration = .seconds(30)
    ) async throws(ControlError) -> ControlAnswer {
        let answer = AnswerCollector(limit: Self.maximumAnswer)
        try await run(method, target, body: body, deadline: deadline, whole: true) { part in try answer.take(part) }
        return try answer.finish()
    }

    /// Sends it and hands over one value for every line of the answer, until the daemon ends it, the task is cancelled or
    /// `handle` throws. Once the answer has begun there is no deadline: the daemon's end closes the socket.
    public func lines<Line>(
        _ call: ControlCall<Line>, handle: (Line) async throws(ControlError) -> Void
    ) async throws(ControlError) {
        let splitter = LineSplitter(limit: Self.maximumLine)
        try await run(call.method, call.target, body: call.body, deadline: call.deadline, whole: false) { part in
            for line in try splitter.take(part) { try await handle(decode(Line.self, line)) }
        }
        if let refused = try splitter.finish() { throw refusal(refused) }
    }

    func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(ControlError) -> Value {
        do {
            return try ControlCoding.decode(type, from: bytes)
        } catch {
            throw ControlError(
                .notZood, "cannot read the daemon's answer (\(describe(error)))",
                hint: "zooctl version shows whether zood and zooctl are of one age")
        }
    }

    /// The error in an answer with a status of 400 or more.
    func refusal(_ answer: ControlAnswer) -> ControlError {
        (try? ControlCoding.decode(ErrorEnvelope.self, from: answer.body))?.error
            ?? ControlError(.notZood, "the daemon answered with status \(answer.status) and without a reason")
    }
}

/// Says where in a document decoding failed.
private func describe(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "no '\(key.stringValue)' in it"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
        DecodingError.dataCorrupted(let context):
        context.codingPath.isEmpty ? "it is no JSON" : "at '\(context.codingPath.map(\.stringValue).joined(separator: "."))'"
    default: "\(error)"
    }
}
