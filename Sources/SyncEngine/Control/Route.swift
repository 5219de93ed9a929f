import ControlProtocol
import NIOHTTP1

/// One thing that the control API can do: a method, a path, who may, and the work.
public struct Route: Sendable {
    /// Does the work, off the event loop; it may take as long as it needs and is cancelled when the client goes away.
    /// - Throws: `ControlError` is answered as it is; anything else is logged and answered as `internal`.
    public typealias Handler = @Sendable (ControlRequest) async throws -> ControlResponse

    let method: HTTPMethod
    let segments: [Segment]
    let access: PeerGate.Access
    /// The word for the log: the last fixed part of the path, such as `sync`.
    let verb: String
    /// Whether the body comes as ``ControlRequest/upload``, in pieces and of any size.
    let takesStream: Bool
    let handler: Handler

    enum Segment: Equatable, Sendable {
        case fixed(String)
        /// Takes one segment, percent-decoded, so that it may hold slashes.
        case parameter(String)
    }

    /// - Parameters:
    ///   - pattern: Such as `/v1/models/{id}/sync`; each part is fixed, or a name in braces.
    ///   - access: Who may.
    ///   - verb: What the log calls it; nil: the last fixed part of the path.
    ///   - takesStream: Whether the body comes in pieces, and may be of any size.
    public init(
        _ method: HTTPMethod, _ pattern: String, requires access: PeerGate.Access, verb: String? = nil, takesStream: Bool = false,
        handler: @escaping Handler
    ) {
        segments = pattern.split(separator: "/").map { part in
            part.first == "{" && part.last == "}" ? .parameter(String(part.dropFirst().dropLast())) : .fixed(String(part))
        }
        let fixed = segments.compactMap { if case .fixed(let text) = $0 { text } else { nil } }
        (self.method, self.access, self.takesStream, self.handler) = (method, access, takesStream, handler)
        self.verb = verb ?? fixed.last ?? pattern
    }

    /// The parameters when the path fits, else nil.
    /// - Parameter path: Decoded segments.
    func parameters(in path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, text) in zip(segments, path) {
            switch segment {
            case .fixed(let expected): guard text == expected else { return nil }
            case .parameter(let name): parameters[name] = text
            }
        }
        return parameters
    }
}
