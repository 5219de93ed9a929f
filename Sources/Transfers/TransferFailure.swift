import ModelInfo
import SystemIO

/// Why a request or a download did not end well: the kinds that are handled differently, and whether the request can have had an effect.
public struct TransferFailure: Error, Equatable, Sendable {
    /// Texts are for people; they never hold a token, and URLs in them never a password.
    public enum Reason: Equatable, Sendable {
        /// Not a URL, one with a user name or password in it, or a request that cannot be sent as it is.
        case badURL(String)
        /// The host is, or resolved to, an address that may not be reached. Nothing was sent to it.
        case refusedAddress(IPAddress, host: String)
        /// Neither https nor, where that is allowed, http.
        case refusedScheme(String)
        /// More than ``RedirectRules/maximumCount``, or one without a usable `Location`.
        case tooManyRedirects
        /// A redirect from https to http.
        case downgrade(to: String)
        /// A redirect to a place that this request may not follow (another origin, for what carries a token).
        case refusedRedirect(to: String)
        /// The name (of the host or of the proxy) has no address, or no name server answered.
        case resolve(String)
        /// No connection could be made.
        case connect(String)
        /// The certificate or the handshake.
        case tls(String)
        /// The deadline of the whole request passed.
        case timedOut
        /// No byte came for so long.
        case stalled(after: Duration)
        /// The server answered a download with this status. `excerpt` is the beginning of the body, at most 2 KiB, for people.
        case httpStatus(Int, retryAfter: Duration?, excerpt: String)
        /// Writing, syncing or reading our own file failed.
        case disk(SystemError)
        /// More bytes than the limit; `byteCount` is what the server announced, or what had come when the limit was passed.
        case tooLarge(byteCount: Int64)
        /// Our own file was changed by somebody else while it grew.
        case changedMeanwhile
        /// Fewer bytes came than the server had announced.
        case truncated
        /// The connection broke, or the answer was no HTTP.
        case connectionLost(String)
        /// Cancelled from our side.
        case cancelled
        /// Refused by the caller's own check when the answer began.
        case declined(String)
        case other(String)
    }

    /// What went wrong.
    public let reason: Reason
    /// Whether the request may have reached the server, so that it may have been carried out although the answer is missing.
    /// False only when it certainly was not: nothing was sent, or the server answered that it did not do it.
    public let requestWasSent: Bool

    /// - Parameter requestWasSent: False where nothing can have reached the server.
    public init(_ reason: Reason, requestWasSent: Bool = false) {
        (self.reason, self.requestWasSent) = (reason, requestWasSent)
    }
}

extension TransferFailure: CustomStringConvertible {
    /// For people: the reason.
    public var description: String { reason.description }
}

extension TransferFailure.Reason: CustomStringConvertible {
    /// For people: what happened and where, in a clause without a full stop.
    public var description: String {
        switch self {
        case .badURL(let why): why
        case .refusedAddress(let address, let host):
            host == address.description
                ? "\(host) is a private or reserved address"
                : "\(host) has the private or reserved address \(address)"
        case .refusedScheme(let scheme): "'\(scheme)' URLs are not fetched"
        case .tooManyRedirects: "more than \(RedirectRules.maximumCount) redirects, or one that leads nowhere"
        case .downgrade(let url): "redirected from https to \(url)"
        case .refusedRedirect(let url): "redirected to \(url), another server"
        case .resolve(let what), .connect(let what), .tls(let what), .connectionLost(let what), .declined(let what), .other(let what): what
        case .timedOut: "no complete answer in time"
        case .stalled(let after): "no byte for \(after.components.seconds) s"
        case .httpStatus(let code, _, _): "the server answered \(code)"
        case .disk(let error): "\(error)"
        case .tooLarge(let byteCount): "larger than allowed (\(byteCount) bytes)"
        case .changedMeanwhile: "the unfinished file was changed here while it was fetched"
        case .truncated: "the answer ended early"
        case .cancelled: "cancelled"
        }
    }
}
