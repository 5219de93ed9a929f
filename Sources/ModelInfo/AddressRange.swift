/// A range of addresses in CIDR notation, or a single address.
public struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let first: IPAddress
    private let prefixLength: Int

    /// - Parameter text: `10.0.0.0/8`, `fd00::/8`, `192.168.1.7`. Nil for anything else, and for bits set behind the prefix
    ///   (`10.1.0.0/8`): whoever wrote that meant something else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !text.contains("%"), let address = IPAddress(parts[0]) else { return nil }
        let bits = address.isIPv6 ? 128 : 32
        guard parts.count == 1 || parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard let length = parts.count == 1 ? bits : Int(parts[1]), (0...bits).contains(length) else { return nil }
        (first, prefixLength) = (address, length)
        guard network(of: address) << UInt128(bits - length) == address.value else { return nil }
    }

    /// Addresses of the other family never are in it.
    public func contains(_ address: IPAddress) -> Bool {
        address.isIPv6 == first.isIPv6 && network(of: address) == network(of: first)
    }

    /// The bits before the prefix's end. A shift by all 128 gives 0, as wanted.
    private func network(of address: IPAddress) -> UInt128 {
        address.value >> UInt128((first.isIPv6 ? 128 : 32) - prefixLength)
    }

    /// In CIDR notation, a single address too.
    public var description: String { "\(first)/\(prefixLength)" }
}
