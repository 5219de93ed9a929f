import Foundation

/// The endpoints, each as the fact sheet on GitHub's gist API has it.
extension GitHubSite {
    mutating func route(_ call: APICall, at now: Date) throws(GitHubError) -> Reply {
        // A trailing slash is another path, and there is nothing at it.
        guard call.path.hasPrefix("/"), !call.path.hasSuffix("/") else { throw .notFound }
        let words = call.path.split(separator: "/").map { String($0).removingPercentEncoding ?? String($0) }
        let method = call.request.method == "HEAD" ? "GET" : call.request.method
        if call.isWrite {
            let conditions = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"]
            guard conditions.allSatisfy({ call.request.header($0) == nil }) else { throw .conditionalWrite }
            guard call.request.body.count <= settings.bodyLimit else { throw .tooLarge }
        }
        switch (method, words.count, words[0]) {
        case ("GET", 1, "user"): return try ownUser(call)
        case ("GET", 2, "users"): return try user(words[1], call)
        case ("GET", 1, "rate_limit"): return try rateLimit(call, at: now)
        case ("GET", 1, "versions"): return Reply(200, body: JSONValue.array(Self.apiVersions.reversed().map(JSONValue.string)).bytes)
        case ("POST", 1, "gists"): return try create(call, at: now)
        case ("GET", 1, "gists"): return try ownGists(call, at: now)
        case ("GET", 2, "gists") where words[1] == "public": return try list(gists.values.filter(\.isPublic), call, at: now)
        case ("GET", 3, "users") where words[2] == "gists":
            guard accounts[words[1]] != nil else { throw .notFound }
            return try list(gists.values.filter { $0.isPublic && $0.owner == words[1] }, call, at: now)
        case ("GET", 2, "gists"): return try read(words[1], call)
        case ("PATCH", 2, "gists"): return try update(words[1], call, at: now)
        case ("DELETE", 2, "gists"): return try delete(words[1], call)
        case ("GET", 3, "gists") where words[2] == "commits": return try commits(words[1], call)
        case ("GET", 3, "gists") where words[2] == "comments" || words[2] == "forks":
            _ = try readable(words[1])
            return Reply(200, body: JSONValue.array([]).bytes)
        case ("GET", 3, "gists"): return try revision(words[2], of: words[1], call)
        default: throw .notFound
        }
    }

    private mutating func create(_ call: APICall, at now: Date) throws(GitHubError) -> Reply {
        let owner = try writer(call)
        let draft = try GistDraftBody(call.object())
        try checkContentLimit(at: now)
        let gist = add(owner: owner, isPublic: draft.isPublic, description: draft.description, files: draft.files, at: now)
        var reply = Reply(201, body: json(gist, call, isAnswerToWrite: true).bytes)
        reply.headers.add(name: "location", value: "\(apiURL)/gists/\(gist.id)")
        return reply
    }

    private mutating func update(_ id: String, _ call: APICall, at now: Date) throws(GitHubError) -> Reply {
        let gist = try own(id, call)
        let change = try GistChangeBody(call.object(), to: gist.files, blankContent: settings.blankPatch)
        if change.files != gist.files || change.description != nil {
            try checkContentLimit(at: now)
            self.change(id, description: change.description ?? gist.description, files: change.files, author: gist.owner, at: now)
        }
        return Reply(200, body: json(gists[id] ?? gist, call, isAnswerToWrite: true).bytes)
    }

    private mutating func delete(_ id: String, _ call: APICall) throws(GitHubError) -> Reply {
        gists[try own(id, call).id] = nil
        return Reply(204)
    }

    private func read(_ id: String, _ call: APICall) throws(GitHubError) -> Reply {
        let gist = try readable(id)
        return Reply(200, [("last-modified", httpDate(gist.updatedAt))], body: json(gist, call).bytes)
    }

    private func revision(_ version: String, of id: String, _ call: APICall) throws(GitHubError) -> Reply {
        let gist = try readable(id)
        guard version.count == 40, version.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else {
            throw GitHubError(status: 422, message: "No commit found for SHA: \(version)")
        }
        guard let index = gist.revisions.firstIndex(where: { $0.version == version }) else { throw .notFound }
        var then = gist
        then.revisions = Array(gist.revisions[...index])
        return Reply(200, body: json(then, call).bytes)
    }

    private func commits(_ id: String, _ call: APICall) throws(GitHubError) -> Reply {
        let gist = try readable(id)
        return paged(gist.revisions.reversed().map { json($0, of: gist) }, call)
    }

    private mutating func ownGists(_ call: APICall, at now: Date) throws(GitHubError) -> Reply {
        guard case .account(let account, let token) = call.requester else {
            return try list(gists.values.filter(\.isPublic), call, at: now)
        }
        let own = gists.values.filter { $0.owner == account.login && ($0.isPublic || token.maySeeSecretGists) }
        return try list(own, call, at: now)
    }

    /// Newest first, without contents.
    private func list(_ gists: [HostedGist], _ call: APICall, at now: Date) throws(GitHubError) -> Reply {
        let since = try since(call)
        let shown = gists.filter { gist in
            gist.updatedAt >= since && !gist.isTakenDown
                && (settings.listingLag == .zero || now.timeIntervalSince(gist.createdAt) >= settings.listingLag.seconds)
        }
        return paged(shown.sorted { $0.changeNumber > $1.changeNumber }.map { summary($0, call) }, call)
    }

    /// `since` as a time of ISO 8601 with any offset; the distant past where it is not given.
    private func since(_ call: APICall) throws(GitHubError) -> Date {
        guard let text = call.request.query["since"] else { return .distantPast }
        // githubkit writes a space for the T.
        let standard = text.replacing(" ", with: "T")
        guard let date = try? Date(standard, strategy: .iso8601) else { throw .unreadableTime("since") }
        return date
    }

    private func paged(_ items: [JSONValue], _ call: APICall) -> Reply {
        let pages = max(1, (items.count + call.pageSize - 1) / call.pageSize)
        let body = JSONValue.array(Array(items.dropFirst((call.page - 1) * call.pageSize).prefix(call.pageSize)))
        var relations: [(String, Int)] = []
        if call.page > 1 { relations += [("prev", min(call.page - 1, pages))] }
        if call.page < pages { relations += [("next", call.page + 1), ("last", pages)] }
        if call.page > 1 { relations += [("first", 1)] }
        guard pages > 1, !relations.isEmpty else { return Reply(200, body: body.bytes) }
        let links = relations.map { relation, page in
            var query = call.request.query
            query["page"] = String(page)
            let text = query.sorted { $0.key < $1.key }.map { "\($0.key)=\(percentEncoded($0.value))" }.joined(separator: "&")
            return "<\(apiURL)\(call.path)?\(text)>; rel=\"\(relation)\""
        }
        return Reply(200, [("link", links.joined(separator: ", "))], body: body.bytes)
    }

    private func readable(_ id: String) throws(GitHubError) -> HostedGist {
        guard let gist = gists[id] else { throw .notFound }
        guard !gist.isTakenDown else { throw .takenDown }
        return gist
    }

    /// A gist that the requester may change; anything else does not exist for them.
    private func own(_ id: String, _ call: APICall) throws(GitHubError) -> HostedGist {
        let login = try writer(call)
        guard let gist = gists[id], gist.owner == login else { throw .notFound }
        guard !gist.isTakenDown else { throw .takenDown }
        return gist
    }

    /// The login, when the token may write gists at all.
    private func writer(_ call: APICall) throws(GitHubError) -> String {
        guard case .account(let account, let token) = call.requester else { throw .signInNeeded }
        guard token.mayWriteGists else {
            if case .fineGrained = token.access { throw .tokenTooWeak }
            throw .notFound  // a missing scope is hidden behind a 404
        }
        return account.login
    }

    private func ownUser(_ call: APICall) throws(GitHubError) -> Reply {
        guard case .account(let account, _) = call.requester else { throw .signInNeeded }
        return Reply(200, body: JSONValue.object(userFields(account)).bytes)
    }

    private func user(_ login: String, _ call: APICall) throws(GitHubError) -> Reply {
        guard let account = accounts[login] else { throw .notFound }
        return Reply(200, body: JSONValue.object(userFields(account)).bytes)
    }

    private mutating func rateLimit(_ call: APICall, at now: Date) throws(GitHubError) -> Reply {
        guard settings.hasLimits else { throw GitHubError(status: 404, message: "Rate limiting is not enabled.") }
        let core = window(of: call.requester, at: now).json
        var body: [String: JSONValue] = ["resources": ["core": core, "search": core, "graphql": core]]
        if call.hasHistory { body["rate"] = core }
        return Reply(200, body: JSONValue.object(body).bytes)
    }
}
