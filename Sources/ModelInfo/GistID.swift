/// A gist's bare id. The id is the identity: owners and URLs change, it does not.
public struct GistID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// GitHub: 32 or 20 hexadecimal digits, or decimal digits for the oldest. Local: `local-` and 32 hexadecimal digits.
    public let description: String

    /// - Parameter bare: Exactly an id, without owner, URL or blanks; anything else gives nil. A 40-digit commit hash is no id.
    public init?(bare text: some StringProtocol) {
        if text.hasPrefix("local-") {
            guard let digits = hexDigits(text.dropFirst(6), count: 32) else { return nil }
            description = "local-" + digits
        } else if let digits = hexDigits(text, count: 32) ?? hexDigits(text, count: 20) {
            description = digits
        } else if (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
            description = String(text)
        } else {
            return nil
        }
    }

    /// Whether the id was given by the `local` host; no GitHub id can look like one.
    public var isLocal: Bool { description.hasPrefix("local-") }

    public static func < (a: GistID, b: GistID) -> Bool { a.description < b.description }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = GistID(bare: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no gist id"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
