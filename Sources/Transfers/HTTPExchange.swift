import CCurl
import ModelInfo

/// One request, as it goes out: to one place, without following anything.
struct HTTPRequest {
    let url: HTTPURL
    var method = "GET"
    /// Complete lines, `Name: value`.
    var headers: [String] = []
    var body: [UInt8]?
    /// Whether a compressed answer is asked for, and taken apart on arrival.
    var acceptsGzip = false
    /// Which addresses may be reached; nil: any.
    var addresses: AddressPolicy?
}

/// The head of the final answer.
struct ResponseHead {
    let status: Int
    let headers: HTTPHeaders
    /// Of the body as it is sent, perhaps compressed; nil when the server does not say.
    let contentLength: Int64?
}

/// What is done with the answer's body.
protocol BodyReceiver: AnyObject {
    /// Called once, before the body and also when there is none.
    /// - Returns: Whether the body is wanted; if not, the exchange ends here, and well.
    func begin(_ head: ResponseHead) throws(TransferFailure) -> Bool
    /// - Returns: Whether more is wanted; if not, the exchange ends here, and well.
    func receive(_ bytes: UnsafeRawBufferPointer) throws(TransferFailure) -> Bool
}

/// One HTTP exchange, on the thread of one worker.
final class HTTPExchange {
    /// How long the exchange may take.
    struct Limits {
        /// Nil: no limit to the whole.
        var end: SuspendingClock.Instant?
        /// How long no byte may come; nil: no such limit.
        var stall: Duration?
    }

    /// Header bytes that are taken before the answer is called no HTTP.
    private static let maximumHeaderByteCount = 256 << 10
    private static let connectLimit = 30_000  // milliseconds

    private let request: HTTPRequest
    private let proxy: String?
    private let receiver: any BodyReceiver
    /// Without `Expect: 100-continue`, after which libcurl may send a request twice.
    private let lines: CurlList
    private let easy = CurlEasy()

    private let clock = SuspendingClock()
    private var lastByteAt: SuspendingClock.Instant
    private var headers = HTTPHeaders()
    private var headerByteCount = 0
    private var head: ResponseHead?
    private var requestWasSent = false
    /// Set by a callback that ends the exchange: why, or nil when the receiver just has enough.
    private var failure: TransferFailure.Reason?
    private var hasEnough = false

    private init(_ request: HTTPRequest, proxy: String?, _ receiver: any BodyReceiver) {
        (self.request, self.proxy, self.receiver) = (request, proxy, receiver)
        lines = CurlList(request.headers + ["Expect:"])
        lastByteAt = clock.now
    }

    /// Sends `request` and hands the answer to `receiver`.
    /// - Returns: The head of the answer, whatever its status.
    static func run(
        _ request: HTTPRequest, settings: NetworkSettings, limits: Limits, receiver: any BodyReceiver, worker: CurlMulti,
        cancellation: Cancellation
    ) throws(TransferFailure) -> ResponseHead {
        let proxy = settings.proxy(for: request.url)
        try NameCheck.check(request.url, against: request.addresses, isProxied: proxy != nil)
        let exchange = HTTPExchange(request, proxy: proxy, receiver)
        return try exchange.run(settings, limits, worker, cancellation)
    }

    private func run(
        _ settings: NetworkSettings, _ limits: Limits, _ worker: CurlMulti, _ cancellation: Cancellation
    ) throws(TransferFailure) -> ResponseHead {
        try configure(settings)
        try easy.setHeaders(lines)
        try easy.setCallbacks(to: self)

        let code = worker.perform(easy) { timeLeft(limits, cancellation) }
        guard let code else { throw TransferFailure(failure ?? .cancelled, requestWasSent: requestWasSent) }
        if code != CURLE_OK && !hasEnough {
            throw TransferFailure(failure ?? reason(for: code), requestWasSent: requestWasSent)
        }
        return try begin()
    }

    private func configure(_ settings: NetworkSettings) throws(TransferFailure) {
        try easy.set(CURLOPT_NOSIGNAL, 1)
        // Do not wait for a name server when a request is given up: the resolver's thread ends by itself.
        try easy.set(CURLOPT_QUICK_EXIT, 1)
        try easy.set(CURLOPT_URL, request.url.description)
        try easy.set(CURLOPT_PROTOCOLS_STR, request.url.scheme)
        try easy.set(CURLOPT_FOLLOWLOCATION, 0)
        try easy.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        // Both set, so that the environment is not asked.
        try easy.set(CURLOPT_PROXY, proxy ?? "")
        try easy.set(CURLOPT_NOPROXY, "")
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let caFile = settings.caFile { try easy.set(CURLOPT_CAINFO, caFile) }
        try easy.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        try easy.set(CURLOPT_USERAGENT, settings.userAgent)
        try easy.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, Self.connectLimit)
        try easy.set(CURLOPT_BUFFERSIZE, 512 << 10)
        if request.acceptsGzip { try easy.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        if request.method != "GET" {
            try easy.set(CURLOPT_CUSTOMREQUEST, request.method)
            // libcurl silently sends a request once more when a kept connection breaks before the answer, a POST too; on a new one never.
            try easy.set(CURLOPT_FRESH_CONNECT, 1)
        }
        if let body = request.body { try easy.setBody(body) }
    }

    private func timeLeft(_ limits: Limits, _ cancellation: Cancellation) -> Duration? {
        let now = clock.now
        var left = Duration.seconds(60)
        if cancellation.isCancelled { return stop(.cancelled) }
        if let end = limits.end {
            left = min(left, now.duration(to: end))
            guard left > .zero else { return stop(.timedOut) }
        }
        if let stall = limits.stall {
            left = min(left, now.duration(to: lastByteAt + stall))
            guard left > .zero else { return stop(.stalled(after: stall)) }
        }
        return left
    }

    private func stop(_ reason: TransferFailure.Reason) -> Duration? {
        failure = failure ?? reason
        return nil
    }

    // What libcurl calls.

    /// Before a connection is made: nothing, not even a SYN, goes to a refused address.
    func mayConnect(to peer: String) -> Bool { allows(peer) }

    /// Before the request is sent, also on a connection that was kept from an earlier one.
    func mayRequest(from peer: String) -> Bool {
        guard allows(peer) else { return false }
        requestWasSent = true
        return true
    }

    private func allows(_ peer: String) -> Bool {
        // A proxy may be anywhere; what it connects to was looked at before.
        guard let policy = request.addresses, proxy == nil else { return true }
        guard let address = IPAddress(peer) else {
            failure = .connect("\(request.url.host): '\(peer)' is no address")
            return false
        }
        guard policy.allows(address) else {
            failure = .refusedAddress(address, host: request.url.host)
            return false
        }
        return true
    }

    func receivedHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        lastByteAt = clock.now
        headerByteCount += bytes.count
        guard headerByteCount <= Self.maximumHeaderByteCount else {
            failure = .connectionLost("the answer's headers are longer than \(Self.maximumHeaderByteCount) bytes")
            return false
        }
        guard head == nil else { return true }  // trailers after the body
        let line = unsafe String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            headers = HTTPHeaders()  // what came before belonged to an interim answer
        } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), line.utf8.first != UInt8(ascii: " ") {
            headers.append(name: String(line[..<colon]), value: trimmingBlanks(line[line.utf8.index(after: colon)...]))
        }
        return true
    }

    func receivedBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // Whether it came on time is judged by when it came, not by how long the disk takes.
        defer { lastByteAt = clock.now }
        do {
            _ = try begin()
            guard !hasEnough else { return false }
            hasEnough = try unsafe !receiver.receive(bytes)
            return !hasEnough
        } catch {
            failure = error.reason
            return false
        }
    }

    @discardableResult
    private func begin() throws(TransferFailure) -> ResponseHead {
        if let head { return head }
        let head = ResponseHead(status: easy.status, headers: headers, contentLength: easy.contentLength)
        self.head = head
        do { hasEnough = try !receiver.begin(head) } catch {
            throw TransferFailure(error.reason, requestWasSent: requestWasSent)
        }
        return head
    }

    private func reason(for code: CURLcode) -> TransferFailure.Reason {
        let words = easy.words(for: code)
        return switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolve(words)
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: .connect(words)
        case CURLE_OPERATION_TIMEDOUT: requestWasSent ? .timedOut : .connect(words)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED:
            .tls(words)
        case CURLE_PARTIAL_FILE: .truncated
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL,
            CURLE_BAD_CONTENT_ENCODING:
            .connectionLost(words)
        default: .other(words)
        }
    }
}

func trimmingBlanks(_ text: some StringProtocol) -> String {
    let bytes = text.utf8.drop(while: isBlank)
    return String(decoding: bytes.reversed().drop(while: isBlank).reversed(), as: UTF8.self)
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
