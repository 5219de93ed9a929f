import ModelInfo

/// What GitHub was asked to do.
enum GitHubAction: CustomStringConvertible {
    case create, account
    case list(GistListingRequest.Whose)
    /// A file whose beginning only was in the gist.
    case file(String)
    case read(GistID), update(GistID), delete(GistID)
    case readAt(GistID, revision: String)
    case revisions(GistID)

    /// Whether an answer that is missing leaves open what was done.
    var isWrite: Bool {
        switch self {
        case .create, .update, .delete: true
        case .list, .account, .file, .read, .readAt, .revisions: false
        }
    }

    /// Whether a revision that is not there is asked for by name: GitHub answers a 404 or a 422 then.
    var namesRevision: Bool {
        if case .readAt = self { true } else { false }
    }

    var description: String {
        switch self {
        case .create: "making a gist"
        case .file(let name): "fetching the whole of file '\(name)'"
        case .list(.own): "listing the own gists"
        case .list(.of(let login)): "listing the gists of \(login)"
        case .account: "asking whose token it is"
        case .read(let id): "reading gist \(id)"
        case .readAt(let id, let revision): "reading revision \(revision) of gist \(id)"
        case .revisions(let id): "reading the history of gist \(id)"
        case .update(let id): "changing gist \(id)"
        case .delete(let id): "deleting gist \(id)"
        }
    }
}
