import FoundationEssentials
import Transfers

/// Says what an answer of GitHub that is no success, or a missing answer, means. The only place that knows GitHub's statuses.
struct GitHubRefusal {
    /// What was asked.
    let action: GitHubAction
    /// When the answer came: what `Retry-After` counts from.
    let now: Date

    /// How long nothing is asked after a login block, whose length GitHub does not tell. In seconds.
    private static let loginBlock: TimeInterval = 900

    /// What to make of a status other than 2xx.
    func failure(_ response: APIResponse) -> GistFailure {
        let error = GitHubErrorBody(response)
        let said = "\(action) failed: GitHub answered \(response.status)\(error.text.isEmpty ? "" : ", \(error.text)")"
        switch response.status {
        case 401: return .notSignedIn("\(said); the token is missing, wrong, expired or revoked: put a good one into gists.token_file")
        case 403, 429: return forbidden(response, error, said)
        case 404: return notFound(response, said)
        case 410 where error.speaksOfVersion: return .refused("\(said); this zood is too old for this server")
        case 410, 451: return .takenDown(said)
        case 422 where action.namesRevision: return .notFound(said)
        case 422: return .refused("\(said); a gist cannot hold what was sent, so it is not sent again as it is")
        case 400, 405, 406, 411, 413, 414, 415: return .refused(said)
        case 409: return .unavailable(said)
        case 408, 500...599: return action.isWrite ? .answerLost(said) : .unavailable(said)
        default: return .nonsense("\(said), which this interface does not know; is gists.api_url right?")
        }
    }

    /// A success whose body is not what it should be: a login page of a proxy, half an answer.
    func unreadable(_ response: APIResponse) -> GistFailure {
        let kind = response.headers["Content-Type"] ?? "without a type"
        let said = "\(action): the answer (\(response.status), \(kind.prefix(80))) is not GitHub's; is there a login page in between?"
        return action.isWrite ? .answerLost(said) : .nonsense(said)
    }

    /// No answer at all.
    func failure(_ failure: TransferFailure) -> GistFailure {
        let said = "\(action) failed: \(failure)"
        if action.isWrite, failure.requestWasSent { return .answerLost(said) }
        switch failure.reason {
        case .cancelled: return .cancelled
        case .badURL, .refusedAddress, .refusedScheme, .downgrade, .refusedRedirect, .tooManyRedirects:
            return .refused("\(said); is gists.api_url right?")
        case .tooLarge: return .nonsense(said)
        case .tls: return .unavailable("\(said); for a certificate authority of your own see network.ca_file")
        default: return .unavailable(said)
        }
    }

    private func forbidden(_ response: APIResponse, _ error: GitHubErrorBody, _ said: String) -> GistFailure {
        if error.isBlocked {
            let why = error.blockReason.isEmpty ? "it does not say why" : error.blockReason
            return .takenDown("\(said): GitHub has blocked this gist (\(why)); write to GitHub's support if that is wrong")
        }
        if let wait = response.retryAfter {
            return .limited(until: now.addingTimeInterval(wait / .seconds(1)), said)
        }
        if response.headers["x-ratelimit-remaining"] == "0" {
            let reset = response.headers["x-ratelimit-reset"].flatMap(Double.init).map { Date(timeIntervalSince1970: $0) }
            // Windows last an hour: a clock that is far off must not close the host for good.
            return .limited(until: reset.map { min(max($0, now.addingTimeInterval(1)), now.addingTimeInterval(86_400)) }, said)
        }
        let message = error.text.lowercased()
        if response.status == 429 || message.contains("rate limit") || message.contains("abuse detection") {
            return .limited(until: nil, said)
        }
        if message.contains("login attempts") {
            return .limited(
                until: now.addingTimeInterval(Self.loginBlock),
                "\(said); GitHub takes no token, right or wrong, for a while after several wrong ones: check gists.token_file")
        }
        if message.contains("suspended") {
            return .notSignedIn("\(said); the account is suspended: only GitHub's support can end that (https://support.github.com)")
        }
        if message.contains("not accessible by") {
            let wanted = response.headers["X-Accepted-GitHub-Permissions"] ?? "gists=write"
            return .forbidden("\(said); give the token the permission \(wanted.prefix(80)) (Gists: read and write)")
        }
        return .forbidden(said)
    }

    /// GitHub hides a missing scope behind a 404. A gist must not be taken for gone because of that.
    private func notFound(_ response: APIResponse, _ said: String) -> GistFailure {
        guard action.isWrite else { return .notFound(said) }
        if let scopes = GitHubScopes.of(response), !scopes.contains("gist") {
            return .forbidden("\(said): the token may not write gists; give it the scope 'gist'")
        }
        if case .create = action {
            return .forbidden("\(said): the token may not write gists; give it the permission Gists: read and write")
        }
        return .notFound("\(said): it is gone, belongs to another account, or the token may not write gists")
    }
}

/// The scopes that an OAuth or classic token has, from any answer; nil where GitHub does not say.
enum GitHubScopes {
    static func of(_ response: APIResponse) -> Set<String>? {
        response.headers["X-OAuth-Scopes"].map { header in
            Set(header.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init))
        }
    }
}
