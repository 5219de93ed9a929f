import Foundation
import Synchronization

/// GitHub's gist API on 127.0.0.1, strict where GitHub is strict, and any failure on demand.
///
/// Two origins, as the real one has: the API, and the raw files with git. A token that turns up at the second one was sent too far.
public final class LoopbackGitHub: Sendable {
    /// What `gists.api_url` is set to: `http://127.0.0.1:PORT`, with `/api/v3` behind it for an Enterprise Server.
    public var apiURL: String { shared.site.withLock { $0.apiURL } }
    /// Of the API, chosen by the kernel unless it was given.
    public var port: Int { apiServer.port }
    /// Where `raw_url`s and `git_pull_url`s point: another port.
    public var rawOrigin: String { shared.site.withLock { $0.rawOrigin } }
    /// Of the raw files and of git.
    public var rawPort: Int { rawServer.port }
    /// Everything that the API was asked.
    public let requests: RequestLog
    /// Everything that the raw files' origin was asked.
    public let rawRequests: RequestLog

    private let apiServer: LoopbackServer
    private let rawServer: LoopbackServer
    private let apiFaults: FaultPlan
    private let rawFaults: FaultPlan
    private let shared: SharedSite

    /// Holds the one copy of the site that both servers change.
    private final class SharedSite: Sendable {
        let site: Mutex<GitHubSite>
        let now: @Sendable () -> Date
        init(_ site: GitHubSite, now: @escaping @Sendable () -> Date) {
            self.site = Mutex(site)
            self.now = now
        }
    }

    private init(
        apiServer: LoopbackServer, rawServer: LoopbackServer, shared: SharedSite, logs: (api: RequestLog, raw: RequestLog),
        faults: (api: FaultPlan, raw: FaultPlan)
    ) {
        (self.apiServer, self.rawServer, self.shared) = (apiServer, rawServer, shared)
        (requests, rawRequests) = logs
        (apiFaults, rawFaults) = faults
    }

    /// A GitHub without accounts and gists yet.
    /// - Parameters:
    ///   - basePath: Empty for github.com, `/api/v3` for an Enterprise Server.
    ///   - port: Of the API; 0: any free one.
    ///   - now: Its clock: what gists, limits and requests are dated by.
    ///   - onChange: Called with each request that made or changed something, before it is answered.
    public static func start(
        settings: GitHubSettings = GitHubSettings(), basePath: String = "", port: Int = 0,
        now: @escaping @Sendable () -> Date = { Date() }, onChange: (@Sendable (RecordedRequest) -> Void)? = nil
    ) async throws -> LoopbackGitHub {
        let shared = SharedSite(GitHubSite(settings: settings, basePath: basePath), now: now)
        let logs = (api: RequestLog(), raw: RequestLog())
        let faults = (api: FaultPlan(), raw: FaultPlan())
        let api = try await LoopbackServer.start(address: "127.0.0.1", port: port, log: logs.api, faults: faults.api, now: now) { request in
            let reply = shared.site.withLock { $0.answer(request, at: now()) }
            if let onChange, request.method != "GET", reply.status < 300 { onChange(request) }
            return reply
        }
        let git = try GitBackend()
        let raw = try await LoopbackServer.start(address: "127.0.0.1", port: 0, log: logs.raw, faults: faults.raw, now: now) { request in
            if let id = GitBackend.gist(askedForBy: request), let gist = shared.site.withLock({ $0.gists[id] }) {
                return try await git.answer(request, about: gist)
            }
            return shared.site.withLock { $0.rawFile(request) }
        }
        shared.site.withLock { ($0.apiURL, $0.rawOrigin) = (api.origin + basePath, raw.origin) }
        return LoopbackGitHub(apiServer: api, rawServer: raw, shared: shared, logs: logs, faults: faults)
    }

    /// Hangs up on everybody and frees the ports.
    public func stop() async {
        await apiServer.stop()
        await rawServer.stop()
    }

    /// Where it is reached by those who come through something in front of it: URLs in answers begin with these from now on.
    /// - Parameters:
    ///   - apiURL: With the base path that it was started with.
    ///   - rawOrigin: Of the raw files and of git.
    public func announce(apiURL: String, rawOrigin: String) { shared.site.withLock { ($0.apiURL, $0.rawOrigin) = (apiURL, rawOrigin) } }

    // MARK: Accounts

    /// An account and a token of it. Called again for the same login, it adds a token.
    public func addAccount(
        login: String, token: String, access: TokenAccess = .scopes(["gist"]), tokenExpiresAt: Date? = nil
    ) {
        shared.site.withLock { site in
            if site.accounts[login] == nil {
                site.accounts[login] = GitHubAccount(login: login, number: 1001 + site.accounts.count, createdAt: shared.now())
            }
            site.tokens[token] = GitHubToken(login: login, access: access, expiresAt: tokenExpiresAt)
        }
    }

    /// As above, for a classic token with these scopes.
    public func addAccount(login: String, token: String, scopes: Set<String>) {
        addAccount(login: login, token: token, access: .scopes(scopes))
    }

    /// From now on 401.
    public func revoke(token: String) { shared.site.withLock { $0.tokens[token] = nil } }

    /// From now on 403.
    public func suspend(login: String) { shared.site.withLock { $0.accounts[login]?.isSuspended = true } }

    /// Takes that back.
    public func readmit(login: String) { shared.site.withLock { $0.accounts[login]?.isSuspended = false } }

    // MARK: Moods

    /// Changes how it behaves, from the next request on.
    public func change(_ settings: (inout GitHubSettings) -> Void) {
        shared.site.withLock { settings(&$0.settings) }
    }

    /// The next `times` API requests that match meet the fault, after `skips` matching ones went by unharmed.
    public func inject(_ fault: Fault, on pattern: RequestPattern = .any, times: Int = 1, after skips: Int = 0) {
        apiFaults.inject(fault, on: pattern, times: times, after: skips)
    }

    /// The same for the raw files' origin.
    public func injectRaw(_ fault: Fault, on pattern: RequestPattern = .any, times: Int = 1, after skips: Int = 0) {
        rawFaults.inject(fault, on: pattern, times: times, after: skips)
    }

    /// Takes back all faults that still wait.
    public func clearFaults() {
        apiFaults.removeAll()
        rawFaults.removeAll()
    }

    /// What is left of the primary limit, and when the window ends.
    /// - Parameter login: Nil: everybody without token.
    public func setLimit(remaining: Int, resetsIn: Duration, for login: String?) {
        shared.site.withLock { site in
            var window = RateWindow(limit: login == nil ? site.settings.anonymousLimit : site.settings.accountLimit, from: shared.now())
            window.used = window.limit - remaining
            window.resetsAt = Date(
                timeIntervalSince1970: shared.now().addingTimeInterval(resetsIn.seconds).timeIntervalSince1970.rounded(.up))
            site.windows[login ?? ""] = window
        }
    }

    /// Requests counted against the primary limit so far.
    public func usedRequests(of login: String?) -> Int { shared.site.withLock { $0.windows[login ?? ""]?.used ?? 0 } }

    // MARK: Gists

    /// All gists, the latest change last.
    public func gists() -> [HostedGist] {
        shared.site.withLock { $0.gists.values.sorted { $0.changeNumber < $1.changeNumber } }
    }

    /// Nil when there is none (any more).
    public func gist(_ id: String) -> HostedGist? { shared.site.withLock { $0.gists[id] } }

    /// A gist that was made some other way.
    /// - Returns: Its id.
    public func addGist(
        owner: String, isPublic: Bool = false, description: String? = nil, files: [String: [UInt8]], at date: Date? = nil
    ) -> String {
        shared.site.withLock {
            $0.add(owner: owner, isPublic: isPublic, description: description, files: files, at: date ?? shared.now()).id
        }
    }

    /// As above, with text.
    public func addGist(owner: String, isPublic: Bool = false, description: String? = nil, texts: [String: String]) -> String {
        addGist(owner: owner, isPublic: isPublic, description: description, files: texts.mapValues { Array($0.utf8) })
    }

    /// A revision by somebody else, as `git push` or the web page makes it: any bytes, nil takes a file out.
    public func push(_ files: [String: [UInt8]?], to id: String, by author: String? = nil) {
        shared.site.withLock { site in
            guard let gist = site.gists[id] else { return }
            let merged = files.reduce(into: gist.files) { $0[$1.key] = $1.value }
            site.change(id, description: gist.description, files: merged, author: author ?? gist.owner, at: shared.now())
        }
    }

    /// A revision by somebody else with one file's new text.
    public func push(_ text: String, as name: String, to id: String, by author: String? = nil) {
        push([name: Array(text.utf8)], to: id, by: author)
    }

    /// Deleted on the web page.
    public func deleteGist(_ id: String) { shared.site.withLock { $0.gists[id] = nil } }

    /// Another owner from now on.
    public func transfer(_ id: String, to login: String) { shared.site.withLock { $0.gists[id]?.owner = login } }

    /// 403 with a `block` from now on.
    public func takeDown(_ id: String) { shared.site.withLock { $0.gists[id]?.isTakenDown = true } }
}
