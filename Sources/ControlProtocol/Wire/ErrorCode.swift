/// The stable words for why something was refused or failed. `docs/troubleshooting.md` explains each; none is ever renamed.
public enum ErrorCode: String, Hashable, Sendable, CaseIterable {
    // The request.
    case badRequest = "bad-request"
    case noSuchRoute = "no-such-route"
    case methodNotAllowed = "method-not-allowed"
    case tooLarge = "too-large"
    case noSuchModel = "no-such-model"
    /// Several zoos hold that id; `ZOO:ID` tells them apart.
    case ambiguousModel = "ambiguous-model"
    case noSuchJob = "no-such-job"
    case noSuchVersion = "no-such-version"
    /// Of the trash.
    case noSuchItem = "no-such-item"
    case notPermitted = "not-permitted"

    // The model.
    case invalidInfo = "invalid-info"
    case conflict
    /// Not published; the message says why.
    case held
    case secretFound = "secret-found"
    case gistGone = "gist-gone"
    /// The gist belongs to someone else.
    case gistReadOnly = "gist-read-only"
    /// The URL may not or cannot be fetched.
    case blocked
    case verificationFailed = "verification-failed"
    /// A file of the trash cannot go back: its place is taken, gone or not known.
    case noPlace = "no-place"
    /// The zoo, or this file of it, is not to be written.
    case readOnly = "read-only"

    // The machine and the network.
    case noSpace = "no-space"
    case network
    case hostRefused = "host-refused"
    case rateLimited = "rate-limited"
    /// The gist host does not take the token, or there is none.
    case notSignedIn = "not-signed-in"

    // The work.
    case failed
    case someFailed = "some-failed"
    case cancelled
    case timedOut = "timed-out"
    case paused
    case tooManyRequests = "too-many-requests"
    case configurationInvalid = "configuration-invalid"
    case shuttingDown = "shutting-down"
    case `internal`

    // Said by zooctl itself.
    case usage
    case notReachable = "not-reachable"
    /// The socket may not be connected to.
    case socketRefused = "socket-refused"
    /// What answers on the socket is not zood, or one of another age.
    case notZood = "not-zood"
    case interrupted

    /// The HTTP status of an answer that carries this code.
    public var httpStatus: Int {
        switch self {
        case .badRequest, .usage: 400
        case .notPermitted, .socketRefused: 403
        case .noSuchRoute, .noSuchModel, .noSuchJob, .noSuchVersion, .noSuchItem: 404
        case .methodNotAllowed: 405
        case .conflict, .held, .ambiguousModel, .gistReadOnly, .readOnly, .noPlace, .paused, .cancelled: 409
        case .gistGone: 410
        case .tooLarge: 413
        case .invalidInfo, .secretFound, .blocked, .verificationFailed, .configurationInvalid: 422
        case .tooManyRequests: 429
        case .failed, .someFailed, .internal, .interrupted: 500
        case .network, .hostRefused, .notSignedIn, .notZood: 502
        case .rateLimited, .shuttingDown, .notReachable: 503
        case .timedOut: 504
        case .noSpace: 507
        }
    }

    /// What a program that ends because of it exits with.
    public var exitStatus: ExitStatus {
        switch self {
        case .badRequest, .usage, .tooLarge: .usage
        case .noSuchModel, .ambiguousModel, .noSuchJob, .noSuchVersion, .noSuchItem: .noSuchModel
        case .notPermitted, .socketRefused: .notPermitted
        case .notReachable, .notZood, .shuttingDown: .notReachable
        case .invalidInfo: .invalidInfo
        case .conflict, .held, .secretFound, .gistGone, .gistReadOnly, .blocked, .readOnly, .noPlace, .paused: .needsPerson
        case .verificationFailed: .verificationFailed
        case .noSpace: .noSpace
        case .network, .hostRefused, .rateLimited, .notSignedIn: .network
        case .someFailed: .someFailed
        case .timedOut: .timedOut
        case .interrupted: .interrupted
        case .noSuchRoute, .methodNotAllowed, .failed, .cancelled, .tooManyRequests, .configurationInvalid, .internal: .failed
        }
    }
}

extension ErrorCode: Codable {
    /// A word that this version does not know is ``failed``: a newer daemon must not make its own errors unreadable.
    public init(from decoder: any Decoder) throws {
        self = ErrorCode(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .failed
    }
}
