/// Which addresses a URL from a readme or a gist may reach: that text is hostile, and this machine's network is not the writer's.
public struct AddressPolicy: Hashable, Sendable {
    /// Ranges that may be reached although they are private or reserved.
    public var allowed: [AddressRange]

    /// - Parameter allowed: Exceptions from what is refused.
    public init(allowed: [AddressRange] = []) { self.allowed = allowed }

    /// Every address there is: for those who leave the judgement to others.
    public static let unrestricted = AddressPolicy(allowed: [AddressRange("0.0.0.0/0")!, AddressRange("::/0")!])

    /// Public addresses, and what ``allowed`` names.
    public func allows(_ address: IPAddress) -> Bool {
        allowed.contains { $0.contains(address) } || !Self.reserved.contains { $0.contains(address) }
    }

    /// The refused address that a URL's host certainly means, whatever a name server may say of other names; nil when there is none.
    /// - Parameter host: In lower case; an IPv6 address in brackets.
    func refusedAddress(ofHost host: String) -> IPAddress? {
        let bare = host.hasPrefix("[") ? host.dropFirst().dropLast() : host[...]
        let address = IPAddress(hostOfURL: bare) ?? Self.address(ofName: bare)
        return address.flatMap { allows($0) ? nil : $0 }
    }

    /// What names mean everywhere: `localhost` and all below it (RFC 6761), the aliases that systems put into their hosts file, and the
    /// metadata service of Google's cloud.
    private static func address(ofName host: Substring) -> IPAddress? {
        let name = host.hasSuffix(".") ? host.dropLast() : host
        let loopback = ["localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"]
        if loopback.contains(String(name)) || name.hasSuffix(".localhost") { return IPAddress("127.0.0.1") }
        return name == "metadata.google.internal" ? IPAddress("169.254.169.254") : nil
    }

    /// Everything that is not the public internet, by the IANA registries of special-purpose addresses (RFC 6890 and later), and the
    /// metadata services of clouds that lie outside them.
    private static let reserved: [AddressRange] = [
        "0.0.0.0/8",  // this network, "unspecified"
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  // private
        "100.64.0.0/10",  // carrier-grade NAT, and a metadata service at 100.100.100.200
        "127.0.0.0/8",  // loopback
        "169.254.0.0/16",  // link-local, and most metadata services at 169.254.169.254
        "168.63.129.16",  // metadata service within public space
        "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15",  // protocols, examples, benchmarks
        "192.88.99.0/24",  // 6to4 relays
        "224.0.0.0/4", "240.0.0.0/4",  // multicast, reserved, broadcast
        "::/96",  // unspecified, loopback, IPv4-compatible
        "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",  // IPv4 in disguise: mapped, NAT64, Teredo, 6to4
        "100::/64", "2001:db8::/32",  // discard, examples
        "fc00::/7",  // private
        "fe80::/10", "fec0::/10",  // link-local, site-local
        "ff00::/8",  // multicast
    ].map { AddressRange($0)! }
}
