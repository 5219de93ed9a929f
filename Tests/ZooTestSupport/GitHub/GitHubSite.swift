import Foundation

/// Accounts, tokens, gists and limits of the loopback GitHub. A value: whoever holds it changes it under one lock, so that
/// two requests never overlap inside.
struct GitHubSite: Sendable {
    static let apiVersions = ["2022-11-28", "2026-03-10"]

    var settings: GitHubSettings
    /// No slash at the end; what URLs in answers begin with.
    var apiURL = ""
    var rawOrigin = ""
    /// What comes before the paths of the API: empty, or `/api/v3` for an Enterprise Server.
    let basePath: String

    var accounts: [String: GitHubAccount] = [:]
    var tokens: [String: GitHubToken] = [:]
    var gists: [String: HostedGist] = [:]
    var windows: [String: RateWindow] = [:]
    var badLogins: [Date] = []
    var writes: [Date] = []
    var changeCount = 0

    init(settings: GitHubSettings, basePath: String) {
        (self.settings, self.basePath) = (settings, basePath)
    }

    /// Answers one request. The order of the checks is GitHub's: front door, credentials, version, limits, then the endpoint.
    mutating func answer(_ request: RecordedRequest, at now: Date) -> Reply {
        var call = APICall(request: request, path: pathWithoutBase(request.path), version: Self.apiVersions[0])
        do throws(GitHubError) {
            guard let agent = request.header("user-agent"), !agent.isEmpty else { throw .noUserAgent }
            guard request.query["access_token"] == nil else { throw .tokenInQuery }
            call.requester = try requester(of: request, at: now)
            call.version = try version(of: request)
            call.media = try media(of: request)
            try checkLimit(of: call, at: now)
            let reply = try conditional(route(call, at: now), to: call)
            if reply.status != 304, call.path != "/rate_limit" { windows[windowName(of: call.requester)]?.used += 1 }
            return dressed(reply, for: call, at: now)
        } catch {
            if error.plainBody != nil { return error.reply }
            if error.status != 429, !error.isOverLimit { windows[windowName(of: call.requester)]?.used += 1 }
            return dressed(error.reply, for: call, at: now)
        }
    }

    /// Empty, and so not found, when the base path does not lead it.
    private func pathWithoutBase(_ path: String) -> String {
        path.hasPrefix(basePath) ? String(path.dropFirst(basePath.count)) : ""
    }

    /// Headers that every answer has.
    private mutating func dressed(_ reply: Reply, for call: APICall, at now: Date) -> Reply {
        var reply = reply
        var headers = [
            ("x-github-api-version-selected", call.version), ("x-github-request-id", "LOOP:\(call.request.number)"),
            ("x-github-media-type", "github.v3; format=json"), ("vary", "Accept, Authorization, Cookie, Accept-Encoding"),
            ("server", "github.com"), ("date", httpDate(now)),
        ]
        if settings.hasLimits { headers += window(of: call.requester, at: now).headers }
        if reply.status != 204, reply.status != 304 { headers.append(("content-type", "application/json; charset=utf-8")) }
        if case .account(_, let token) = call.requester {
            if case .scopes(let scopes) = token.access {
                headers.append(("x-oauth-scopes", scopes.sorted().joined(separator: ", ")))
                headers.append(("x-accepted-oauth-scopes", call.isWrite ? "gist" : ""))
            }
            if let expiry = token.expiresAt {
                let time = expiry.formatted(
                    .iso8601.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false))
                headers.append(("github-authentication-token-expiration", time + " UTC"))
            }
        }
        for (name, value) in headers where !reply.headers.contains(name: name) { reply.headers.add(name: name, value: value) }
        return reply
    }

    /// Adds the ETag to what was read, and gives a 304 when the client has it already.
    private func conditional(_ reply: Reply, to call: APICall) -> Reply {
        guard call.request.method == "GET", reply.status == 200, case .bytes(let body) = reply.body else { return reply }
        var reply = reply
        let parts = [call.version, call.request.header("accept") ?? "", call.request.header("authorization") ?? "", call.request.target]
        let digest = ContentDigests(of: Array(parts.joined(separator: "\n").utf8) + body).sha256.description
        let isCompressed = call.request.header("accept-encoding")?.contains("gzip") == true
        reply.headers.add(name: "etag", value: (isCompressed ? "W/" : "") + "\"\(digest)\"")
        reply.headers.add(name: "cache-control", value: "private, max-age=60, s-maxage=60")
        let isKnown: Bool
        if let tags = call.request.header("if-none-match") {
            isKnown = tags.contains(digest) || tags == "*"
        } else if let since = call.request.header("if-modified-since").flatMap(ZooTestSupport.date(http:)),
            let modified = reply.headers.first(name: "last-modified").flatMap(ZooTestSupport.date(http:))
        {
            isKnown = modified <= since
        } else {
            isKnown = false
        }
        if isKnown {
            reply.status = 304
            (reply.body, reply.range) = (.bytes([]), 0..<0)
        }
        return reply
    }
}

extension GitHubError {
    fileprivate var isOverLimit: Bool { headers.contains { $0.0 == "x-ratelimit-remaining" } }
}
