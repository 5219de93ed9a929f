import NIOCore
import NIOHTTP1

/// Bounds on what clients may take.
public struct ControlLimits: Sendable {
    /// Connections at once, all users together; root is exempt.
    public var connections = 64
    /// Connections of one user at once; root is exempt.
    public var connectionsPerUser = 16
    /// Of a request's header fields together, and of its target.
    public var headerByteCount = 64 << 10
    /// Of a request's body.
    public var bodyByteCount = 1 << 20
    /// From accepting, or from the last answer, to the end of a request's header.
    public var headerTimeout = Duration.seconds(30)
    /// From a request's header to the end of its body.
    public var bodyTimeout = Duration.seconds(30)
    /// How long a client may send nothing of a body that comes in pieces.
    public var uploadStallTimeout = Duration.seconds(60)
    /// How long a client may leave an answer untaken.
    public var writeTimeout = Duration.seconds(30)
    /// From the order to stop until what is still open is cut.
    public var shutdownTimeout = Duration.seconds(2)

    /// The bounds that zood runs with.
    public init() {}

    var decoder: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headerByteCount
        limits.maxHeaderListSize = headerByteCount
        limits.maxHeaderFieldCount = 100
        return limits
    }
}
