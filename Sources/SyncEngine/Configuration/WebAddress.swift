import FoundationEssentials
import ModelInfo
import Transfers

/// An `https://` address that the configuration itself names; `http://` only where the key says so or the host is loopback.
///
/// It holds no user, password, query or fragment, and no `/` at its end.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// As written, without slashes at the end.
    public let description: String

    /// For addresses that stand in this program.
    init(known text: String) { description = text }

    init(configured text: String, schemes: Set<String>) throws(ValueProblem) {
        _ = try String(configured: text)
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, let host = parts.host, !host.isEmpty else {
            throw ValueProblem("is no web address; write e.g. https://example.org/path")
        }
        guard parts.user == nil, parts.password == nil else { throw ValueProblem("holds a user name or password, which has no place here") }
        guard parts.query == nil, parts.fragment == nil else { throw ValueProblem("has a query or a fragment") }
        guard schemes.contains(scheme) || (scheme == "http" && Self.isLoopback(host)) else {
            throw ValueProblem("begins with \(scheme)://, which is not allowed here; write \(schemes.sorted().joined(separator: ", "))://…")
        }
        var trimmed = Substring(text)
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        description = String(trimmed)
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || IPAddress(host.filter { !"[]".contains($0) })?.isLoopback == true
    }
}

extension WebAddress: ConfigurationValue {
    static var kind: String { "https address" }

    init(configured text: String) throws(ValueProblem) { try self.init(configured: text, schemes: ["https"]) }

    var configured: String { description }
}

/// A proxy: `http://host:port`, `https://…`, `socks5://…` or `socks5h://…`, without a password.
public struct ProxyAddress: Hashable, Sendable {
    /// As written, without slashes at the end.
    public let url: String
}

extension ProxyAddress: ConfigurationValue {
    static var kind: String { "proxy address" }

    init(configured text: String) throws(ValueProblem) {
        url = try WebAddress(configured: text, schemes: ["http", "https", "socks5", "socks5h"]).description
    }

    var configured: String { url }
}

/// Where a mirror keeps a binary: an http or https address with `{sha1}`, `{sha256}`, `{file}` or `{model}` to be filled in.
public struct MirrorTemplate: Hashable, Sendable {
    /// As written.
    public let template: String

    /// Placeholders, without braces.
    static let placeholders = ["sha1", "sha256", "file", "model"]
}

extension MirrorTemplate: ConfigurationValue {
    static var kind: String { "address template" }

    init(configured text: String) throws(ValueProblem) {
        var rest = text
        for name in Self.placeholders { rest = rest.replacing("{\(name)}", with: "x") }
        guard !rest.contains("{"), !rest.contains("}") else {
            let known = Self.placeholders.map { "{\($0)}" }.joined(separator: ", ")
            throw ValueProblem("has a placeholder that is none of \(known)")
        }
        guard rest != text else { throw ValueProblem("has no placeholder, so every binary would be the same; write e.g. …/{sha1}/{file}") }
        _ = try WebAddress(configured: rest, schemes: ["https", "http"])
        template = text
    }

    var configured: String { template }
}

extension AddressRange: ConfigurationValue {
    static var kind: String { "address range" }

    init(configured text: String) throws(ValueProblem) {
        guard let range = AddressRange(text) else {
            throw ValueProblem("is no address range; write e.g. 10.0.0.0/8, without bits behind the prefix")
        }
        self = range
    }

    var configured: String { description }
}
