/// An IPv4 or IPv6 address, as a number that can be compared with ranges.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Also for IPv4-mapped addresses: they are IPv6 ones.
    public let isIPv6: Bool
    /// 32 bits for IPv4, 128 for IPv6.
    let value: UInt128

    init(value: UInt128, isIPv6: Bool) { (self.value, self.isIPv6) = (value, isIPv6) }

    /// - Parameter text: Dotted quad or IPv6 text (RFC 4291, section 2.2); a zone (`%eth0`) is dropped. Nil for anything else, names included.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(Self.maximumByteCount + 1)).prefix { $0 != UInt8(ascii: "%") }
        guard (1...Self.maximumByteCount).contains(bytes.count) else { return nil }
        if bytes.contains(UInt8(ascii: ":")) {
            guard let value = Self.ipv6(bytes) else { return nil }
            self.init(value: value, isIPv6: true)
        } else {
            guard let value = Self.dottedQuad(bytes) else { return nil }
            self.init(value: UInt128(value), isIPv6: false)
        }
    }

    /// The address that programs take a URL's host for: also `127.1`, `2130706433`, `0x7f.1`, `0177.0.0.1`, as inet_aton(3) and libcurl
    /// read them, and a dot behind it. Nil for a name.
    /// - Parameter text: Without brackets.
    init?(hostOfURL text: some StringProtocol) {
        if let plain = IPAddress(text) {
            self = plain
        } else if let value = Self.loose(text) {
            self.init(value: UInt128(value), isIPv6: false)
        } else {
            return nil
        }
    }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { isIPv6 ? value == 1 : value >> 24 == 127 }

    /// The canonical text (RFC 5952 for IPv6), without brackets.
    public var description: String {
        guard isIPv6 else { return Self.dotted(UInt32(truncatingIfNeeded: value)) }
        if value >> 32 == 0xFFFF { return "::ffff:" + Self.dotted(UInt32(truncatingIfNeeded: value)) }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> UInt128(112 - 16 * $0)) }
        func text(_ some: ArraySlice<UInt16>) -> String { some.map { String($0, radix: 16) }.joined(separator: ":") }
        let zeros = Self.longestZeros(in: groups)
        return zeros.isEmpty ? text(groups[...]) : text(groups[..<zeros.lowerBound]) + "::" + text(groups[zeros.upperBound...])
    }

    /// `INET6_ADDRSTRLEN` without its NUL.
    private static let maximumByteCount = 45

    private static func dotted(_ value: UInt32) -> String {
        (0..<4).map { String(value >> UInt32(24 - 8 * $0) & 0xFF) }.joined(separator: ".")
    }

    /// The first of the longest runs of two or more zeros.
    private static func longestZeros(in groups: [UInt16]) -> Range<Int> {
        var longest = 0..<1
        for start in groups.indices {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.endIndex
            if end - start > longest.count { longest = start..<end }
        }
        return longest.count > 1 ? longest : 0..<0
    }

    private static func dottedQuad(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard part.count == 1 || part.first != UInt8(ascii: "0"), let byte = number(part, radix: 10), byte <= 0xFF else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    /// One to four numbers; the last fills all bytes that are left.
    private static func loose(_ text: some StringProtocol) -> UInt32? {
        let bytes = Array(text.utf8.prefix(maximumByteCount + 1))
        guard bytes.count <= maximumByteCount else { return nil }
        var parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 5, omittingEmptySubsequences: false)
        if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        guard (1...4).contains(parts.count) else { return nil }
        var value: UInt64 = 0
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let largest: UInt64 = isLast ? UInt64(UInt32.max) >> UInt64(8 * index) : 0xFF
            guard let number = looseNumber(part), number <= largest else { return nil }
            value |= isLast ? number : number << UInt64(24 - 8 * index)
        }
        return UInt32(truncatingIfNeeded: value)
    }

    private static func looseNumber(_ digits: ArraySlice<UInt8>) -> UInt64? {
        let isHexadecimal =
            digits.count > 1 && digits.first == UInt8(ascii: "0") && digits.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
        if isHexadecimal { return digits.count == 2 ? 0 : number(digits.dropFirst(2), radix: 16) }
        return number(digits, radix: digits.count > 1 && digits.first == UInt8(ascii: "0") ? 8 : 10)
    }

    private static func ipv6(_ bytes: ArraySlice<UInt8>) -> UInt128? {
        let colon = UInt8(ascii: ":")
        guard let gap = bytes.indices.first(where: { bytes[$0...].starts(with: [colon, colon]) }) else {
            guard let all = groups(bytes), all.count == 8 else { return nil }
            return value(all)
        }
        guard let before = groups(bytes[..<gap]), let behind = groups(bytes[(gap + 2)...]), before.count + behind.count < 8 else {
            return nil
        }
        return value(before + [UInt16](repeating: 0, count: 8 - before.count - behind.count) + behind)
    }

    private static func value(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }

    /// Groups of hexadecimal digits; the last two may be a dotted quad. Empty for no bytes.
    private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        guard !bytes.isEmpty else { return [] }
        let parts = bytes.split(separator: UInt8(ascii: ":"), maxSplits: 8, omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let quad = dottedQuad(part) {
                groups += [UInt16(truncatingIfNeeded: quad >> 16), UInt16(truncatingIfNeeded: quad)]
            } else {
                guard part.count <= 4, let group = number(part, radix: 16) else { return nil }
                groups.append(UInt16(truncatingIfNeeded: group))
            }
        }
        return groups.count <= 8 ? groups : nil
    }

    /// Digits and nothing else, below 2^40.
    private static func number(_ digits: ArraySlice<UInt8>, radix: Int) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard let next = Character(Unicode.Scalar(digit)).hexDigitValue, next < radix else { return nil }
            value = value * UInt64(radix) + UInt64(next)
            guard value < 1 << 40 else { return nil }
        }
        return value
    }
}
