/// What is written behind `caffemodel_url:`, as something to fetch and as something to show.
struct BinaryURL {
    /// What to fetch: an absolute http or https URL without fragment, percent-encoded; the direct form where one is known. Nil when it may
    /// not or cannot be fetched.
    let url: String?
    /// The URL of the file, where what is written is a page about it and the file's own URL can be told from that. For readmes: it is what
    /// should stand there.
    let directForm: String?
    /// For people, as written. Credentials are masked.
    let shown: String
    let findings: [Finding]

    /// Bytes; servers and proxies take no longer ones.
    static let maximumByteCount = 8 * 1024

    /// - Parameters:
    ///   - written: One URL, and what people put around it.
    ///   - addresses: Which literal addresses it may have. Names are judged when they are connected to.
    init(_ written: String, addresses: AddressPolicy = .unrestricted) {
        let written = written.trimmed
        let decoration = written.utf8.count <= 2 * Self.maximumByteCount ? URLDecoration(written) : nil
        var text = decoration?.bare ?? written
        var findings: [Finding] = []
        let scheme = Scheme(of: text)
        if scheme == .missing { text = "http://" + text.drop { $0 == "/" } }
        let parts = scheme == .http || scheme == .missing ? URLParts(text) : nil
        let hasCredentials = URLCredentials.areIn(text)
        shown = Self.shown(written, text, scheme, hasCredentials)
        let quoted = Quotation.of(shown)
        if hasCredentials {
            let hint =
                "take user, password or token out of the URL, and change them: they were readable by everybody who can read the readme"
            findings.append(
                Finding(.urlHasCredentials, "\(quoted) carries credentials: it is not fetched and the model is not published", hint: hint))
        }
        if case .other(let name) = scheme {
            findings.append(
                Finding(.urlUnsupportedScheme, "\(quoted): '\(name)' is not fetched, only http and https are", hint: Self.advice(name)))
        } else if parts == nil, !hasCredentials {
            findings.append(Self.invalid(quoted, written, scheme))
        }
        guard let parts, !hasCredentials else {
            (url, directForm, self.findings) = (nil, nil, findings)
            return
        }
        let kind = LinkKind(parts)
        let address = addresses.refusedAddress(ofHost: parts.host)
        findings += Self.formFindings(quoted, parts, scheme, isDecorated: decoration?.isDecorated ?? false)
        findings += [kind.finding(about: quoted), address.map { Self.refused(quoted, $0) }].compactMap { $0 }
        if URLSignature.isIn(parts) {
            findings.append(
                Finding(.urlExpiring, "\(quoted) is a signed link, which stops working after a while", hint: "write a URL that lasts"))
        }
        if ArchiveName.isIn(parts) {
            findings.append(
                Finding(
                    .urlArchive, "\(quoted) leads to an archive; what is fetched is stored as it comes, not unpacked",
                    hint: "link the .caffemodel itself"))
        }
        directForm = kind.directForm
        url = address == nil ? kind.directForm ?? parts.text : nil
        self.findings = findings
    }

    // MARK: What is said

    /// As written, unless that would show a password.
    private static func shown(_ written: String, _ text: String, _ scheme: Scheme, _ hasCredentials: Bool) -> String {
        guard hasCredentials else { return URLCredentials.masked(written) }
        let masked = URLCredentials.masked(text)
        return scheme == .missing && masked.hasPrefix("http://") ? String(masked.dropFirst(7)) : masked
    }

    private static func formFindings(_ quoted: String, _ parts: URLParts, _ scheme: Scheme, isDecorated: Bool) -> [Finding] {
        var findings: [Finding] = []
        if isDecorated {
            findings.append(Finding(.urlDecorated, "\(quoted): something stands around the URL", hint: "write it bare: \(parts.text)"))
        }
        if scheme == .missing {
            findings.append(Finding(.urlNoScheme, "\(quoted) has no scheme; http:// is assumed", hint: "write \(parts.text)"))
        }
        if !parts.host.utf8.allSatisfy({ $0 < 0x80 }) {
            findings.append(
                Finding(
                    .urlNeedsEncoding, "\(quoted) has an international host name, which is encoded anew for each fetch",
                    hint: "write the host in its ASCII form, which begins with xn--"))
        }
        if parts.wasEncoded {
            findings.append(
                Finding(.urlNeedsEncoding, "\(quoted) holds characters that a URL may not hold", hint: "write it as \(parts.text)"))
        }
        return findings
    }

    private static func refused(_ quoted: String, _ address: IPAddress) -> Finding {
        Finding(
            .urlAddressRefused, "\(quoted) leads to \(address), which is this machine or a private network: it is not fetched",
            hint: "if that is meant, add \(address) to binaries.allow_addresses, then: zooctl reload")
    }

    private static func invalid(_ quoted: String, _ written: String, _ scheme: Scheme) -> Finding {
        if written.utf8.count > maximumByteCount {
            return Finding(.urlInvalid, "\(quoted) is longer than \(maximumByteCount) bytes, so no URL that servers take")
        }
        guard scheme == .none else {
            return Finding(.urlInvalid, "\(quoted) is no valid URL: look at its host and port, and for backslashes")
        }
        return Finding(.urlInvalid, "\(quoted) is no URL", hint: "write one URL of the file, with http:// or https://")
    }

    private static func advice(_ scheme: String) -> String {
        switch scheme {
        case "file": "a file on this machine is put into the model's directory, or served by a web server"
        case "s3", "gs": "write the https URL of the object, if it may be read without an account"
        case "ftp", "sftp", "ftps": "many such servers give the same files by https: try that"
        default: "write an https URL of the file"
        }
    }

    // MARK: Schemes

    private enum Scheme: Equatable {
        case http, missing, other(String), none

        init(of text: String) {
            let head = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
            let behind = text.dropFirst(head.count)
            if !head.isEmpty, behind.first == ":" {
                self = Self.named(head.lowercased(), behind)
            } else {
                self = Self.isHost(text) ? .missing : .none
            }
        }

        /// `behind` begins with the colon.
        private static func named(_ head: String, _ behind: Substring) -> Scheme {
            if head == "http" || head == "https" { return behind.hasPrefix("://") ? .http : .none }
            let port = behind.dropFirst().prefix { $0.isASCII && $0.isNumber }
            let hasUser = behind.dropFirst().prefix { $0 != "/" && $0 != "?" }.contains("@") && head != "mailto"
            let isPort = !port.isEmpty && [nil, "/", "?"].contains(behind.dropFirst(1 + port.count).first)
            if hasUser || isPort { return .missing }
            return head.first?.isLetter == true && !head.contains(".") || behind.hasPrefix("://") ? .other(head) : .none
        }

        private static let endingsOfFiles: Set<String> = [
            "bin", "binaryproto", "caffemodel", "gz", "h5", "mat", "md", "npy", "prototxt", "pth", "tar", "tgz", "txt", "zip",
        ]

        /// Whether the text begins with a host, as people leave out `http://`: a name with a dot, and a path. A name alone is a file's.
        private static func isHost(_ text: String) -> Bool {
            let isRelative = text.hasPrefix("//")
            let rest = isRelative ? text.dropFirst(2) : text[...]
            let host = rest.prefix { $0 != "/" && $0 != "?" }
            let isName =
                host.contains(".") && !host.hasPrefix(".")
                && host.unicodeScalars.allSatisfy { URLParts.isOfHostName($0) || $0 == "@" || $0 == ":" }
            let ending = host.split(separator: ".").last?.lowercased() ?? ""
            let isFileName = host.utf8.count == rest.utf8.count && endingsOfFiles.contains(ending) && !isRelative
            return isName && !isFileName
        }
    }
}
