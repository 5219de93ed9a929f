import Foundation
import ZooTestSupport

extension DownloadFault {
    /// Every way that is known from the wild.
    static let all = connections + continuations + lengths + refusals + redirects + wrongContents

    private static let last = byteCount - 1

    private static let connections = [
        DownloadFault(name: "refused", cause: .nobodyListens, end: .failed("connect")),
        DownloadFault(name: "no such name", cause: .noSuchName, end: .failed("resolve")),
        DownloadFault(name: "certificate expired", cause: .expiredCertificate, end: .failed("certificate")),
        DownloadFault(name: "certificate of another host", cause: .certificateOfAnotherHost, end: .failed("certificate")),
        // On a kept connection libcurl asks once more by itself.
        DownloadFault("hung up on the request", .hangUpBeforeHandling, end: .failed(""), requestsPerTry: 2),
        DownloadFault("answer lost", .hangUpAfterHandling, end: .failed(""), requestsPerTry: 2),
        DownloadFault("reset at byte 0", .reset(atBodyByte: 0), end: .failed("")),
        DownloadFault("reset in the middle", .reset(atBodyByte: middle), end: .verified),
        DownloadFault("reset at the last byte", .reset(atBodyByte: last), end: .verified),
        DownloadFault("cut at byte 0", .hangUp(atBodyByte: 0), end: .failed("early")),
        DownloadFault("cut in the middle", .hangUp(atBodyByte: middle), end: .verified),
        DownloadFault("cut at the last byte", .hangUp(atBodyByte: last), end: .verified),
        DownloadFault("silent before the head", .stallBeforeHandling, end: .fetching),
        DownloadFault("silent in the middle", .stall(atBodyByte: middle), end: .fetching),
        DownloadFault("1 B/s", .bytesPerSecond(1), end: .fetching),
        DownloadFault("silent for a while", .pause(atBodyByte: middle, for: .seconds(2)), end: .verified),
        DownloadFault("slow first byte", .delay(.seconds(2)), end: .verified),
        DownloadFault("100 first", .continueFirst, end: .verified),
        DownloadFault("103 first", .earlyHints, end: .verified),
        DownloadFault("large header", .hugeHeader(byteCount: 60_000), end: .verified),
        DownloadFault("huge header", .hugeHeader(byteCount: 1_000_000), end: .failed("")),
    ]

    private static let continuations = [
        resumed("200 to a range", .ignoreRange),
        resumed("206 of a later range", .shiftRange(by: 100)),
        resumed("206 of an earlier range", .shiftRange(by: -100)),
        resumed("206 of a file of another length", .rangeTotal(byteCount + 1)),
        resumed("206 without a range", .header("content-range", nil)),
        resumed("206 of a range that is none", .header("content-range", "bytes \(middle)-\(last)")),
        resumed("206 of the whole as a range", .header("content-range", "bytes 0-\(last)/\(byteCount)")),
        resumed("416 in the middle", .rangeNotSatisfiable),
        resumed("another ETag", .header("etag", "\"another\"")),
        resumed("If-Range ignored", .ignoreIfRange),
        resumed("weak ETag", .earlyHints, etag: .weak),
        resumed("no validator", .earlyHints, etag: .none),
        DownloadFault("416 at the end", .chunkedHangUp(atBodyByte: byteCount), .earlyHints, end: .verified),
    ]

    private static let lengths = [
        DownloadFault("no length", .endsWithConnection, end: .verified),
        DownloadFault("chunked", .chunked, end: .verified),
        DownloadFault("chunks cut", .chunkedHangUp(atBodyByte: middle), end: .verified),
        DownloadFault("no length, and cut", .endsUnnoticed(atBodyByte: middle), end: .mismatch("39.1 KiB"), isGivenUp: true),
        DownloadFault("too short a length", .contentLength(700), end: .mismatch("700 B"), isGivenUp: true),
        DownloadFault("too long a length", .contentLength(9_999_999), end: .verified),
        DownloadFault("two lengths", .secondContentLength(700), end: .failed("length")),
        DownloadFault("garbage behind", .trailingGarbage(Array("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi".utf8)), end: .verified),
    ]

    private static let refusals =
        [401, 403, 404, 410, 451, 204, 300, 304].map { status($0, isGivenUp: true) } + [500, 501, 502, 503, 504].map { status($0) } + [
            status(403, [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "4102444800")], isGivenUp: true),
            limit(retryAfter: "3600"), limit(retryAfter: httpDate(Date(timeIntervalSinceNow: 7200))),
            limit(retryAfter: "99999999999999999999"), limit(retryAfter: "Fri, 31 Dec 9999 23:59:59 GMT"),
            status(429), status(429, [("retry-after", "1")]),
            status(429, [("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT")]),
            status(503, [("retry-after", "-5")]),
            status(206, [("content-range", "bytes 0-2/3")], isGivenUp: true),
        ]

    private static let redirects =
        [301, 302, 303, 307, 308].map { DownloadFault("\($0) to another host", $0, to: \.elsewhere, end: .verified) } + [
            DownloadFault(
                "a loop of redirects", 302, to: { "\($0.path)?again" }, end: .blocked("redirects"), requestsPerTry: 6),
            DownloadFault("a redirect to nowhere", .status(302), end: .blocked("leads nowhere"), isGivenUp: true),
            DownloadFault("a redirect to a file", 302, to: { _ in "file:///etc/passwd" }, end: .blocked("'file' URLs")),
            DownloadFault("a redirect with a password", 302, to: { _ in "http://me:secret@127.0.0.2/" }, end: .blocked("password")),
            DownloadFault("a redirect to metadata", 302, to: { _ in "http://169.254.169.254/latest/" }, end: .blocked("169.254.169.254")),
            DownloadFault("a redirect to a private address", 302, to: { _ in "http://10.0.0.1/" }, end: .blocked("10.0.0.1")),
            DownloadFault(name: "a redirect from https to http", cause: .leavesHTTPS, end: .blocked("from https")),
        ]

    private static let wrongContents = [
        DownloadFault("login page", .loginPage, end: .mismatch("HTML page titled 'Sign in'"), isGivenUp: true),
        DownloadFault(
            "error as 200", .status(200, headers: [("content-type", "application/json")], body: #"{"error":"quota exceeded"}"#),
            end: .mismatch("JSON"), isGivenUp: true),
        DownloadFault("empty 200", .status(200), end: .mismatch("empty file"), isGivenUp: true),
        DownloadFault("gzip without asking", .gzip, end: .mismatch("gzip archive"), isGivenUp: true),
        DownloadFault("gzip bomb", .gzipBomb(byteCount: 64 << 20), end: .mismatch("gzip archive"), isGivenUp: true),
        DownloadFault("right size, wrong bytes", .wrongBytes, end: .mismatch("58.6 KiB with sha1"), isGivenUp: true),
    ]
}
