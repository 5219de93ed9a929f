/// A gist as people write it: a bare id, `owner/id`, or any URL of it.
public struct GistReference: Hashable, Sendable {
    public enum Form: Hashable, Sendable { case bare, withOwner, url }

    public let id: GistID
    /// As written; nil when none is.
    public let owner: String?
    public let form: Form
    /// Where a URL leads, in lower case and without port; nil for the other forms.
    public let host: String?

    /// - Parameter written: `ID`, `OWNER/ID`, `https://gist.github.com/OWNER/ID` with anything behind it, a raw URL, an Enterprise
    ///   Server's `https://HOST/gist/OWNER/ID`, a clone URL. Anything in which no id can be told gives nil.
    public init?(_ written: String) {
        let text = written.withoutInvisibles.trimmed
        if let id = GistID(bare: text) {
            self.init(id, owner: nil, .bare)
            return
        }
        let bytes = Array(text.utf8)
        // Most words have neither.
        guard bytes.contains(UInt8(ascii: "/")) || bytes.contains(UInt8(ascii: "@")) else { return nil }
        let path = bytes.drop { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
            .prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        var parts = path.split(separator: UInt8(ascii: "/"))
        let authority: ArraySlice<UInt8>
        if parts.count >= 2, Self.hasScheme(bytes) {
            authority = parts[1]
            parts.removeFirst(2)
        } else if let first = parts.first, first.contains(UInt8(ascii: "@")), let colon = first.firstIndex(of: UInt8(ascii: ":")) {
            authority = first[..<colon]
            parts[0] = first[(colon + 1)...]
        } else if let first = parts.first, first.contains(UInt8(ascii: ".")), parts.count > 1 {
            authority = first
            parts.removeFirst()
        } else {
            guard parts.count == 2, let id = Self.id(in: parts[1]) else { return nil }
            self.init(id, owner: String(decoding: parts[0].withoutGitSuffix, as: UTF8.self), .withOwner)
            return
        }
        self.init(urlPath: parts, at: Self.host(in: authority))
    }

    private init(_ id: GistID, owner: String?, _ form: Form, at host: String? = nil) {
        (self.id, self.owner, self.form, self.host) = (id, owner, form, host)
    }

    /// - Parameter authority: What stands before a URL's path: `USER@HOST:PORT`.
    static func host(in authority: ArraySlice<UInt8>) -> String {
        let place = authority.split(separator: UInt8(ascii: "@")).last ?? []
        let isIPv6 = place.first == UInt8(ascii: "[")
        let name = isIPv6 ? place.dropFirst().prefix { $0 != UInt8(ascii: "]") } : place.prefix { $0 != UInt8(ascii: ":") }
        return String(decoding: name, as: UTF8.self).lowercased()
    }

    /// - Parameter parts: What stands between the slashes of a URL's path, without query and fragment.
    init?(urlPath parts: [ArraySlice<UInt8>], at host: String) {
        var parts = parts[...]
        if let place = parts.firstIndex(where: { $0.elementsEqual("gist".utf8) || $0.elementsEqual("gists".utf8) }),
            place + 1 < parts.endIndex
        {
            parts = parts[(place + 1)...]
        }
        guard let first = parts.first else { return nil }
        if let second = parts.dropFirst().first, let id = Self.id(in: second) {
            self.init(id, owner: String(decoding: first.withoutGitSuffix, as: UTF8.self), .url, at: host)
        } else if let id = Self.id(in: first) {
            self.init(id, owner: nil, .url, at: host)
        } else {
            return nil
        }
    }

    private static func id(in part: ArraySlice<UInt8>) -> GistID? {
        let bare = part.withoutGitSuffix
        // `local-` and 32 digits are the longest.
        guard bare.count <= 38 else { return nil }
        return GistID(bare: String(decoding: bare, as: UTF8.self))
    }

    private static func hasScheme(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            rest = rest[(colon + 1)...]
            if rest.starts(with: "//".utf8) { return true }
        }
        return false
    }
}

extension ArraySlice<UInt8> {
    /// Without the `.git` of a clone URL.
    fileprivate var withoutGitSuffix: ArraySlice<UInt8> { suffix(4).elementsEqual(".git".utf8) ? dropLast(4) : self }
}

extension GistReference {
    /// Whether somebody who wrote this meant an id or an address, not a title.
    public static func isMeantAsOne(_ written: String) -> Bool {
        let text = written.trimmed
        return text.utf8.contains(UInt8(ascii: "/")) && !text.utf8.contains(UInt8(ascii: " ")) || SHA1Digest(hex: text) != nil
            || text.isEmpty
    }

    /// Why a text names no gist, for who wrote it; nil when it names one.
    public static func problem(with written: String) -> String? {
        guard GistReference(written) == nil else { return nil }
        let last = written.trimmed.utf8.split { $0 == UInt8(ascii: "/") }.last.map { String(Substring($0)) } ?? ""
        let shown = Quotation.of(String(written.prefix(200)))
        if SHA1Digest(hex: last) != nil {
            return "\(shown) is a revision (40 digits), not a gist id: that has 32 or 20 digits and stands before it in the URL"
        }
        return "\(shown) names no gist: give an id, OWNER/ID, the gist's URL, or the title of a catalog's entry"
    }
}
