/// The ways in which GitHub, or the way to it, may fail, each by name.
extension Fault {
    private static let json = [("content-type", "application/json")]

    /// All that end by themselves.
    /// - Parameter retryAfter: Of the limits and of the 503, in seconds.
    public static func ofAPIs(retryAfter: Int) -> [(name: String, fault: Fault)] {
        let wait = [("retry-after", String(retryAfter))]
        return [
            ("refused connection", .hangUpBeforeHandling), ("lost answer", .hangUpAfterHandling),
            ("cut at the first byte", .hangUp(atBodyByte: 0)),
            ("cut in the middle", .hangUp(atBodyByte: 40)), ("reset in the middle", .reset(atBodyByte: 40)), ("login page", .loginPage),
            ("500", .status(500, headers: json, body: #"{"message":"Server Error"}"#)),
            ("502 page", .status(502, headers: [("content-type", "text/html")], body: "<html>Bad Gateway</html>")),
            ("503 with a time", .status(503, headers: wait)), ("504", .status(504)),
            ("409", .status(409, headers: json, body: #"{"message":"Gist cannot be updated."}"#)),
            ("429 with a time", .status(429, headers: wait, body: #"{"message":"too many"}"#)),
            ("secondary limit", .secondaryLimit(retryAfter: retryAfter)),
            ("404", .status(404, headers: json, body: #"{"message":"Not Found"}"#)),
            ("empty 200", .status(200, headers: json)), ("error as 200", .status(200, headers: json, body: #"{"message":"oops"}"#)),
            ("elsewhere", .redirect(to: "http://127.0.0.2:9/gists")), ("file", .redirect(to: "file:///etc/passwd")),
            ("too short a length", .contentLength(7)), ("too long a length", .contentLength(9_999_999)),
            ("two lengths", .secondContentLength(3)),
            ("chunked", .chunked), ("no length", .endsWithConnection),
            ("garbage behind", .trailingGarbage(Array("HTTP/1.1 200 OK\r\n\r\n{}".utf8))),
            ("gzip", .gzip), ("early hints", .earlyHints), ("huge header", .hugeHeader(byteCount: 300_000)),
        ]
    }

    /// All that end only when the client has had enough, or long after a client that waits a second or two.
    public static let stalls: [(name: String, fault: Fault)] = [
        ("silence instead of handling", .stallBeforeHandling), ("silence after handling", .stallAfterHandling),
        ("slow first byte", .delay(.seconds(3))), ("stalled body", .stall(atBodyByte: 40)),
    ]
}
