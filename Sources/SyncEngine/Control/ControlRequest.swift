import ControlProtocol
import SystemIO

/// A whole request, with the peer that sent it as the kernel names it.
public struct ControlRequest: Sendable {
    /// Who asks: taken once, when the connection was accepted.
    public let peer: PeerCredentials
    /// The values of the pattern's `{names}`, percent-decoded; they may hold anything but NUL.
    public let parameters: [String: String]
    /// Percent-decoded; a key without `=` has the value "".
    public let query: [String: String]
    /// At most `ControlLimits.bodyByteCount` bytes.
    public let body: [UInt8]
    /// The body of a route that takes it as it comes; nil for all others.
    var upload: Upload?

    /// Reads the body as JSON, times as RFC 3339; an absent body counts as `{}`.
    /// - Throws: `badRequest`, with the place in the document.
    public func decode<Value: Decodable>(_ type: Value.Type) throws(ControlError) -> Value {
        do { return try ControlCoding.decode(type, from: body.isEmpty ? Array("{}".utf8) : body) } catch let error as DecodingError {
            throw ControlError(.badRequest, "the body is not what is expected here: \(Self.explain(error))")
        } catch {
            throw ControlError(.badRequest, "the body is no JSON")
        }
    }

    private static func explain(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? shown($0.stringValue) }.joined(separator: ".")
            return path.isEmpty ? "" : "\(path): "
        }
        return switch error {
        case .keyNotFound(let key, let context): "\(place(context))'\(key.stringValue)' is missing"
        case .typeMismatch(let type, let context): "\(place(context))has to be \(type)"
        case .valueNotFound(let type, let context): "\(place(context))has to be \(type), not null"
        case .dataCorrupted(let context): "\(place(context))\(shown(context.debugDescription))"
        @unknown default: "it cannot be decoded"
        }
    }
}
