extension GistReference {
    /// The gist that a link of a page leads to: on GitHub, at its raw address, or on an Enterprise Server (`https://HOST/gist/…`,
    /// `https://gist.HOST/…`). Nil for all other addresses, also when their path looks like a gist's.
    init?(link: String) {
        var rest = Substring(link)
        if let scheme = rest.utf8.firstIndex(of: UInt8(ascii: ":")), rest.utf8[scheme...].starts(with: "://".utf8) {
            rest = rest[rest.utf8.index(scheme, offsetBy: 3)...]
        }
        rest = Substring(rest.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        while let last = rest.utf8.last, CatalogPageLinks.sentenceMarks.contains(last) || last == UInt8(ascii: ")") {
            rest.utf8.removeLast()
        }
        let parts = rest.utf8.split(separator: UInt8(ascii: "/")).map(Substring.init)
        guard parts.count > 1, let authority = parts[0].utf8.split(separator: UInt8(ascii: "@")).last else { return nil }
        let host = String(Substring(authority.prefix { $0 != UInt8(ascii: ":") })).lowercased()
        let isGitHub = ["gist.github.com", "gist.githubusercontent.com", "api.github.com"].contains(host)
        let isBelow = !host.hasSuffix("github.com") && parts.dropFirst().prefix(3).contains { $0 == "gist" || $0 == "gists" }
        guard isGitHub || isBelow || host.hasPrefix("gist."), let gist = GistReference("https://" + parts.joined(separator: "/")) else {
            return nil
        }
        // Elsewhere a short number is just a number; and no address of the web holds an id of a local gist.
        guard !gist.id.isLocal, isGitHub || gist.id.description.utf8.count >= 20 else { return nil }
        self = gist
    }
}
