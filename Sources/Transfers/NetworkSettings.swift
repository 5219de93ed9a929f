import ModelInfo

/// How the outside is reached: for the API, for downloads and for git alike.
public struct NetworkSettings: Sendable, Equatable {
    /// `http://HOST:PORT` or another URL that libcurl takes for a proxy; nil connects directly. The environment is never asked.
    public var proxy: String?
    /// Hosts reached without the proxy: a name stands for itself and for what is below it, `*` for every host, and a range
    /// (`10.0.0.0/8`) for the literal addresses in it. This machine itself is never reached through a proxy.
    public var noProxy: [String]
    /// Absolute path of a PEM file with the certificates to trust instead of the system's; nil: the system's.
    public var caFile: String?
    /// Sent with every request; GitHub answers 403 without one.
    public var userAgent: String

    /// Direct connections, the system's certificates.
    public init(proxy: String? = nil, noProxy: [String] = [], caFile: String? = nil, userAgent: String = "zood") {
        (self.proxy, self.noProxy, self.caFile, self.userAgent) = (proxy, noProxy, caFile, userAgent)
    }

    /// The proxy that a request to `url` goes through; nil: none.
    public func proxy(for url: HTTPURL) -> String? {
        guard let proxy, !proxy.isEmpty, !url.isThisMachine else { return nil }
        return noProxy.contains { exempts($0, url) } ? nil : proxy
    }

    private func exempts(_ rule: String, _ url: HTTPURL) -> Bool {
        if rule == "*" { return true }
        if let address = url.address { return AddressRange(rule)?.contains(address) ?? false }
        let name = (rule.hasPrefix(".") ? String(rule.dropFirst()) : rule).lowercased()
        return url.host == name || url.host.hasSuffix("." + name)
    }
}
