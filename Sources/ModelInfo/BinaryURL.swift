/// What is written behind `caffemodel_url:`, as something to fetch and as something to show.
struct BinaryURL {
    /// An absolute http or https URL without fragment, percent-encoded; nil when it may not or cannot be fetched.
    let url: String?
    /// For people. Credentials are masked.
    let shown: String
    let findings: [Finding]

    /// Bytes; servers and proxies take no longer ones.
    static let maximumByteCount = 8 * 1024

    init(_ written: String) {
        var text = written.trimmed
        if case .missing = Self.scheme(of: text) {
            shown = String(Self.masked("http://" + text.drop { $0 == "/" }).dropFirst(7))
        } else {
            shown = Self.masked(text)
        }
        var findings: [Finding] = []
        func refused(_ code: DiagnosticCode, _ message: String, hint: String? = nil) -> [Finding] {
            findings + [Finding(code, message, hint: hint)]
        }
        let quoted = Quotation.of(shown)
        switch Self.scheme(of: text) {
        case .http: break
        case .missing:
            findings.append(Finding(.urlNoScheme, "\(quoted) has no scheme; http:// is assumed", hint: "write it with http:// or https://"))
            text = "http://" + text.drop { $0 == "/" }
        case .other(let scheme):
            (url, self.findings) = (nil, refused(.urlUnsupportedScheme, "\(quoted): '\(scheme)' is not fetched, only http and https are"))
            return
        case .none:
            (url, self.findings) = (
                nil, refused(.urlInvalid, "\(quoted) is no URL", hint: "write one URL of the file, with http:// or https://")
            )
            return
        }
        guard let parts = Parts(text), text.utf8.count <= Self.maximumByteCount else {
            (url, self.findings) = (nil, refused(.urlInvalid, "\(quoted) is no valid URL: look at its host and port, and for backslashes"))
            return
        }
        guard !parts.hasCredentials, !SecretScan.hasSecret(in: text) else {
            let hint =
                "take user, password or token out of the URL, and change them: they were readable by everybody who can read the readme"
            (url, self.findings) = (
                nil,
                refused(.urlHasCredentials, "\(quoted) carries credentials: it is not fetched and the model is not published", hint: hint)
            )
            return
        }
        let encoded = Self.percentEncoded(parts.rest)
        if encoded != parts.rest {
            findings.append(
                Finding(
                    .urlNeedsEncoding, "\(quoted) holds characters that a URL may not hold", hint: "write it as \(parts.origin)\(encoded)"))
        }
        (url, self.findings) = (parts.origin + encoded, findings)
    }

    // MARK: Parts

    private enum Scheme { case http, missing, other(String), none }

    private static func scheme(of text: String) -> Scheme {
        let head = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        let behind = text.dropFirst(head.count)
        if !head.isEmpty, behind.first == ":" {
            if ["http", "https"].contains(head.lowercased()) { return behind.hasPrefix("://") ? .http : .none }
            let port = behind.dropFirst().prefix { $0.isASCII && $0.isNumber }
            let hasUser = behind.dropFirst().prefix { $0 != "/" && $0 != "?" }.contains("@") && head.lowercased() != "mailto"
            if hasUser { return .missing }
            let isPort = !port.isEmpty && [nil, "/"].contains(behind.dropFirst(1 + port.count).first)
            if !isPort { return head.first?.isLetter == true ? .other(head.lowercased()) : .none }
            return .missing
        }
        let host = (text.hasPrefix("//") ? text.dropFirst(2) : text[...]).prefix { $0 != "/" && $0 != "?" }
        let isHost =
            host.contains(".") && !host.hasPrefix(".")
            && host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._@:".contains($0)) }
        return isHost ? .missing : .none
    }

    /// An http or https URL, cut where RFC 3986 cuts it.
    private struct Parts {
        /// `scheme://host[:port]`, scheme and host in lower case.
        let origin: String
        /// Path and query; begins with `/`.
        let rest: String
        let hasCredentials: Bool

        /// Nil when the host is none that is certainly understood alike by every program that reads it.
        init?(_ text: String) {
            guard let separator = text.range(of: "://"), !text.contains("\\") else { return nil }
            guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return nil }
            let afterScheme = text[separator.upperBound...]
            let authority = afterScheme.prefix { !"/?#".contains($0) }
            let path = afterScheme.dropFirst(authority.count).prefix { $0 != "#" }
            let userinfo = authority.lastIndex(of: "@")
            let hostAndPort = userinfo.map { authority[authority.index(after: $0)...] } ?? authority
            guard Self.isHostAndPort(hostAndPort) else { return nil }
            origin = text[..<separator.lowerBound].lowercased() + "://" + hostAndPort.lowercased()
            rest = path.hasPrefix("/") ? String(path) : "/" + path
            hasCredentials = userinfo != nil || Self.hasSecretParameter(path)
        }

        private static func isHostAndPort(_ text: Substring) -> Bool {
            let host: Substring
            if text.hasPrefix("[") {
                guard let end = text.firstIndex(of: "]") else { return false }
                host = text[...end]
                guard host.count > 3, host.dropFirst().dropLast().allSatisfy({ $0.isHexDigit && $0.isASCII || $0 == ":" || $0 == "." })
                else { return false }
            } else {
                host = text.prefix { $0 != ":" }
                guard (1...253).contains(host.utf8.count),
                    host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }), host.first != "."
                else { return false }
            }
            let port = text.dropFirst(host.count)
            guard !port.isEmpty else { return true }
            guard port.first == ":", port.dropFirst().utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return false }
            return port.count == 1 || UInt16(port.dropFirst()).map { $0 > 0 } ?? false
        }

        private static let secretParameters: Set<String> = [
            "access_token", "api_key", "apikey", "auth_token", "client_secret", "job_token", "passwd", "password", "private_token",
            "secret", "token",
        ]

        private static func hasSecretParameter(_ path: Substring) -> Bool {
            guard let query = path.firstIndex(of: "?") else { return false }
            return path[path.index(after: query)...].split { "&;".contains($0) }.contains { pair in
                let parts = pair.split(separator: "=", maxSplits: 1)
                return parts.count == 2 && secretParameters.contains(parts[0].lowercased())
            }
        }
    }

    /// `https://…@host` for a URL with credentials, else the text itself with known tokens masked.
    private static func masked(_ text: String) -> String {
        if let parts = Parts(text), parts.hasCredentials {
            let host = parts.origin.drop { $0 != ":" }.dropFirst(3)
            return "\(parts.origin.prefix { $0 != ":" })://…@\(host)"
        }
        return SecretScan.masked(text)
    }

    private static func percentEncoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            let isAllowed: Bool
            switch byte {
            case UInt8(ascii: "%"):
                isAllowed =
                    index + 2 < bytes.count && Unicode.Scalar(bytes[index + 1]).properties.isASCIIHexDigit
                    && Unicode.Scalar(bytes[index + 2]).properties.isASCIIHexDigit
            case 0x21...0x7E: isAllowed = !"\"<>^`{|}".utf8.contains(byte)
            default: isAllowed = false
            }
            encoded += isAllowed ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}

extension String {
    /// The first place of an ASCII text.
    fileprivate func range(of needle: String) -> Range<String.Index>? {
        let found = utf8.indices.first { utf8[$0...].starts(with: needle.utf8) }
        return found.map { $0..<utf8.index($0, offsetBy: needle.utf8.count) }
    }
}
