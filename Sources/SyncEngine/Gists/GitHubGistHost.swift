import FoundationEssentials
import ModelInfo
import Transfers

/// Keeps gists at github.com or an Enterprise Server, by GitHub's REST API.
public struct GitHubGistHost: GistHost {
    /// Always ``GistHostKind/github``.
    public let kind = GistHostKind.github
    private let client: APIClient
    private let isSignedIn: Bool
    private let version: GitHubAPIVersion

    /// - Parameters:
    ///   - client: Holds the token, and sends it to its one origin only.
    ///   - isSignedIn: Whether `client` has a token. Without one gists are only read: nothing else is even asked.
    ///   - version: What requests ask for; answers of both are understood.
    public init(client: APIClient, isSignedIn: Bool, version: GitHubAPIVersion = .november2022) {
        (self.client, self.isSignedIn, self.version) = (client, isSignedIn, version)
    }

    /// One POST, and a read where the answer does not tell the revision.
    public func create(_ draft: GistDraft) async throws(GistFailure) -> Gist {
        try GistRules.check(draft)
        try requireToken()
        let response = try await send(.post, "/gists", .create, body: try encoded(GitHubDraftBody(draft), .create))
        return try await written(response, .create, sent: draft.files)
    }

    /// One request where the answer tells the revision, else two; one more for each file of over a megabyte.
    public func read(_ id: GistID) async throws(GistFailure) -> Gist {
        try requireGitHubs(id)
        if version == .november2022 {
            let answered = try decoded(GitHubGist.self, try await send(.get, "/gists/\(id)", .read(id)), .read(id))
            if let revision = answered.history?.first?.version { return try await whole(answered, .read(id), revision: revision) }
        }
        // The revision first, and then its very content: the other way round, a revision that came in between would be taken for read.
        let commits = try await send(.get, "/gists/\(id)/commits?per_page=1", .read(id))
        let newest = try decoded([GitHubRevision].self, commits, .read(id)).first?.version
        let revision = newest.flatMap { SHA1Digest(hex: $0) }?.description
        let path = revision.map { "/gists/\(id)/\($0)" } ?? "/gists/\(id)"
        let answered = try decoded(GitHubGist.self, try await send(.get, path, .read(id)), .read(id))
        return try await whole(answered, .read(id), revision: revision)
    }

    /// One PATCH, and a read where the answer does not tell the revision.
    public func update(_ id: GistID, _ change: GistChange) async throws(GistFailure) -> Gist {
        try GistRules.check(change)
        try requireToken()
        try requireGitHubs(id)
        let body = try encoded(GitHubChangeBody(change), .update(id))
        let response = try await send(.patch, "/gists/\(id)", .update(id), body: body)
        return try await written(response, .update(id), sent: change.files.compactMapValues { $0 })
    }

    /// One DELETE.
    public func delete(_ id: GistID) async throws(GistFailure) {
        try requireToken()
        try requireGitHubs(id)
        let response = try await send(.delete, "/gists/\(id)", .delete(id))
        guard response.status == 204 else { throw GitHubRefusal(action: .delete(id), now: Date()).unreadable(response) }
    }

    /// One request for every hundred gists.
    public func own(since: Date) async throws(GistFailure) -> [GistSummary] {
        try requireToken()
        let earliest = Date(timeIntervalSince1970: since.timeIntervalSince1970.rounded(.down))
        // Before GitHub there is nothing to ask for.
        let filter = earliest > Date(timeIntervalSince1970: 1_199_145_600) ? "&since=\(GitHubTime.text(earliest))" : ""
        var next: String? = "/gists?per_page=100\(filter)"
        var found: [GistID: GistSummary] = [:]
        for _ in 0..<Self.largestPageCount {
            guard let page = next else { break }
            let response = try await send(.get, page, .list)
            for gist in try decoded([GitHubGist].self, response, .list) {
                // A page may repeat the end of the one before when a gist was made meanwhile.
                guard let id = gist.id.flatMap({ GistID(bare: $0) }) else { continue }
                let updatedAt = GitHubTime.date(gist.updatedAt) ?? earliest
                found[id] = GistSummary(
                    id: id, description: gist.description ?? "", owner: gist.owner?.login,
                    createdAt: GitHubTime.date(gist.createdAt) ?? updatedAt, updatedAt: updatedAt)
            }
            next = LinkHeader.next(in: response.headers.values(of: "Link"))
        }
        guard next == nil else { throw .nonsense("listing the own gists: more than \(Self.largestPageCount) pages") }
        return found.values.filter { $0.updatedAt >= earliest }.sorted { ($0.updatedAt, $0.id) > ($1.updatedAt, $1.id) }
    }

    /// One request, which GitHub counts; none without a token, since then it is nobody.
    public func account() async throws(GistFailure) -> GistAccount {
        guard isSignedIn else { return GistAccount(login: nil) }
        let response = try await send(.get, "/user", .account)
        guard let login = try decoded(GitHubUser.self, response, .account).login else {
            throw GitHubRefusal(action: .account, now: Date()).unreadable(response)
        }
        return GistAccount(
            login: login, scopes: GitHubScopes.of(response),
            tokenExpiresAt: GitHubTime.expiration(response.headers["github-authentication-token-expiration"]))
    }

    /// Pages of a hundred: 30,000 gists.
    private static let largestPageCount = 300
}

/// The versions of GitHub's REST API whose answers are understood.
public enum GitHubAPIVersion: String, Sendable, CaseIterable {
    case november2022 = "2022-11-28"
    /// Without `history` in a gist: its revision costs a request of its own.
    case march2026 = "2026-03-10"
}

extension GitHubGistHost {
    private func requireToken() throws(GistFailure) {
        guard isSignedIn else {
            throw .notSignedIn(
                "there is no GitHub token: name a file with one (mode 0600) in gists.token_file, or use the credential github-token")
        }
    }

    private func requireGitHubs(_ id: GistID) throws(GistFailure) {
        guard !id.isLocal else { throw .notFound("the gist \(id) is one of the local host, not GitHub's") }
    }

    /// Sends one request; gives answers of 2xx only.
    private func send(
        _ method: APIRequest.Method, _ target: String, _ action: GitHubAction, body: [UInt8]? = nil
    ) async throws(GistFailure) -> APIResponse {
        let headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", version.rawValue)]
        let request = APIRequest(
            method, target, headers: headers.map { (name: $0.0, value: $0.1) }, body: body, maximumBodyByteCount: 64 << 20)
        let response: APIResponse
        do { response = try await client.send(request) } catch {
            throw GitHubRefusal(action: action, now: Date()).failure(error)
        }
        guard (200..<300).contains(response.status) else { throw GitHubRefusal(action: action, now: Date()).failure(response) }
        return response
    }

    private func encoded(_ body: some Encodable, _ action: GitHubAction) throws(GistFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(body)) } catch {
            throw .refused("\(action) failed: its text cannot be sent as JSON")
        }
    }

    private func decoded<Body: Decodable>(
        _ type: Body.Type, _ response: APIResponse, _ action: GitHubAction
    ) throws(GistFailure) -> Body {
        do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
            throw GitHubRefusal(action: action, now: Date()).unreadable(response)
        }
    }

    /// What a write left behind. Once it is done, no failure to look at it may make it look undone: then the revision stays unknown.
    private func written(_ response: APIResponse, _ action: GitHubAction, sent: [String: String]) async throws(GistFailure) -> Gist {
        let answered = try decoded(GitHubGist.self, response, action)
        guard let id = answered.id.flatMap({ GistID(bare: $0) }) else {
            throw GitHubRefusal(action: action, now: Date()).unreadable(response)
        }
        do throws(GistFailure) {
            guard let revision = answered.history?.first?.version else { return try await read(id) }
            return try await whole(answered, action, revision: revision, sent: sent)
        } catch {
            do throws(GistFailure) { return try await whole(answered, action, revision: nil, sent: sent) } catch {
                throw .answerLost("\(action) was done, but the result could not be read: \(error)")
            }
        }
    }

    /// Every file whole: what the answer holds only the beginning of is fetched by its raw URL.
    /// - Parameter sent: Contents that are known already: they are as they were sent when their size is right.
    private func whole(
        _ answered: GitHubGist, _ action: GitHubAction, revision: String?, sent: [String: String] = [:]
    ) async throws(GistFailure) -> Gist {
        guard let id = answered.id.flatMap({ GistID(bare: $0) }), let files = answered.files else {
            throw .nonsense("\(action): the answer is no gist")
        }
        guard answered.truncated != true else {
            throw .nonsense("\(action): it has more files than GitHub lists; only a git clone of it has them all")
        }
        var gist = Gist(
            id: id, description: answered.description ?? "", isPublic: answered.public ?? false, owner: answered.owner?.login,
            revision: revision, url: answered.htmlURL ?? "", updatedAt: GitHubTime.date(answered.updatedAt) ?? .distantPast, files: [:])
        for (name, file) in files.sorted(by: { $0.key < $1.key }) {
            guard let file else { continue }
            if let text = try await content(of: file, named: name, action, sent: sent[name]) {
                gist.files[name] = text
            } else {
                gist.notText.insert(name)
            }
        }
        return gist
    }

    /// Nil for bytes that are no text.
    private func content(
        of file: GitHubFile, named name: String, _ action: GitHubAction, sent: String?
    ) async throws(GistFailure) -> String? {
        if file.encoding == "base64" { return nil }
        // A size that does not fit, though nothing is said to be cut, hides bytes that were replaced to make them text.
        if file.truncated != true, let content = file.content, file.size.map({ $0 == content.utf8.count }) ?? true { return content }
        if let sent, file.size == sent.utf8.count { return sent }
        guard let url = file.rawURL else { throw .nonsense("\(action): file '\(name)' came without its content") }
        guard (file.size ?? 0) <= Self.largestRawByteCount else {
            throw .nonsense("\(action): file '\(name)' has \(file.size ?? 0) bytes; what is larger than 10 MB only git can read")
        }
        let response: APIResponse
        do { response = try await client.fetchRaw(url, maximumByteCount: Self.largestRawByteCount) } catch {
            throw GitHubRefusal(action: .file(name), now: Date()).failure(error)
        }
        guard response.status == 200 else {
            throw .unavailable("\(action): the whole of file '\(name)' could not be fetched: its raw URL answered \(response.status)")
        }
        guard file.size.map({ $0 == response.body.count }) ?? true else {
            throw .nonsense("\(action): file '\(name)' should have \(file.size ?? 0) bytes, its raw URL gave \(response.body.count)")
        }
        return String(validating: response.body, as: UTF8.self)
    }

    /// Beyond it `raw_url` does not give a file (10 MB).
    private static let largestRawByteCount = 10 << 20
}
