import SystemPackage

/// Of every connection that zood opens.
public struct NetworkConfiguration: Equatable, Sendable {
    /// Nil: none; variables such as `https_proxy` are not read.
    public var proxy: ProxyAddress?
    /// Host names, or domains that begin with a dot, that are reached without the proxy.
    public var noProxy: [String] = []
    /// A PEM file of certificate authorities that replaces the system's.
    public var caFile: FilePath?
    /// An address or page of whom to ask about this server's requests; part of the User-Agent.
    public var contact: String?

    /// The defaults.
    public init() {}
}

extension NetworkConfiguration: ConfigurationSection {
    static var keys: [ConfigurationKey<NetworkConfiguration>] {
        [
            .nullable(
                "proxy", \.proxy,
                "`http://`, `https://`, `socks5://` or `socks5h://`, without a password. Variables such as `https_proxy` are not read."),
            .list("no_proxy", \.noProxy, "Host names, or domains that begin with a dot, that are reached without the proxy."),
            .nullable("ca_file", \.caFile, "A PEM file of certificate authorities to be trusted instead of the system's."),
            .nullable("contact", \.contact, "Whom to ask about this server's requests, e.g. an e-mail address; goes into the User-Agent."),
        ]
    }
}
