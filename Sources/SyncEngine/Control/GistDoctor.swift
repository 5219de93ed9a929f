import ControlProtocol
import FoundationEssentials

/// Looks whether gists can be read and published: the token, its owner, its rights, how long it holds. Asks the host one request at most,
/// and none while the host wants to be left alone.
struct GistDoctor: Sendable {
    let gate: GistGate
    let configuration: LoadedConfiguration
    let environment: [String: String]
    let clock: any DaemonClock

    /// A token that ends sooner than this is told of (seconds).
    static let expiryNotice: TimeInterval = 14 * 86_400
    /// More than this (seconds), and times that the host gives are not to be compared with ours.
    static let largestClockSkew: TimeInterval = 300
    /// Where a token's rights are changed.
    private static let settings = "https://github.com/settings/tokens"

    func checks() async -> [DoctorCheck] {
        switch configuration.configuration.gists.host {
        case .none: return [DoctorCheck("gist-host", .ok, "gists.host is none: nothing is published")]
        case .local:
            let directory = configuration.state.appending("gists")
            return [DoctorCheck("gist-host", .ok, "gists are kept on this machine: \(directory)")] + (await limited())
        case .github: return await gitHub()
        }
    }

    private func gitHub() async -> [DoctorCheck] {
        let kind: TokenKind
        do throws(TokenProblem) {
            guard let token = try TokenFile.load(configuration.configuration.gists, environment: environment) else {
                return [
                    DoctorCheck(
                        "token", .error, "there is no GitHub token: gists can be read, and none can be published",
                        hint:
                            "make one with the scope gist at \(Self.settings), put it into a file of mode 0600, name that in gists.token_file, then: zooctl reload"
                    )
                ]
            }
            kind = TokenKind(token)
        } catch {
            return [DoctorCheck("token", .error, error.description, hint: "then: zooctl reload")]
        }
        let waiting = await limited()
        if await gate.closed?.needsPerson == true { return waiting }
        if !waiting.isEmpty { return [DoctorCheck("token", .ok, "a \(kind.rawValue)")] + waiting }
        let api = configuration.configuration.gists.apiURL
        do throws(GistFailure) {
            let account = try await gate.read { host throws(GistFailure) in try await host.account() }
            return [DoctorCheck("gist-host", .ok, "\(api) answers")] + clockCheck(account) + judged(account, kind)
        } catch {
            return [refused(error, kind, api: "\(api)")]
        }
    }

    /// A clock that goes wrong lets tokens seem valid, and changes seem old.
    private func clockCheck(_ account: GistAccount) -> [DoctorCheck] {
        guard let theirs = account.hostTime else { return [] }
        let skew = clock.now.timeIntervalSince(theirs)
        guard abs(skew) > Self.largestClockSkew else {
            return [DoctorCheck("clock", .ok, "this machine's clock agrees with the gist host's")]
        }
        let minutes = Int(abs(skew) / 60)
        let amount = minutes < 120 ? "\(minutes) min" : minutes < 2880 ? "\(minutes / 60) h" : "\(minutes / 1440) days"
        return [
            DoctorCheck(
                "clock", .warning, "this machine's clock is \(amount) \(skew > 0 ? "ahead of" : "behind") the gist host's",
                hint: "timedatectl; to have it set by the network: timedatectl set-ntp true")
        ]
    }

    private func judged(_ account: GistAccount, _ kind: TokenKind) -> [DoctorCheck] {
        let owner = account.login ?? "nobody"
        var checks: [DoctorCheck] = []
        switch (account.scopes, kind) {
        case (let scopes?, _) where scopes.contains("gist"):
            checks.append(DoctorCheck("token", .ok, "a \(kind.rawValue) of \(owner) with the scope gist"))
        case (let scopes?, _):
            let has = scopes.isEmpty ? "none" : scopes.sorted().joined(separator: ", ")
            checks.append(
                DoctorCheck(
                    "token", .error, "a \(kind.rawValue) of \(owner) without the scope gist (it has: \(has)): nothing can be published",
                    hint: "give it the scope gist at \(Self.settings), then: zooctl reload"))
        case (nil, .fineGrained):
            checks.append(
                DoctorCheck(
                    "token", .ok,
                    "a \(kind.rawValue) of \(owner); GitHub does not tell its rights: it needs the permission Gists, read and write"))
        case (nil, _):
            checks.append(DoctorCheck("token", .ok, "a \(kind.rawValue) of \(owner); the host does not tell its rights"))
        }
        guard let end = account.tokenExpiresAt else { return checks }
        let left = end.timeIntervalSince(clock.now)
        let days = Int(left / 86_400)
        let words = left <= 0 ? "expired at \(end.formatted(.iso8601))" : "expires in \(days == 1 ? "1 day" : "\(days) days")"
        let isNear = left < Self.expiryNotice
        checks.append(
            DoctorCheck(
                "token-expiry", left <= 0 ? .error : isNear ? .warning : .ok, "the token \(words)",
                hint: isNear ? "make a new one at \(Self.settings), put it in the place of the old one, then: zooctl reload" : nil))
        return checks
    }

    private func refused(_ failure: GistFailure, _ kind: TokenKind, api: String) -> DoctorCheck {
        let outcome = OutcomeJudge.judge(failure, model: "", now: clock.now)
        let (why, hint): (String, String?) =
            switch outcome {
            case .retry(_, _, let because, let hint): (because, hint)
            case .needsPerson(_, let why, let hint): (why, hint)
            default: ("\(failure)", nil)
            }
        switch failure {
        case .notSignedIn, .forbidden: return DoctorCheck("token", .error, "a \(kind.rawValue): \(why)", hint: hint)
        case .limited: return DoctorCheck("gist-host", .warning, why, hint: "nothing to do: it goes on by itself")
        default:
            return DoctorCheck(
                "gist-host", .error, "\(api): \(why)", hint: "look at the way there: curl -I \(api); see also network: in zood.yaml")
        }
    }

    /// Nothing is asked of a host that wants to be left alone.
    private func limited() async -> [DoctorCheck] {
        guard let closure = await gate.closed else { return [] }
        let until = closure.until == .distantFuture ? "" : "until \(closure.until.formatted(.iso8601)) nothing is asked of the gist host: "
        return [
            DoctorCheck(
                closure.needsPerson ? "token" : "gist-host", closure.needsPerson ? .error : .warning, until + closure.because,
                hint: closure.hint)
        ]
    }
}
