extension GistReference {
    /// The gist that a link of a page leads to: on GitHub, at its raw address, or on an Enterprise Server (`https://HOST/gist/…`,
    /// `https://gist.HOST/…`). Nil for all other addresses, also when their path looks like a gist's.
    static func linked(by url: String) -> GistReference? {
        var rest = Substring(url)
        if let scheme = rest.utf8.firstIndex(of: UInt8(ascii: ":")), rest.utf8[scheme...].starts(with: "://".utf8) {
            rest = rest[rest.utf8.index(scheme, offsetBy: 3)...]
        }
        rest = Substring(rest.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        while let last = rest.utf8.last, CatalogPageLinks.sentenceMarks.contains(last) || last == UInt8(ascii: ")") {
            rest.utf8.removeLast()
        }
        let start = rest.utf8.startIndex
        let first = rest.utf8.firstIndex { $0 != UInt8(ascii: "/") } ?? start
        let authority = rest.utf8[first...].prefix { $0 != UInt8(ascii: "/") }
        guard let named = authority.split(separator: UInt8(ascii: "@")).last else { return nil }
        let host = String(Substring(named.prefix { $0 != UInt8(ascii: ":") })).lowercased()
        let isGitHub = host == "gist.github.com" || host == "gist.githubusercontent.com" || host == "api.github.com"
        guard isGitHub || host.hasPrefix("gist.") || isBelowGists(rest.utf8[authority.endIndex...], of: host) else { return nil }
        guard let gist = GistReference("https://" + Substring(rest.utf8[first...])) else { return nil }
        // Elsewhere a short number is just a number; and no address of the web holds an id of a local gist.
        guard !gist.id.isLocal, isGitHub || gist.id.description.utf8.count >= 20 else { return nil }
        return gist
    }

    /// `/gist/…`, `/api/v3/gists/…` of an Enterprise Server; on github.com itself `gist` is somebody's name.
    private static func isBelowGists(_ path: Substring.UTF8View, of host: String) -> Bool {
        guard !host.hasSuffix("github.com") else { return false }
        return path.split(separator: UInt8(ascii: "/"), maxSplits: 3).prefix(3).contains {
            $0.elementsEqual("gist".utf8) || $0.elementsEqual("gists".utf8)
        }
    }
}
