import FoundationEssentials
import Transfers

/// What the body of an error says, in one bounded line: a message, and with 422 what is wrong where.
struct GitHubErrorBody {
    let text: String
    let isBlocked: Bool
    /// Why it was taken down (`dmca`), and where that is explained; empty when GitHub does not say.
    let blockReason: String

    private struct JSON: Decodable {
        let message: String?
        let errors: [Detail]?
        let block: Block?
    }

    private struct Block: Decodable {
        let reason: String?
        let htmlURL: String?

        private enum CodingKeys: String, CodingKey {
            case reason
            case htmlURL = "html_url"
        }
    }

    /// An object or, as has been seen, a plain string.
    private struct Detail: Decodable {
        let text: String

        private enum Keys: String, CodingKey { case resource, field, code, message }

        init(from decoder: any Decoder) throws {
            if let plain = try? decoder.singleValueContainer().decode(String.self) {
                text = plain
                return
            }
            let fields = try decoder.container(keyedBy: Keys.self)
            let words = try [Keys.resource, .field, .code, .message].compactMap { try fields.decodeIfPresent(String.self, forKey: $0) }
            text = words.joined(separator: " ")
        }
    }

    init(_ response: APIResponse) {
        guard let body = try? JSONDecoder().decode(JSON.self, from: Data(response.body)) else {
            // HTML, mostly; the beginning of plain text says enough.
            let plain = String(decoding: response.body.prefix(500), as: UTF8.self)
            text = plain.contains("<") ? "with a web page" : Self.line(plain)
            (isBlocked, blockReason) = (false, "")
            return
        }
        let details = (body.errors ?? []).map(\.text).filter { !$0.isEmpty }
        text = Self.line(([body.message ?? ""] + details).joined(separator: "; "))
        isBlocked = body.block != nil
        blockReason = Self.line([body.block?.reason, body.block?.htmlURL].compactMap { $0 }.joined(separator: ", "))
    }

    var speaksOfVersion: Bool { text.lowercased().contains("version") }

    private static func line(_ text: String) -> String {
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
        return String(words.joined(separator: " ").prefix(300))
    }
}
