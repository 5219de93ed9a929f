/// A SHA-1, as the model zoo names binaries. Collidable, so never the only thing that is remembered of a file.
public struct SHA1Digest: Hashable, Sendable, CustomStringConvertible {
    /// 40 lower-case hexadecimal digits.
    public let description: String

    /// - Parameter hex: 40 hexadecimal digits of either case; anything else gives nil.
    public init?(hex: some StringProtocol) {
        guard let digits = hexDigits(hex, count: 40) else { return nil }
        description = digits
    }

    /// The digest of no bytes at all: what a failed upload leaves in a readme.
    public static let ofNothing = SHA1Digest(hex: "da39a3ee5e6b4b0d3255bfef95601890afd80709")!
}

/// A SHA-256: recorded in the pass in which the SHA-1 fitted, and compared ever after.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public let description: String

    /// - Parameter hex: 64 hexadecimal digits of either case; anything else gives nil.
    public init?(hex: some StringProtocol) {
        guard let digits = hexDigits(hex, count: 64) else { return nil }
        description = digits
    }
}

extension SHA1Digest: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let digest = SHA1Digest(hex: text) else { throw notADigest(text, decoder) }
        self = digest
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension SHA256Digest: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let digest = SHA256Digest(hex: text) else { throw notADigest(text, decoder) }
        self = digest
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func notADigest(_ text: String, _ decoder: any Decoder) -> DecodingError {
    .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no digest"))
}

/// Lower-cased `text` when it is exactly `count` ASCII hexadecimal digits.
func hexDigits(_ text: some StringProtocol, count: Int) -> String? {
    let text = String(text)
    let bytes = text.utf8.span
    guard bytes.count == count else { return nil }
    var isLower = true
    for index in bytes.indices {
        switch bytes[index] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): break
        case UInt8(ascii: "A")...UInt8(ascii: "F"): isLower = false
        default: return nil
        }
    }
    // Thousands are read from the state at once, and those are.
    return isLower ? text : text.lowercased()
}
