import ModelInfo
import SystemIO

/// Talks to one API: one origin, to which alone the token goes.
///
/// Shares no connection, handle or worker with ``DownloadClient``. Redirects are followed only within the origin. It answers with
/// whatever status the server gives; what is thrown says whether the request may have been carried out.
public final class APIClient: Sendable {
    private let base: HTTPURL
    private let token: SecretToken?
    /// How the API, and what it points to, is reached.
    public let settings: NetworkSettings
    private let pool: WorkerPool

    /// - Parameters:
    ///   - baseURL: Such as `https://api.github.com` or `https://HOST/api/v3`; http only to `localhost` or a loopback address.
    ///   - token: Sent as `Authorization: Bearer` with each request of ``send(_:)``; nil sends none.
    ///   - workers: How many requests at once; further ones wait.
    /// - Throws: `badURL` or `refusedScheme`.
    public init(baseURL: String, token: SecretToken?, settings: NetworkSettings, workers: Int = 2) throws(TransferFailure) {
        base = try HTTPURL(baseURL)
        guard base.scheme == "https" || base.isThisMachine else { throw TransferFailure(.refusedScheme(base.scheme)) }
        (self.token, self.settings) = (token, settings)
        pool = WorkerPool(label: "zood API", workers: workers)
    }

    /// Sends `request` once; nothing is ever repeated but what a redirect asks for.
    /// - Throws: `cancelled` when the task is cancelled; see ``TransferFailure/requestWasSent`` for what may have been done.
    public func send(_ request: APIRequest) async throws(TransferFailure) -> APIResponse {
        let url = try url(of: request.target)
        try HeaderCheck.check(request.headers)
        let end = SuspendingClock().now + request.deadline
        return try await pool.run { [self] curl, cancellation throws(TransferFailure) in
            try exchange(from: url, until: end, request.maximumBodyByteCount, curl, cancellation) {
                outgoing(request, to: $0)
            } judge: { url throws(TransferFailure) in
                guard url.origin == base.origin else { throw TransferFailure(.refusedRedirect(to: url.description)) }
            }
        }
    }

    /// Gets a file by the URL that the API gave for it (`raw_url`), which may lie on another host: without the token.
    ///
    /// Redirects may lead to other hosts, never from https to http. Private and reserved addresses are refused but for the API's own
    /// host and the names below it.
    public func fetchRaw(
        _ url: String, deadline: Duration = .seconds(120), maximumByteCount: Int = 100 << 20
    ) async throws(TransferFailure) -> APIResponse {
        let url = try HTTPURL(url)
        try judgeRaw(url)
        let end = SuspendingClock().now + deadline
        return try await pool.run { [self] curl, cancellation throws(TransferFailure) in
            try exchange(from: url, until: end, maximumByteCount, curl, cancellation) { url in
                HTTPRequest(url: url, acceptsGzip: true, addresses: isOwnHost(url) ? nil : AddressPolicy())
            } judge: { url throws(TransferFailure) in
                try judgeRaw(url)
            }
        }
    }

    /// Whether git may fetch from a URL that the API gave: over https (over http where the API is on this machine too), and from the
    /// API's own site.
    public func mayFetchByGit(_ url: HTTPURL) -> Bool {
        guard url.scheme == "https" || (base.scheme == "http" && url.isThisMachine) else { return false }
        return base.isSameSite(as: url.host)
    }

    private func exchange(
        from url: HTTPURL, until end: SuspendingClock.Instant, _ maximumByteCount: Int, _ curl: CurlMulti, _ cancellation: Cancellation,
        request: (HTTPURL) -> HTTPRequest, judge: (HTTPURL) throws(TransferFailure) -> Void
    ) throws(TransferFailure) -> APIResponse {
        var body = BodyCollector(maximumByteCount: maximumByteCount)
        let (head, answered) = try RedirectRules.follow(from: url, method: request(url).method, judge: judge) {
            url throws(TransferFailure) in
            body = BodyCollector(maximumByteCount: maximumByteCount)
            CrashPoint.reach("api.sending")
            return try HTTPExchange.run(
                request(url), settings: settings, until: end, receiver: body, worker: curl, cancellation: cancellation)
        }
        CrashPoint.reach("api.answered")
        return APIResponse(status: head.status, headers: head.headers, body: body.bytes, url: answered)
    }

    private func url(of target: String) throws(TransferFailure) -> HTTPURL {
        if target.hasPrefix("/") {
            let text = base.description
            return try HTTPURL((text.hasSuffix("/") ? String(text.dropLast()) : text) + target)
        }
        let url = try HTTPURL(target)
        guard url.origin == base.origin else { throw TransferFailure(.badURL("\(url) is not on \(base.origin)")) }
        return url
    }

    /// The only place where the token leaves its type.
    private func outgoing(_ request: APIRequest, to url: HTTPURL) -> HTTPRequest {
        var headers = request.headers.map { "\($0.name): \($0.value)" }
        // A length is expected of these even when nothing is sent.
        let body = request.body ?? (request.method == .get || request.method == .delete ? nil : [])
        if body != nil, !request.headers.contains(where: { isEqualIgnoringCase($0.name, "Content-Type") }) {
            headers.append("Content-Type: application/json")
        }
        if let token, url.origin == base.origin { headers.append(token.withValue { "Authorization: Bearer \($0)" }) }
        return HTTPRequest(url: url, method: request.method.rawValue, headers: headers, body: body, acceptsGzip: true)
    }

    private func judgeRaw(_ url: HTTPURL) throws(TransferFailure) {
        guard url.scheme == "https" || (base.scheme == "http" && url.isThisMachine) else {
            throw TransferFailure(.refusedScheme(url.scheme))
        }
    }

    private func isOwnHost(_ url: HTTPURL) -> Bool { url.host == base.host || url.host.hasSuffix("." + base.host) }
}
