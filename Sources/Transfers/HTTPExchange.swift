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
    /// How much is read at once.
    var bufferByteCount = 256 << 10
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

/// One HTTP exchange, on the thread of one worker: alone by ``run(_:settings:until:receiver:worker:cancellation:)``, or beside others on
/// a ``CurlMulti``, until ``end(_:)``.
final class HTTPExchange {
    /// Header bytes that are taken before the answer is called no HTTP.
    private static let maximumHeaderByteCount = 256 << 10
    private static let connectLimit = 30_000  // milliseconds

    private let request: HTTPRequest
    private let proxy: String?
    private let receiver: any BodyReceiver
    /// Without `Expect: 100-continue`, after which libcurl may send a request twice.
    private let lines: CurlList
    let easy = CurlEasy()
    private var sockets: OpenSockets?

    private let clock = SuspendingClock()
    /// How long the network was waited for since the last byte. What our own disk or limit took does not count.
    private(set) var silence = Duration.zero
    private var requestedAt: SuspendingClock.Instant?
    /// From the request to the first byte of the answer; nil before.
    private(set) var roundTrip: Duration?
    private var headers = HTTPHeaders()
    private var headerByteCount = 0
    private(set) var head: ResponseHead?
    private var requestWasSent = false
    /// Set by a callback that ends the exchange: why, or nil when the receiver just has enough.
    private var failure: TransferFailure.Reason?
    private var hasEnough = false

    /// Nothing is sent yet.
    init(_ request: HTTPRequest, settings: NetworkSettings, receiver: any BodyReceiver) throws(TransferFailure) {
        let proxy = settings.proxy(for: request.url)
        try NameCheck.check(request.url, against: request.addresses, isProxied: proxy != nil)
        (self.request, self.proxy, self.receiver) = (request, proxy, receiver)
        lines = CurlList(request.headers + ["Expect:"])
        try configure(settings)
        try easy.setHeaders(lines)
        try easy.setCallbacks(to: self)
    }

    /// Sends `request` and hands the answer to `receiver`, until `end` at the latest.
    /// - Returns: The head of the answer, whatever its status.
    static func run(
        _ request: HTTPRequest, settings: NetworkSettings, until end: SuspendingClock.Instant, receiver: any BodyReceiver,
        worker: CurlMulti,
        cancellation: Cancellation
    ) throws(TransferFailure) -> ResponseHead {
        let exchange = try HTTPExchange(request, settings: settings, receiver: receiver)
        _ = try exchange.timeLeft(until: end, cancellation)
        worker.add(exchange)
        defer { worker.remove(exchange) }
        while true {
            if let ended = worker.advance().first { return try exchange.end(ended.code) }
            exchange.waited(worker.wait(for: try exchange.timeLeft(until: end, cancellation)))
        }
    }

    /// What became of it, from libcurl's result.
    /// - Returns: The head of the answer, whatever its status.
    func end(_ code: CURLcode) throws(TransferFailure) -> ResponseHead {
        if code != CURLE_OK && !hasEnough {
            throw TransferFailure(failure ?? reason(for: code), requestWasSent: requestWasSent)
        }
        return try begin()
    }

    /// The network was waited for so long, and perhaps nothing came.
    func waited(_ duration: Duration) { silence += duration }

    /// Its connection, if it needs a new one, is one of these. They outlive it, as its connection may.
    func open(in sockets: OpenSockets) {
        self.sockets = sockets
        easy.tellOfClosed(sockets)
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
        try easy.set(CURLOPT_BUFFERSIZE, request.bufferByteCount)
        if request.acceptsGzip { try easy.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        if request.method != "GET" {
            try easy.set(CURLOPT_CUSTOMREQUEST, request.method)
            // libcurl silently sends a request once more when a kept connection breaks before the answer, a POST too; on a new one never.
            try easy.set(CURLOPT_FRESH_CONNECT, 1)
        }
        if let body = request.body { try easy.setBody(body) }
    }

    private func timeLeft(
        until end: SuspendingClock.Instant, _ cancellation: Cancellation
    ) throws(TransferFailure) -> Duration {
        guard !cancellation.isCancelled else { throw failed(.cancelled) }
        let left = clock.now.duration(to: end)
        guard left > .zero else { throw failed(.timedOut) }
        return left
    }

    /// Why it was given up, and whether the server may know of it.
    func failed(_ reason: TransferFailure.Reason) -> TransferFailure { TransferFailure(reason, requestWasSent: requestWasSent) }

    // What libcurl calls.

    /// Before a connection is made: nothing, not even a SYN, goes to a refused address.
    func mayConnect(to peer: String) -> Bool { allows(peer) }

    func opened(_ socket: Int32) { sockets?.opened(socket) }

    /// Before the request is sent, also on a connection that was kept from an earlier one.
    func mayRequest(from peer: String) -> Bool {
        guard allows(peer) else { return false }
        (requestWasSent, requestedAt) = (true, clock.now)
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
        silence = .zero
        if roundTrip == nil { roundTrip = requestedAt?.duration(to: clock.now) }
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
        silence = .zero
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
        // RFC 9112, 6.3: nobody knows which of them is meant, nor where the next answer on this connection would begin.
        guard Set(headers.values(of: "Content-Length")).count < 2 else {
            throw TransferFailure(.connectionLost("the answer announces two lengths"), requestWasSent: requestWasSent)
        }
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
