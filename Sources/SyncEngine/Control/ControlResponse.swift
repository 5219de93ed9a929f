import ControlProtocol
import NIOHTTP1

/// What a handler answers.
public struct ControlResponse: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        case stream(AsyncStream<[UInt8]>)
    }

    /// 200 to 599.
    public var status: Int
    /// Beside `Content-Type`, `Content-Length` and `Connection`.
    public var headers: [(name: String, value: String)]
    /// A question by a route that may also change something: the log of changes leaves it out.
    private(set) var changesNothing = false
    let contentType: String
    let body: Body

    private init(_ status: Int, _ headers: [(name: String, value: String)], _ contentType: String, _ body: Body) {
        (self.status, self.headers, self.contentType, self.body) = (status, headers, contentType, body)
    }

    /// A JSON document: keys sorted, times as RFC 3339 in UTC.
    public static func json(
        _ value: some Encodable, status: Int = 200, headers: [(name: String, value: String)] = []
    ) throws -> ControlResponse {
        ControlResponse(status, headers, "application/json", .bytes(try ControlCoding.line(value) + [UInt8(ascii: "\n")]))
    }

    /// The same answer, to a question.
    public func asAnswerOnly() -> ControlResponse {
        var answer = self
        answer.changesNothing = true
        return answer
    }

    /// JSON that was encoded before.
    public static func encodedJSON(_ bytes: [UInt8], status: Int = 200) -> ControlResponse {
        ControlResponse(status, [], "application/json", .bytes(bytes))
    }

    /// 202: the work goes on as a job.
    /// - Parameter job: Its id, for `Location: /v1/jobs/ID`.
    public static func accepted(_ value: some Encodable, job: String) throws -> ControlResponse {
        try json(value, status: 202, headers: [("Location", "/v1/jobs/\(job)")])
    }

    /// Text of another type, e.g. the metrics.
    public static func text(_ text: String, contentType: String) -> ControlResponse {
        ControlResponse(200, [], contentType, .bytes(Array(text.utf8)))
    }

    /// Lines of JSON as they come, each with its line end. The next is asked for when the client took the one before: make the
    /// stream with `AsyncStream(unfolding:)` and nothing piles up. It is cancelled when the client goes away, and ended when
    /// the daemon stops.
    public static func lines(_ lines: AsyncStream<[UInt8]>) -> ControlResponse {
        ControlResponse(200, [], "application/x-ndjson", .stream(lines))
    }

    /// The error, with its code's status.
    static func failure(_ error: ControlError, headers: [(name: String, value: String)] = []) -> ControlResponse {
        let fallback = ControlResponse(500, headers, "application/json", .bytes(Array(#"{"error":{"code":"internal"}}"#.utf8)))
        return (try? json(ErrorEnvelope(error), status: error.code.httpStatus, headers: headers)) ?? fallback
    }

    /// The head as it goes out, less what depends on the connection.
    var head: HTTPResponseHead {
        var fields = HTTPHeaders([("Content-Type", contentType)])
        if case .bytes(let bytes) = body, status != 204 { fields.add(name: "Content-Length", value: "\(bytes.count)") }
        for header in headers { fields.replaceOrAdd(name: header.name, value: header.value) }
        return HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: fields)
    }

    /// 204 with the methods of a path.
    static func options(allow: String) -> ControlResponse {
        ControlResponse(204, [("Allow", allow)], "application/json", .bytes([]))
    }
}
