import FoundationEssentials
import ModelInfo

/// A gist as GitHub's REST API answers it. Only what is used; everything may be missing or null, as it has been seen to be.
struct GitHubGist: Decodable {
    let id: String?
    let description: String?
    let `public`: Bool?
    let owner: GitHubUser?
    let htmlURL: String?
    let gitPullURL: String?
    let createdAt: String?
    let updatedAt: String?
    let files: [String: GitHubFile?]?
    /// More files (over 300) than are listed.
    let truncated: Bool?
    /// Newest first. No longer part of the gist from API version 2026-03-10 on.
    let history: [GitHubRevision]?

    enum CodingKeys: String, CodingKey {
        case id, description, `public`, owner, files, truncated, history
        case htmlURL = "html_url"
        case gitPullURL = "git_pull_url"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension GitHubGist {
    /// As a row of a listing; nil without an id that can be used.
    var summary: GistSummary? {
        guard let id = id.flatMap({ GistID(bare: $0) }) else { return nil }
        let updatedAt = GitHubTime.date(updatedAt) ?? .distantPast
        return GistSummary(
            id: id, description: description ?? "", isPublic: `public` ?? false, owner: owner?.login,
            createdAt: GitHubTime.date(createdAt) ?? updatedAt, updatedAt: updatedAt)
    }
}

/// One file of a gist.
struct GitHubFile: Decodable, Equatable {
    let filename: String?
    let rawURL: String?
    /// Bytes.
    let size: Int?
    /// Only the beginning of the content is given; the whole is at `rawURL`.
    let truncated: Bool?
    let content: String?
    /// `utf-8`, or `base64` for bytes that are no text.
    let encoding: String?

    enum CodingKeys: String, CodingKey {
        case filename, size, truncated, content, encoding
        case rawURL = "raw_url"
    }
}

struct GitHubUser: Decodable {
    let login: String?
}

struct GitHubRevision: Decodable {
    /// The git commit, 40 hex.
    let version: String?
    let committedAt: String?
    let user: GitHubUser?

    enum CodingKeys: String, CodingKey {
        case version, user
        case committedAt = "committed_at"
    }

    /// ``version``, when it is one.
    var revision: String? { version.flatMap { SHA1Digest(hex: $0) }?.description }
}

/// Which revision a gist is, and which one was before it.
struct GitHubPlace {
    /// Nil: not told.
    private(set) var revision: String?
    /// Nil: the first one, or not told.
    private(set) var parent: String?

    static let unknown = GitHubPlace(newestOf: nil)

    /// - Parameter history: Newest first, two entries at least where there are two.
    init(newestOf history: [GitHubRevision]?) {
        revision = history?.first?.revision
        parent = revision == nil ? nil : history?.dropFirst().first?.revision
    }

    /// - Parameter history: Which may begin with later revisions, or not hold this one at all.
    init(of revision: String, in history: [GitHubRevision]?) {
        self.revision = revision
        parent = history?.drop { $0.revision != revision }.dropFirst().first?.revision
    }
}

/// The body of `POST /gists`.
struct GitHubDraftBody: Encodable {
    let description: String
    let `public`: Bool
    let files: [String: GitHubContentBody]

    init(_ draft: GistDraft) {
        (description, `public`) = (draft.description, draft.isPublic)
        files = draft.files.mapValues(GitHubContentBody.init)
    }
}

/// The body of `PATCH /gists/ID`; a file that is null is taken out.
struct GitHubChangeBody: Encodable {
    let description: String?
    let files: [String: GitHubContentBody?]?

    init(_ change: GistChange) {
        description = change.description
        files = change.files.isEmpty ? nil : change.files.mapValues { $0.map(GitHubContentBody.init) }
    }
}

struct GitHubContentBody: Encodable {
    let content: String
}

/// GitHub's times: `2013-04-08T18:46:15Z`.
enum GitHubTime {
    static func date(_ text: String?) -> Date? { text.flatMap { try? Date($0, strategy: .iso8601) } }

    static func text(_ date: Date) -> String { date.formatted(.iso8601) }

    /// As `github-authentication-token-expiration` writes it: `2026-12-24 08:12:00 UTC`. Nil for anything else.
    static func expiration(_ header: String?) -> Date? {
        guard let words = header?.split(separator: " "), words.count == 3, words[2] == "UTC" || words[2] == "+0000" else { return nil }
        return date("\(words[0])T\(words[1])Z")
    }
}
