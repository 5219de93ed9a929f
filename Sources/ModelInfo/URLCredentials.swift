import FoundationEssentials

/// User names, passwords and tokens in a URL: what must not be shown, fetched with, or published.
enum URLCredentials {
    /// Whether the text of a URL carries any, as it is written or as it would be sent: by its form or by the names of its parameters.
    static func areIn(_ text: String) -> Bool {
        isSecret(text) || URLParts(text).map { $0.hasUserInfo || isSecret($0.text) } ?? false
    }

    private static func isSecret(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return !SecretMatch.all(in: bytes).isEmpty || !parameterValues(in: bytes).isEmpty
    }

    /// `text` for people's eyes: `https://…@host` for what is one URL with credentials, else every value that may be one replaced by `…`.
    static func masked(_ text: String) -> String {
        if let parts = URLParts(text), areIn(text) {
            return "\(parts.scheme)://…@\(parts.host)" + (parts.port.map { ":\($0)" } ?? "")
        }
        let bytes = Array(text.utf8)
        var shown: [UInt8] = []
        var start = 0
        for range in parameterValues(in: bytes) {
            shown += bytes[start..<range.lowerBound]
            shown += "…".utf8
            start = range.upperBound
        }
        return SecretScan.masked(String(decoding: shown + bytes[start...], as: UTF8.self))
    }

    /// Names of parameters whose value lets its holder in as somebody. Keys of shared links (`rlkey`, `authkey`, `resourcekey`) are not
    /// among them: they are what makes such a link a link.
    private static let names: Set<String> = [
        "accesstoken", "apikey", "apitoken", "auth", "authorization", "authtoken", "bearer", "clientsecret", "credentials", "hftoken",
        "jobtoken", "jwt", "oauthtoken", "passphrase", "passwd", "password", "personalaccesstoken", "privatekey", "privatetoken",
        "refreshtoken", "secret", "secretkey", "sessionid", "sessiontoken", "token", "userpassword",
    ]

    /// Longer names are none of ours.
    private static let maximumNameByteCount = 40

    /// The values, not empty, of parameters with such a name, behind a `?` or `#`. Linear in the bytes.
    private static func parameterValues(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var nameStart: Int?
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "?"), UInt8(ascii: "#"): nameStart = index + 1
            case UInt8(ascii: "&"), UInt8(ascii: ";"): nameStart = nameStart.map { _ in index + 1 }
            case UInt8(ascii: "="):
                guard let start = nameStart, isSecretName(bytes[start..<index]) else { break }
                var end = index + 1
                while end < bytes.count, bytes[end] > 0x20, !"&;#".utf8.contains(bytes[end]) { end += 1 }
                if end > index + 1 { found.append(index + 1..<end) }
                index = end
                continue
            case ...0x20: nameStart = nil
            default: break
            }
            index += 1
        }
        return found
    }

    /// Case, `-`, `_` and percent-encoding make no other name.
    private static func isSecretName(_ name: ArraySlice<UInt8>) -> Bool {
        guard (1...maximumNameByteCount).contains(name.count) else { return false }
        let text = String(decoding: name, as: UTF8.self)
        let plain = text.contains("%") ? URLComponents(string: "/" + text)?.path ?? text : text
        return names.contains(plain.lowercased().filter { !"/-_".contains($0) })
    }
}
