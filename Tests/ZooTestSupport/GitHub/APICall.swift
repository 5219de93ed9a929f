/// One request as the API understands it.
struct APICall: Sendable {
    enum Media: Sendable { case json, base64 }

    let request: RecordedRequest
    /// Without the base path of an Enterprise Server.
    let path: String
    var version: String
    var requester = Requester.anonymous
    var media = Media.json

    var isWrite: Bool { !["GET", "HEAD", "OPTIONS"].contains(request.method) }
    /// From 2026-03-10 on, gists come without history and forks.
    var hasHistory: Bool { version < "2026-03-10" }

    /// `per_page`, 30 unless asked for, at most 100.
    var pageSize: Int {
        let asked = request.query["per_page"].flatMap { Int($0) } ?? 30
        return asked < 1 ? 30 : min(100, asked)
    }

    /// `page`, from 1.
    var page: Int { max(1, request.query["page"].flatMap { Int($0) } ?? 1) }

    /// The body, which has to be an object.
    func object() throws(GitHubError) -> [String: JSONValue] {
        guard let body = JSONValue(parsing: request.body) else { throw .noJSON }
        guard let object = body.object else { throw .noObject }
        return object
    }
}
