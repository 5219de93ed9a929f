import FoundationEssentials
import ModelInfo
import SystemPackage
import Transfers

/// Keeps gists at github.com or an Enterprise Server, by GitHub's REST API.
public struct GitHubGistHost: GistHost {
    /// Always ``GistHostKind/github``.
    public let kind = GistHostKind.github
    private let api: GitHubExchange
    /// Whether there is a token.
    public let isSignedIn: Bool
    private let clone: GistClone

    /// - Parameters:
    ///   - client: Holds the token, and sends it to its one origin only.
    ///   - isSignedIn: Whether `client` has a token. Without one gists are only read: nothing else is even asked.
    ///   - version: What requests ask for; answers of both are understood.
    ///   - cloneDirectory: Where git may keep a gist while it is read that the API does not give whole; nil: for temporary files.
    ///   - deadline: For one request, from now to the last byte of the answer.
    ///   - now: What the waits that GitHub asks for count from.
    public init(
        client: APIClient, isSignedIn: Bool, version: GitHubAPIVersion = .november2022, cloneDirectory: FilePath? = nil,
        deadline: Duration = .seconds(60), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        clone = GistClone(client: client, directory: cloneDirectory)
        api = GitHubExchange(client: client, version: version, deadline: deadline, now: now)
        self.isSignedIn = isSignedIn
    }

    /// One POST, and up to two requests more where the answer does not tell the revision.
    public func create(_ draft: GistDraft) async throws(GistFailure) -> Gist {
        try GistRules.check(draft)
        try requireToken()
        let response = try await api.send(.post, "/gists", .create, body: try api.encoded(GitHubDraftBody(draft), .create))
        return try await written(response, .create, sent: draft.files)
    }

    /// One request where the answer tells the revision, else two; one more for each file of over a megabyte.
    public func read(_ id: GistID) async throws(GistFailure) -> Gist {
        try requireGitHubs(id)
        if api.version == .november2022 {
            let answered = try await api.get(GitHubGist.self, "/gists/\(id)", .read(id))
            let place = GitHubPlace(newestOf: answered.history)
            if place.revision != nil { return try await contents(.read(id)).whole(answered, at: place) }
        }
        // The revision first, and then its very content: the other way round, a revision that came in between would be taken for read.
        let place = try await newest(of: id, .read(id))
        let path = place.revision.map { "/gists/\(id)/\($0)" } ?? "/gists/\(id)"
        return try await contents(.read(id)).whole(try await api.get(GitHubGist.self, path, .read(id)), at: place)
    }

    /// One request, and one more for each file of over a megabyte. The parent is told where the answer has it, up to 2022-11-28.
    public func read(_ id: GistID, at revision: String) async throws(GistFailure) -> Gist {
        try requireGitHubs(id)
        let (revision, action) = (try GistRules.checked(revision: revision), GitHubAction.readAt(id, revision: revision))
        let answered = try await api.get(GitHubGist.self, "/gists/\(id)/\(revision)", action)
        return try await contents(action).whole(answered, at: GitHubPlace(of: revision, in: answered.history))
    }

    /// One request.
    public func revisions(of id: GistID, limit: Int) async throws(GistFailure) -> [HostedRevision] {
        try requireGitHubs(id)
        return try await commits(of: id, limit: GistRules.checked(limit: limit), .revisions(id)).compactMap { commit in
            commit.revision.map {
                HostedRevision(revision: $0, at: GitHubTime.date(commit.committedAt) ?? .distantPast, author: commit.user?.login)
            }
        }
    }

    /// One PATCH, and two requests more where the answer does not tell the revision.
    public func update(_ id: GistID, _ change: GistChange) async throws(GistFailure) -> Gist {
        try GistRules.check(change)
        try requireToken()
        try requireGitHubs(id)
        let body = try api.encoded(GitHubChangeBody(change), .update(id))
        let response = try await api.send(.patch, "/gists/\(id)", .update(id), body: body)
        return try await written(response, .update(id), sent: change.files.compactMapValues { $0 })
    }

    /// One DELETE.
    public func delete(_ id: GistID) async throws(GistFailure) {
        try requireToken()
        try requireGitHubs(id)
        let response = try await api.send(.delete, "/gists/\(id)", .delete(id))
        guard response.status == 204 else { throw api.refusal(of: .delete(id)).unreadable(response) }
    }

    /// One request, conditional where there is a validator. The cursor is the link that GitHub gave: it is asked for at the API's own
    /// origin only.
    public func listing(_ request: GistListingRequest) async throws(GistFailure) -> GistListing {
        let action = GitHubAction.list(request.whose)
        let filter = request.earliest.map { "&since=\(GitHubTime.text($0))" } ?? ""
        // A cursor goes on with a list that was allowed to be asked for.
        let first = "\(try path(of: request.whose))?per_page=\(GistListingRequest.pageSize)\(filter)"
        let response = try await api.send(.get, request.cursor ?? first, action, validator: request.validator)
        guard response.status != 304 else { return .unchanged }
        let summaries = try api.decoded([GitHubGist].self, response, action).compactMap(\.summary)
        return .page(
            GistPage(gists: summaries, next: LinkHeader.next(in: response.headers.values(of: "Link")), validator: response.headers["ETag"]))
    }

    /// One request, which GitHub counts; none without a token, which is nobody's.
    public func account() async throws(GistFailure) -> GistAccount {
        guard isSignedIn else { return GistAccount(login: nil) }
        let response = try await api.send(.get, "/user", .account)
        guard let login = try api.decoded(GitHubUser.self, response, .account).login else {
            throw api.refusal(of: .account).unreadable(response)
        }
        return GistAccount(
            login: login, scopes: GitHubScopes.of(response),
            tokenExpiresAt: GitHubTime.expiration(response.headers["github-authentication-token-expiration"]),
            hostTime: response.headers["Date"].flatMap(HTTPDate.seconds).map { Date(timeIntervalSince1970: TimeInterval($0)) })
    }
}

/// The versions of GitHub's REST API whose answers are understood.
public enum GitHubAPIVersion: String, Sendable, CaseIterable {
    case november2022 = "2022-11-28"
    /// Without `history` in a gist: its revision costs a request of its own.
    case march2026 = "2026-03-10"
}

extension GitHubGistHost {
    private func requireToken() throws(GistFailure) {
        // Nobody was asked, so it closes nothing: who has no token may read.
        guard isSignedIn else {
            throw .forbidden(
                "there is no GitHub token: name a file with one (mode 0600) in gists.token_file, or use the credential github-token")
        }
    }

    private func requireGitHubs(_ id: GistID) throws(GistFailure) {
        guard !id.isLocal else { throw .notFound("the gist \(id) is one of the local host, not GitHub's") }
    }

    /// Without a token the own list would be everybody's.
    private func path(of whose: GistListingRequest.Whose) throws(GistFailure) -> String {
        switch whose {
        case .own:
            try requireToken()
            return "/gists"
        case .of(let login):
            guard (1...100).contains(login.utf8.count), login.utf8.allSatisfy({ isLoginByte($0) }) else {
                throw .refused("'\(login.prefix(100))' is no login of GitHub")
            }
            return "/users/\(login)/gists"
        }
    }

    private func contents(_ action: GitHubAction) -> GitHubContents { GitHubContents(clone: clone, action: action, now: api.now) }

    /// - Parameter limit: 1 to 100.
    private func commits(of id: GistID, limit: Int, _ action: GitHubAction) async throws(GistFailure) -> [GitHubRevision] {
        try await api.get([GitHubRevision].self, "/gists/\(id)/commits?per_page=\(limit)", action)
    }

    private func newest(of id: GistID, _ action: GitHubAction) async throws(GistFailure) -> GitHubPlace {
        GitHubPlace(newestOf: try await commits(of: id, limit: 2, action))
    }

    /// What a write left behind. Once it is done, no failure to look at it may make it look undone: then the revision stays unknown.
    private func written(_ response: APIResponse, _ action: GitHubAction, sent: [String: String]) async throws(GistFailure) -> Gist {
        let answered = try api.decoded(GitHubGist.self, response, action)
        guard let id = answered.id.flatMap({ GistID(bare: $0) }) else {
            throw api.refusal(of: action).unreadable(response)
        }
        var place = GitHubPlace(newestOf: answered.history)
        var afterwards: GistFailure?
        if place.revision == nil {
            do throws(GistFailure) { place = try await self.place(of: answered, id, action) } catch {
                if error.closesHost { afterwards = error }
            }
        }
        do throws(GistFailure) {
            var gist = try await contents(action).whole(answered, at: place, sent: sent)
            gist.afterwards = afterwards
            return gist
        } catch {
            throw .answerLost("\(action) was done, but the result could not be read: \(error.said)")
        }
    }

    /// Which revision an answer without history is. Unknown when the newest one is already another.
    private func place(of answered: GitHubGist, _ id: GistID, _ action: GitHubAction) async throws(GistFailure) -> GitHubPlace {
        let place = try await newest(of: id, action)
        guard let revision = place.revision else { return .unknown }
        // A gist's first revision that is its only one is what was just made.
        if case .create = action, place.parent == nil { return place }
        let newest = try await api.get(GitHubGist.self, "/gists/\(id)/\(revision)", action)
        return newest.files == answered.files ? place : .unknown
    }
}

private func isLoginByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
    default: false
    }
}
