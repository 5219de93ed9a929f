/// One request to the API.
public struct APIRequest: Sendable {
    /// The methods that an API is asked with; only GET is safe to send again.
    public enum Method: String, Sendable { case get = "GET", post = "POST", patch = "PATCH", put = "PUT", delete = "DELETE" }

    /// What is asked for.
    public var method: Method
    /// A path with its query (`/gists?page=2`), which is appended to the client's base URL, or an absolute URL of the same origin, as
    /// a `Link` header gives it.
    public var target: String
    /// Besides those the client sets itself: `User-Agent`, `Authorization`, `Accept-Encoding`, `Content-Length`, `Host`.
    public var headers: [(name: String, value: String)]
    /// JSON unless `headers` name another `Content-Type`.
    public var body: [UInt8]?
    /// From now to the last byte of the answer, redirects and waiting for a free worker included.
    public var deadline: Duration
    /// Of the answer's body, decompressed; more is `tooLarge`.
    public var maximumBodyByteCount: Int

    /// A request that is given up after a minute and takes an answer of 12 MiB at most, unless told otherwise.
    public init(
        _ method: Method, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        deadline: Duration = .seconds(60), maximumBodyByteCount: Int = 12 << 20
    ) {
        (self.method, self.target, self.headers, self.body) = (method, target, headers, body)
        (self.deadline, self.maximumBodyByteCount) = (deadline, maximumBodyByteCount)
    }
}

/// What the server answered, whatever the status: judging it is the caller's business.
public struct APIResponse: Equatable, Sendable {
    /// 100 to 999; never a redirect that was followed.
    public let status: Int
    /// Of the final answer only.
    public let headers: HTTPHeaders
    /// Decompressed.
    public let body: [UInt8]
    /// What answered in the end: after a 301 or 308 the place to ask next time.
    public let url: HTTPURL

    /// How long the server asks to wait, from `Retry-After`; nil when it does not say, or nothing that can be read.
    public var retryAfter: Duration? { headers["Retry-After"].flatMap { RetryAfter.duration($0) } }
}
