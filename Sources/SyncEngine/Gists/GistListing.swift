import FoundationEssentials
import ModelInfo

/// What is asked of ``GistHost/listing(_:)``: one page of one list.
public struct GistListingRequest: Equatable, Sendable {
    public enum Whose: Hashable, Sendable {
        /// Public and secret ones of the account that the credentials belong to.
        case own
        /// The public ones of that account.
        case of(login: String)
    }

    public var whose: Whose
    /// Only gists that changed at or after it, to the second; nil: all.
    public var since: Date?
    /// ``GistPage/validator`` of the last answer to the very same request: an unchanged list is then answered by a word.
    public var validator: String?
    /// ``GistPage/next`` of the page before; nil asks for the first one. Which list it goes on with, it says itself.
    public var cursor: String?

    public init(_ whose: Whose, since: Date? = nil, validator: String? = nil, cursor: String? = nil) {
        (self.whose, self.since, self.validator, self.cursor) = (whose, since, validator, cursor)
    }
}

/// What a host answers to a ``GistListingRequest``.
public enum GistListing: Equatable, Sendable {
    /// The page is the one that the request's validator stands for. GitHub does not count such an answer against its limit.
    case unchanged
    case page(GistPage)
}

/// Some gists of a list, the latest change first. While somebody changes gists, one may be on two pages of a list or on none:
/// that one is missing there does not prove it gone, only ``GistHost/read(_:)`` does.
public struct GistPage: Equatable, Sendable {
    /// At most 100.
    public var gists: [GistSummary]
    /// The ``GistListingRequest/cursor`` of the next page; nil when this one is the last.
    public var next: String?
    /// Nil when the host gives none.
    public var validator: String?

    public init(gists: [GistSummary], next: String?, validator: String?) {
        (self.gists, self.next, self.validator) = (gists, next, validator)
    }
}

/// One row of a listing, which never holds contents.
public struct GistSummary: Equatable, Sendable {
    public var id: GistID
    public var description: String
    public var isPublic: Bool
    public var owner: String?
    public var createdAt: Date
    public var updatedAt: Date

    public init(id: GistID, description: String, isPublic: Bool, owner: String?, createdAt: Date, updatedAt: Date) {
        (self.id, self.description, self.isPublic, self.owner) = (id, description, isPublic, owner)
        (self.createdAt, self.updatedAt) = (createdAt, updatedAt)
    }
}

extension GistHost {
    /// One request for every hundred gists.
    public func own(since: Date) async throws(GistFailure) -> [GistSummary] {
        var request = GistListingRequest(.own, since: since)
        var found: [GistID: GistSummary] = [:]
        for _ in 0..<GistListingRequest.largestPageCount {
            guard case .page(let page) = try await listing(request) else { break }
            // A page may repeat the end of the one before when a gist was made meanwhile.
            for gist in page.gists { found[gist.id] = gist }
            request.cursor = page.next
            guard page.next != nil else { break }
        }
        guard request.cursor == nil else {
            throw .nonsense("listing the own gists: more than \(GistListingRequest.largestPageCount) pages")
        }
        return found.values.sorted { ($0.updatedAt, $0.id) > ($1.updatedAt, $1.id) }
    }
}

extension GistListingRequest {
    /// Pages of a hundred: 30,000 gists.
    static let largestPageCount = 300
    /// Gists on a page, the most that GitHub gives.
    static let pageSize = 100

    /// ``since`` as hosts keep time, in whole seconds; nil for all.
    var earliest: Date? {
        guard let since else { return nil }
        let earliest = Date(timeIntervalSince1970: since.timeIntervalSince1970.rounded(.down))
        // Before there were gists (2008) there is nothing to ask for.
        return earliest > Date(timeIntervalSince1970: 1_199_145_600) ? earliest : nil
    }
}
