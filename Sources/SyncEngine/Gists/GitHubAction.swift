import ModelInfo

/// What GitHub was asked to do.
enum GitHubAction: CustomStringConvertible {
    case create, list, account
    /// A file whose beginning only was in the gist.
    case file(String)
    case read(GistID), update(GistID), delete(GistID)

    /// Whether an answer that is missing leaves open what was done.
    var isWrite: Bool {
        switch self {
        case .create, .update, .delete: true
        case .list, .account, .file, .read: false
        }
    }

    var description: String {
        switch self {
        case .create: "making a gist"
        case .file(let name): "fetching the whole of file '\(name)'"
        case .list: "listing the own gists"
        case .account: "asking whose token it is"
        case .read(let id): "reading gist \(id)"
        case .update(let id): "changing gist \(id)"
        case .delete(let id): "deleting gist \(id)"
        }
    }
}
