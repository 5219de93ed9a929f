import FoundationEssentials
import ModelInfo

/// A service that keeps gists. One contract suite holds every implementation to the same rules.
///
/// None of the calls retries, waits or judges: they do one thing and say what came of it. Retrying, backing off and rate
/// limits are `Outcome`'s business, in one place.
public protocol GistHost: Sendable {
    var kind: GistHostKind { get }
    /// Whether there are credentials. Without, only what everybody may see is read.
    var isSignedIn: Bool { get }

    /// Makes a new gist. After ``GistFailure/answerLost(_:)`` it may or may not exist: only ``own(since:)`` tells.
    func create(_ draft: GistDraft) async throws(GistFailure) -> Gist
    /// The newest revision, every file whole, whatever its size.
    func read(_ id: GistID) async throws(GistFailure) -> Gist
    /// Changes what is named, leaves the rest. There is no precondition: read right before.
    func update(_ id: GistID, _ change: GistChange) async throws(GistFailure) -> Gist
    /// Only `zooctl unpublish` ever asks for it.
    func delete(_ id: GistID) async throws(GistFailure)
    /// One revision, every file whole. Where descriptions have no history (GitHub), the description is the newest one.
    /// - Parameter revision: 40 hex digits.
    func read(_ id: GistID, at revision: String) async throws(GistFailure) -> Gist
    /// The newest revisions, newest first.
    /// - Parameter limit: 1 to 100; what is beyond is taken for the nearest.
    func revisions(of id: GistID, limit: Int) async throws(GistFailure) -> [HostedRevision]
    /// One page of a list, by one request.
    func listing(_ request: GistListingRequest) async throws(GistFailure) -> GistListing
    /// All own gists that changed at or after `since`, every page, newest first.
    func own(since: Date) async throws(GistFailure) -> [GistSummary]
    /// Whose gists these are, and what the credentials may do.
    func account() async throws(GistFailure) -> GistAccount
}

extension GistHost {
    /// The local host needs none.
    public var isSignedIn: Bool { true }
}

public enum GistHostKind: String, Sendable, Codable { case local, github }

/// What is sent to make a gist.
public struct GistDraft: Equatable, Sendable {
    public var description: String
    public var isPublic: Bool
    /// File name to content. At least one, none of them empty or blank.
    public var files: [String: String]

    public init(description: String, isPublic: Bool, files: [String: String]) {
        (self.description, self.isPublic, self.files) = (description, isPublic, files)
    }
}

/// What is sent to change one: only what differs.
public struct GistChange: Equatable, Sendable {
    /// Nil leaves it.
    public var description: String?
    /// New content by name; `.some(nil)` takes the file out of the gist.
    public var files: [String: String?]

    public init(description: String? = nil, files: [String: String?] = [:]) {
        (self.description, self.files) = (description, files)
    }
}

/// One gist at one revision.
public struct Gist: Equatable, Sendable {
    public var id: GistID
    public var description: String
    public var isPublic: Bool
    /// Login of the owner; nil for an anonymous gist and for the local host.
    public var owner: String?
    /// The git commit that this is: 40 hex. Nil when the host did not say.
    public var revision: String?
    /// The revision before this one: 40 hex. Nil for the first one, and when the host did not say.
    public var parent: String?
    /// For people: the page of the gist, or the path of its repository.
    public var url: String
    public var updatedAt: Date
    /// Text by name.
    public var files: [String: String]
    /// Names of files whose bytes are no UTF-8: they can be neither read nor kept by this host's interface.
    public var notText: Set<String>
    /// What looking at the result of a write met, where that concerns every request. The write itself is done.
    public var afterwards: GistFailure?

    public init(
        id: GistID, description: String, isPublic: Bool, owner: String?, revision: String?, parent: String? = nil,
        url: String, updatedAt: Date, files: [String: String], notText: Set<String> = []
    ) {
        (self.id, self.description, self.isPublic, self.owner) = (id, description, isPublic, owner)
        (self.revision, self.parent, self.url, self.updatedAt) = (revision, parent, url, updatedAt)
        (self.files, self.notText) = (files, notText)
    }
}

/// That a gist was once at this revision.
public struct HostedRevision: Equatable, Sendable {
    /// The git commit: 40 hex.
    public var revision: String
    /// In the distant past when the host does not say.
    public var at: Date
    /// Login at GitHub, the commit's author on the local host; nil when the host does not say.
    public var author: String?

    public init(revision: String, at: Date, author: String?) {
        (self.revision, self.at, self.author) = (revision, at, author)
    }
}

/// Who the credentials belong to.
public struct GistAccount: Equatable, Sendable {
    /// Nil for the local host.
    public var login: String?
    /// What an OAuth or classic token may do; nil where the host does not say (fine-grained tokens, the local host).
    public var scopes: Set<String>?
    /// Nil when it does not expire or the host does not say.
    public var tokenExpiresAt: Date?
    /// The time by the host's clock, in whole seconds; nil when the host does not say.
    public var hostTime: Date?

    public init(login: String?, scopes: Set<String>? = nil, tokenExpiresAt: Date? = nil, hostTime: Date? = nil) {
        (self.login, self.scopes, self.tokenExpiresAt, self.hostTime) = (login, scopes, tokenExpiresAt, hostTime)
    }
}
