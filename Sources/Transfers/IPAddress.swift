import Glibc

/// An IPv4 or IPv6 address, as a number that can be compared with ranges.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Also for IPv4-mapped addresses: they are IPv6 ones.
    public let isIPv6: Bool
    /// 32 bits for IPv4, 128 for IPv6.
    let value: UInt128

    init(value: UInt128, isIPv6: Bool) { (self.value, self.isIPv6) = (value, isIPv6) }

    /// - Parameter text: Dotted quad or IPv6 text; a zone (`%eth0`) is dropped. Nil for anything else, names included.
    public init?(_ text: some StringProtocol) {
        let bare = String(text.prefix { $0 != "%" })
        var four = in_addr()
        var six = in6_addr()
        if unsafe inet_pton(AF_INET, bare, &four) == 1 {
            self.init(value: UInt128(UInt32(bigEndian: four.s_addr)), isIPv6: false)
        } else if unsafe inet_pton(AF_INET6, bare, &six) == 1 {
            let bytes = unsafe withUnsafeBytes(of: six) { unsafe Array($0) }
            self.init(value: bytes.reduce(0) { $0 << 8 | UInt128($1) }, isIPv6: true)
        } else {
            return nil
        }
    }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { isIPv6 ? value == 1 : value >> 24 == 127 }

    /// The canonical text (RFC 5952 for IPv6), without brackets.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isIPv6 {
            var bytes = value.bigEndian
            _ = unsafe inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
        } else {
            var bytes = UInt32(value).bigEndian
            _ = unsafe inet_ntop(AF_INET, &bytes, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
