import Foundation

/// What is checked before any endpoint sees a request: credentials, API version, media type, limits.
extension GitHubSite {
    mutating func requester(of request: RecordedRequest, at now: Date) throws(GitHubError) -> Requester {
        guard let header = request.header("authorization") else { return .anonymous }
        badLogins.removeAll { now.timeIntervalSince($0) > settings.loginBlock.seconds }
        guard badLogins.count < settings.badLoginLimit else { throw .tooManyLogins }
        let words = header.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2, ["bearer", "token"].contains(words[0].lowercased()), let token = tokens[words[1]],
            let account = accounts[token.login], token.expiresAt.map({ $0 > now }) ?? true
        else {
            badLogins.append(now)
            throw .badCredentials
        }
        guard !account.isSuspended else { throw .suspended }
        return .account(account, token)
    }

    func version(of request: RecordedRequest) throws(GitHubError) -> String {
        guard let asked = request.header("x-github-api-version") else { return Self.apiVersions[0] }
        guard Self.apiVersions.contains(asked) else {
            throw GitHubError(status: 400, message: "The API version '\(asked)' is not a supported version.")
        }
        return asked
    }

    func media(of request: RecordedRequest) throws(GitHubError) -> APICall.Media {
        guard let header = request.header("accept") else { return .json }
        for item in header.split(separator: ",") {
            switch item.prefix(while: { $0 != ";" }).trimmingCharacters(in: .whitespaces).lowercased() {
            case "*/*", "application/*", "application/json", "application/vnd.github+json", "application/vnd.github.v3+json",
                "application/vnd.github.raw+json", "application/vnd.github.raw":
                return .json
            case "application/vnd.github.base64+json", "application/vnd.github.base64":
                return .base64
            default:
                continue
            }
        }
        throw .unsupportedAccept
    }

    /// The name of the window that a requester's calls are counted in: all tokens of an account share one.
    func windowName(of requester: Requester) -> String { requester.login ?? "" }

    mutating func window(of requester: Requester, at now: Date) -> RateWindow {
        let name = windowName(of: requester)
        var window = windows[name] ?? RateWindow(limit: name.isEmpty ? settings.anonymousLimit : settings.accountLimit, from: now)
        window.turn(at: now)
        windows[name] = window
        return window
    }

    mutating func checkLimit(of call: APICall, at now: Date) throws(GitHubError) {
        let window = window(of: call.requester, at: now)
        guard settings.hasLimits, call.path != "/rate_limit" else { return }
        guard window.remaining > 0 else {
            throw GitHubError(
                status: settings.overLimitStatus, message: "API rate limit exceeded for \(call.requester.login ?? "127.0.0.1").",
                headers: window.headers)
        }
    }

    /// The secondary limit on making content, where the settings ask for one.
    mutating func checkContentLimit(at now: Date) throws(GitHubError) {
        guard let limit = settings.writesPerMinute else { return }
        writes.removeAll { now.timeIntervalSince($0) > 60 }
        guard writes.count < limit else { throw .secondaryLimit(retryAfter: settings.secondaryRetryAfter) }
        writes.append(now)
    }
}

extension Duration {
    var seconds: TimeInterval { self / .seconds(1) }
}
