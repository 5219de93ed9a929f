import FoundationEssentials

/// An absolute http or https URL, taken apart by RFC 3986. What may not stand in a URL as it is was percent-encoded before.
struct URLParts {
    /// `http` or `https`.
    let scheme: String
    /// In lower case; an IPv6 address in brackets; an international name in its own letters.
    let host: String
    let port: Int?
    /// Percent-encoded; begins with `/`.
    let path: String
    /// Percent-encoded, without the `?`; nil when there is none.
    let query: String?
    let hasUserInfo: Bool
    /// Whether path or query held what had to be percent-encoded.
    let wasEncoded: Bool

    /// The URL without user and fragment.
    var text: String { origin + path + (query.map { "?" + $0 } ?? "") }

    /// `scheme://host[:port]`.
    var origin: String { "\(scheme)://\(host)" + (port.map { ":\($0)" } ?? "") }

    /// The parts of the path between its slashes, percent-encoded as they are; none is empty.
    var components: [String] { path.split(separator: "/").map(String.init) }

    /// Nil when the text is no URL, or names no host that every program reads alike.
    /// - Parameter text: Begins with `http://` or `https://`.
    init?(_ text: String) {
        let bytes = Array(text.utf8.prefix { $0 != UInt8(ascii: "#") })
        // Browsers take a backslash for a slash and drop line ends, other programs do neither.
        guard bytes.count <= BinaryURL.maximumByteCount, !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }),
            let (encoded, wasEncoded) = Self.percentEncoded(bytes), encoded.utf8.count <= BinaryURL.maximumByteCount,
            let parsed = URLComponents(string: encoded, encodingInvalidCharacters: false),
            let scheme = parsed.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = Self.host(parsed), parsed.port.map({ (1...65535).contains($0) }) ?? true
        else { return nil }
        (self.scheme, self.host, port, query) = (scheme, host, parsed.port, parsed.percentEncodedQuery)
        path = parsed.percentEncodedPath.isEmpty ? "/" : parsed.percentEncodedPath
        hasUserInfo = parsed.percentEncodedUser != nil || parsed.percentEncodedPassword != nil
        self.wasEncoded = wasEncoded
    }

    private init(_ other: URLParts, path: String, query: String?) {
        (scheme, host, port, hasUserInfo) = (other.scheme, other.host, other.port, other.hasUserInfo)
        (self.path, self.query, wasEncoded) = (path, query, other.wasEncoded)
    }

    /// The same place on the same host, with these components and this query.
    func with(components: [String], query: String?) -> URLParts {
        URLParts(self, path: "/" + components.joined(separator: "/"), query: query)
    }

    /// Whether the host is `domain` or lies below it.
    func isAt(_ domain: String) -> Bool { host == domain || host.hasSuffix("." + domain) }

    /// Name and value of each item of the query, as written; an item without `=` has no value.
    var items: [(name: Substring, value: Substring?)] {
        (query ?? "").split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (parts[0], parts.count == 2 ? parts[1] : nil)
        }
    }

    /// The value of the first item of that name that has one; names are compared without case.
    func value(of name: String) -> String? {
        items.first { $0.name.lowercased() == name && $0.value?.isEmpty == false }?.value.map(String.init)
    }

    private static func host(_ parsed: URLComponents) -> String? {
        guard let encoded = parsed.encodedHost, !encoded.isEmpty, encoded.utf8.count <= 3 * 253 else { return nil }
        if encoded.hasPrefix("[") {
            let address = IPAddress(encoded.dropFirst().dropLast())
            return address?.isIPv6 == true && !encoded.contains("%") ? encoded.lowercased() : nil
        }
        guard let host = parsed.host?.lowercased(), host.utf8.count <= 253, !host.hasPrefix(".") else { return nil }
        let isInternational = !host.utf8.allSatisfy { $0 < 0x80 }
        // An encoded letter of ASCII hides what the name is.
        guard isInternational || !encoded.contains("%") else { return nil }
        // A mark without its letter would join what stands before it (RFC 5891, section 4.2.3.2).
        let beginsWithMark = host.unicodeScalars.split(separator: ".").contains { $0.first.map(isMark) ?? false }
        return !beginsWithMark && host.unicodeScalars.allSatisfy(isOfHostName) ? host : nil
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        [.nonspacingMark, .spacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
    }

    static func isOfHostName(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-._".unicodeScalars.contains(scalar)
        }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark,
            .decimalNumber:
            return true
        default: return false
        }
    }

    /// Nil when there is no authority. `isChanged` tells of path and query only. Brackets may stand in the authority only; a `%` that begins no code is encoded.
    private static func percentEncoded(_ bytes: [UInt8]) -> (text: String, isChanged: Bool)? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else { return nil }
        let authorityEnd = bytes[(colon + 3)...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? bytes.count
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count)
        var isChanged = false
        for (index, byte) in bytes.enumerated() {
            let isAllowed: Bool
            switch byte {
            case UInt8(ascii: "%"):
                isAllowed =
                    index + 2 < bytes.count && Unicode.Scalar(bytes[index + 1]).properties.isASCIIHexDigit
                    && Unicode.Scalar(bytes[index + 2]).properties.isASCIIHexDigit
            case UInt8(ascii: "["), UInt8(ascii: "]"): isAllowed = index < authorityEnd
            case 0x21...0x7E: isAllowed = !"\"<>^`{|}".utf8.contains(byte)
            default: isAllowed = false
            }
            encoded += isAllowed ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            isChanged = isChanged || !isAllowed && index >= authorityEnd
        }
        return (String(decoding: encoded, as: UTF8.self), isChanged)
    }
}
