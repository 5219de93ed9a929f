/// An answer that is no success, in GitHub's shape.
struct GitHubError: Error {
    var status: Int
    var message: String
    var errors: [JSONValue] = []
    var extra: [String: JSONValue] = [:]
    var headers: [(String, String)] = []
    /// Nil: JSON.
    var plainBody: String?

    static let notFound = GitHubError(status: 404, message: "Not Found")
    static let badCredentials = GitHubError(status: 401, message: "Bad credentials")
    static let signInNeeded = GitHubError(status: 401, message: "Requires authentication")
    static let tooManyLogins = GitHubError(
        status: 403, message: "Maximum number of login attempts exceeded. Please try again later.")
    static let suspended = GitHubError(status: 403, message: "Sorry. Your account was suspended.")
    static let tokenTooWeak = GitHubError(
        status: 403, message: "Resource not accessible by personal access token",
        headers: [("x-accepted-github-permissions", "gists=write")])
    static let noUserAgent = GitHubError(
        status: 403, message: "",
        plainBody: "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header"
            + " (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check"
            + " https://developer.github.com for other possible causes.\r\n")
    static let tokenInQuery = GitHubError(
        status: 400,
        message:
            "Must specify access token via Authorization header. https://developer.github.com/changes/2020-02-10-deprecating-auth-through-query-param"
    )
    static let unsupportedAccept = GitHubError(
        status: 415, message: "Unsupported 'Accept' header: Must accept 'application/json'.")
    static let conditionalWrite = GitHubError(
        status: 400, message: "Conditional request headers are not allowed in unsafe requests unless supported by the endpoint")
    static let noJSON = GitHubError(status: 400, message: "Problems parsing JSON")
    static let noObject = GitHubError(status: 400, message: "Body should be a JSON object")
    static let tooLarge = GitHubError(status: 413, message: "Payload too large")
    static let takenDown = GitHubError(
        status: 403, message: "Gist access blocked",
        extra: ["block": ["reason": "dmca", "created_at": "2026-01-01T00:00:00Z", "html_url": "https://github.com/tos"]])

    /// 422 of the kind that names what is missing.
    static func missing(_ field: String) -> GitHubError {
        GitHubError(
            status: 422, message: "Validation Failed",
            errors: [["resource": "Gist", "code": "missing_field", "field": .string(field)]])
    }

    /// 422 for wrong types.
    static func invalid(_ text: String) -> GitHubError { GitHubError(status: 422, message: "Invalid request.\n\n\(text)") }

    /// 422 for a time in the query.
    static func unreadableTime(_ name: String) -> GitHubError {
        GitHubError(status: 422, message: "The \(name) parameter needs to be in ISO 8601 format: YYYY-MM-DDTHH:MM:SSZ")
    }

    static func secondaryLimit(retryAfter: Int?) -> GitHubError {
        GitHubError(
            status: 403,
            message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            headers: retryAfter.map { [("retry-after", String($0))] } ?? [])
    }

    var reply: Reply {
        if let plainBody { return Reply(status, [("content-type", "text/html; charset=utf-8")], text: plainBody) }
        var body = extra
        body["message"] = .string(message)
        body["documentation_url"] = "https://docs.github.com/rest"
        body["status"] = .string(String(status))
        if !errors.isEmpty { body["errors"] = .array(errors) }
        return Reply(status, headers, body: JSONValue.object(body).bytes)
    }
}

extension Fault {
    /// The secondary limit, whatever was asked; the request is not handled.
    public static func secondaryLimit(status: Int = 403, retryAfter: Int?) -> Fault {
        var error = GitHubError.secondaryLimit(retryAfter: retryAfter)
        error.status = status
        let headers = error.headers + [("content-type", "application/json; charset=utf-8"), ("x-ratelimit-remaining", "4321")]
        return .status(status, headers: headers, body: String(decoding: error.reply.text, as: UTF8.self))
    }

    /// What GitHub's front end shows when the back end is away: HTML and no more.
    public static func unicorn(status: Int = 502) -> Fault {
        .status(
            status, headers: [("content-type", "text/html; charset=utf-8")],
            body: "<!DOCTYPE html><html><head><title>Unicorn! &middot; GitHub</title></head><body><p>We had issues.</p></body></html>\n")
    }
}

extension Reply {
    /// The body of a reply that is held in memory.
    fileprivate var text: [UInt8] {
        if case .bytes(let bytes) = body { bytes } else { [] }
    }
}
