import ControlProtocol
import FoundationEssentials
import NIOHTTP1

/// Finds the route of a request.
struct RouteTable: Sendable {
    enum Match: Sendable {
        case found(Route, parameters: [String: String], query: [String: String])
        /// The path exists: what may be asked of it, as an `Allow` header says it.
        case otherMethods(allow: String)
    }

    private let routes: [Route]

    init(_ routes: [Route]) { self.routes = routes }

    /// - Throws: `badRequest` when the target cannot be understood, `noSuchRoute` when nothing has that path.
    func match(_ method: HTTPMethod, target: String) throws(ControlError) -> Match {
        let (path, query) = try Self.parse(target)
        let fitting = routes.compactMap { route in route.parameters(in: path).map { (route: route, parameters: $0) } }
        guard !fitting.isEmpty else {
            throw ControlError(.noSuchRoute, "there is no \(shown(target)) here", hint: "GET /v1 tells what there is")
        }
        // HEAD is answered as GET, and the body is left out where it is sent.
        if let hit = fitting.first(where: { $0.route.method == method || method == .HEAD && $0.route.method == .GET }) {
            return .found(hit.route, parameters: hit.parameters, query: query)
        }
        let methods = Set(fitting.flatMap { $0.route.method == .GET ? ["GET", "HEAD"] : [$0.route.method.rawValue] }).union(["OPTIONS"])
        return .otherMethods(allow: methods.sorted().joined(separator: ", "))
    }

    /// Whether the request is for a route that takes its body as it comes.
    func takesStream(_ head: HTTPRequestHead) -> Bool {
        guard case .found(let route, _, _)? = try? match(head.method, target: head.uri) else { return false }
        return route.takesStream
    }

    /// Splits a request target, in origin form (`/v1/x?y=z`) or absolute form (`http://any/v1/x`), into decoded parts.
    private static func parse(_ target: String) throws(ControlError) -> (path: [String], query: [String: String]) {
        let problem = ControlError(.badRequest, "the request's target \(shown(target)) is not understood")
        guard let parts = URLComponents(string: target, encodingInvalidCharacters: false), parts.fragment == nil else { throw problem }
        guard parts.scheme == nil ? parts.host == nil : parts.scheme == "http" else { throw problem }
        let raw = parts.percentEncodedPath
        guard raw.hasPrefix("/") else { throw problem }
        var path: [String] = []
        for segment in raw.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let text = String(segment).removingPercentEncoding, !text.utf8.contains(0) else { throw problem }
            path.append(text)
        }
        var query: [String: String] = [:]
        for item in parts.queryItems ?? [] {
            guard query.updateValue(item.value ?? "", forKey: item.name) == nil else {
                throw ControlError(.badRequest, "\(shown(item.name)) stands more than once in the query")
            }
        }
        return (path, query)
    }
}
