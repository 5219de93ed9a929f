extension GistReference {
    /// The gist that a link of a page leads to: on GitHub, at its raw address, or on an Enterprise Server (`https://HOST/gist/…`,
    /// `https://gist.HOST/…`). Nil for all other addresses, also when their path looks like a gist's.
    static func linked(by url: String) -> GistReference? {
        var rest = Array(url.utf8)[...]
        if let scheme = rest.firstIndex(of: UInt8(ascii: ":")), rest[scheme...].starts(with: "://".utf8) { rest = rest[(scheme + 3)...] }
        rest = rest.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        while let last = rest.last, CatalogPageLinks.sentenceMarks.contains(last) || last == UInt8(ascii: ")") { rest.removeLast() }
        rest = rest.drop { $0 == UInt8(ascii: "/") }
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        let host = host(in: authority)
        guard !host.isEmpty else { return nil }
        let isGitHub = host == "gist.github.com" || host == "gist.githubusercontent.com" || host == "api.github.com"
        // What nobody sees in an address is no part of it.
        let path = Array(String(decoding: rest[authority.endIndex...], as: UTF8.self).withoutInvisibles.trimmed.utf8)
        let parts = path.split(separator: UInt8(ascii: "/"))
        guard isGitHub || host.hasPrefix("gist.") || isBelowGists(parts, of: host) else { return nil }
        guard let gist = GistReference(urlPath: parts, at: host) else { return nil }
        // Elsewhere a short number is just a number; and no address of the web holds an id of a local gist.
        guard !gist.id.isLocal, isGitHub || gist.id.description.utf8.count >= 20 else { return nil }
        return gist
    }

    /// `/gist/…`, `/api/v3/gists/…` of an Enterprise Server; on github.com itself `gist` is somebody's name.
    private static func isBelowGists(_ parts: [ArraySlice<UInt8>], of host: String) -> Bool {
        guard !host.hasSuffix("github.com") else { return false }
        return parts.prefix(3).contains { $0.elementsEqual("gist".utf8) || $0.elementsEqual("gists".utf8) }
    }
}
