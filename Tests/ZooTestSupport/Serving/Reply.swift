import NIOHTTP1

/// What a loopback server sends back, and how it stops sending it.
struct Reply: Sendable {
    enum Framing: Sendable { case contentLength, chunked, untilClose }

    /// How the answer ends. `afterBodyBytes` nil: not even the head is sent.
    enum Ending: Sendable {
        case whole
        case closed(afterBodyBytes: Int?)
        case reset(afterBodyBytes: Int?)
        case stalled(afterBodyBytes: Int?)
    }

    var status: Int
    var headers: HTTPHeaders
    var body: FileContent
    /// The part of `body` that is sent.
    var range: Range<Int>
    var framing = Framing.contentLength
    var ending = Ending.whole
    /// Waited for before the first byte.
    var delay = Duration.zero
    /// After so many bytes of the body nothing is sent for so long.
    var pause: (atBodyByte: Int, duration: Duration)?
    /// Nil: as fast as the connection takes it.
    var bytesPerSecond: Int?
    /// Sent right after the body, on top of what the head promised.
    var trailing: [UInt8] = []
    /// Waited for before these. If anything, the connection stays after them.
    var trailingDelay = Duration.zero
    /// Informational answers (103) sent ahead.
    var informational: [HTTPResponseHead] = []

    init(_ status: Int, _ headers: [(String, String)] = [], body: [UInt8] = []) {
        (self.status, self.headers) = (status, HTTPHeaders(headers))
        (self.body, range) = (.bytes(body), 0..<body.count)
    }

    init(_ status: Int, _ headers: [(String, String)] = [], text: String) {
        self.init(status, headers, body: Array(text.utf8))
    }

    /// How many bytes of the body go out, nil when the head does not go out either.
    var sentBodyByteCount: Int? {
        switch ending {
        case .whole: range.count
        case .closed(let count), .reset(let count), .stalled(let count): count.map { min($0, range.count) }
        }
    }
}
