import Foundation

/// What a token may do.
public enum TokenAccess: Sendable, Equatable {
    /// Classic or OAuth: the scopes as `X-OAuth-Scopes` lists them.
    case scopes(Set<String>)
    /// Fine-grained: the permission Gists.
    case fineGrained(GistPermission)
}

/// The user permission Gists of a fine-grained token.
public enum GistPermission: Sendable { case none, read, write }

/// Somebody with gists.
struct GitHubAccount: Sendable {
    let login: String
    let number: Int
    var isSuspended = false
    let createdAt: Date
}

struct GitHubToken: Sendable {
    let login: String
    let access: TokenAccess
    let expiresAt: Date?

    var mayWriteGists: Bool {
        switch access {
        case .scopes(let scopes): scopes.contains("gist")
        case .fineGrained(let permission): permission == .write
        }
    }

    var maySeeSecretGists: Bool {
        switch access {
        case .scopes(let scopes): scopes.contains("gist")
        case .fineGrained(let permission): permission != .none
        }
    }
}

/// Who asks.
enum Requester: Sendable {
    case anonymous
    case account(GitHubAccount, GitHubToken)

    var login: String? {
        if case .account(let account, _) = self { account.login } else { nil }
    }
}
