import FoundationEssentials
import ModelInfo

/// Why a call to a gist host did not do what was asked: the kinds that are handled differently, and no more.
///
/// `String`s are what the host or the system said, for people; they never hold a token.
public enum GistFailure: Error, Equatable, Sendable {
    /// 404: not there, not ours, or a token without the scope (GitHub hides that behind a 404 on writes).
    case notFound(String)
    /// 410, 451 or a 403 with a `block`: taken down.
    case takenDown(String)
    /// 401, no token at all, or an account that is suspended.
    case notSignedIn(String)
    /// 403 for good, or a 404 that hides one: a missing permission or scope.
    case forbidden(String)
    /// Over a primary or secondary limit, or logins are blocked after wrong tokens; nothing may be asked before `until` (nil: the host gave no time).
    case limited(until: Date?, String)
    /// 400, 413, 415, 422: the request itself is wrong; sending it again cannot help.
    case refused(String)
    /// 409, 5xx to a read, a connection that could not be made: nothing was done, later it may work.
    case unavailable(String)
    /// A write was sent and no answer came, or a 5xx did: it may or may not have been done. Only reading tells.
    case answerLost(String)
    /// The answer is not what this interface promises: HTML with 200, a truncated file that cannot be fetched whole.
    case nonsense(String)
    /// The gist is no longer what was last synced with it: somebody else wrote to it, and nothing is written over that.
    case foreignChange
    /// Cancelled from our side.
    case cancelled
}

extension GistFailure: CustomStringConvertible {
    public var description: String { said }

    /// What a person reads of it.
    var said: String {
        switch self {
        case .notFound(let said), .takenDown(let said), .notSignedIn(let said), .forbidden(let said), .limited(_, let said),
            .refused(let said), .unavailable(let said), .answerLost(let said), .nonsense(let said):
            said
        case .foreignChange: "somebody else changed the gist meanwhile"
        case .cancelled: "it was interrupted"
        }
    }

    /// The same about a request that was not even sent.
    var withoutDoubt: GistFailure {
        switch self {
        case .answerLost(let said), .nonsense(let said): .unavailable(said)
        default: self
        }
    }

    /// What it means about a gist of GitHub that could be read a moment ago: it is not gone, GitHub hides behind the same answer that the
    /// token may not write to it.
    func aboutWriting(to id: GistID) -> GistFailure {
        guard case .notFound = self, !id.isLocal else { return self }
        return .forbidden(
            "gist \(id) can be read, and the host lets nobody with this token write to it: it belongs to another account, or the token may not write gists"
        )
    }

    /// Whether a write that failed so may have been carried out all the same.
    var mayHaveBeenDone: Bool {
        switch self {
        case .answerLost, .nonsense, .cancelled: true
        default: false
        }
    }

    /// Whether it is about the host or the credentials as a whole: no other request would fare better now.
    var closesHost: Bool {
        switch self {
        case .limited, .notSignedIn: true
        default: false
        }
    }
}
