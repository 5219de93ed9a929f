/// A gist as people write it: a bare id, `owner/id`, or any URL of it.
public struct GistReference: Hashable, Sendable {
    public enum Form: Hashable, Sendable { case bare, withOwner, url }

    public let id: GistID
    /// As written; nil when none is.
    public let owner: String?
    public let form: Form

    /// - Parameter written: `ID`, `OWNER/ID`, `https://gist.github.com/OWNER/ID` with anything behind it, a raw URL, an Enterprise
    ///   Server's `https://HOST/gist/OWNER/ID`, a clone URL. Anything in which no id can be told gives nil.
    public init?(_ written: String) {
        let text = written.withoutInvisibles.trimmed
        if let id = GistID(bare: text) {
            (self.id, owner, form) = (id, nil, .bare)
            return
        }
        let path = text.utf8.split { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }.first
        var parts = path.map { $0.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) } } ?? []
        let isURL: Bool
        let bytes = text.utf8
        if parts.count >= 2, bytes.indices.contains(where: { bytes[$0] == UInt8(ascii: ":") && bytes[$0...].starts(with: "://".utf8) }) {
            parts.removeFirst(2)
            isURL = true
        } else if let first = parts.first, first.contains("@"), let colon = first.firstIndex(of: ":") {
            parts[0] = String(first[first.index(after: colon)...])
            isURL = true
        } else if let first = parts.first, first.contains("."), parts.count > 1 {
            parts.removeFirst()
            isURL = true
        } else {
            isURL = false
        }
        if isURL, let place = parts.firstIndex(where: { $0 == "gist" || $0 == "gists" }), place + 1 < parts.count {
            parts.removeFirst(place + 1)
        }
        parts = parts.map { $0.utf8.reversed().starts(with: "tig.".utf8) ? String($0.dropLast(4)) : $0 }
        guard isURL || parts.count == 2 else { return nil }
        if parts.count >= 2, let id = GistID(bare: parts[1]) {
            (self.id, owner, form) = (id, parts[0], isURL ? .url : .withOwner)
        } else if isURL, let first = parts.first, let id = GistID(bare: first) {
            (self.id, owner, form) = (id, nil, .url)
        } else {
            return nil
        }
    }
}

extension GistReference {
    /// Why a text names no gist, for who wrote it; nil when it names one.
    public static func problem(with written: String) -> String? {
        guard GistReference(written) == nil else { return nil }
        let last = written.trimmed.utf8.split { $0 == UInt8(ascii: "/") }.last.map { String(Substring($0)) } ?? ""
        let shown = Quotation.of(String(written.prefix(200)))
        if SHA1Digest(hex: last) != nil {
            return "\(shown) is a revision (40 digits), not a gist id: that has 32 or 20 digits and stands before it in the URL"
        }
        return "\(shown) names no gist: give an id, OWNER/ID, or the gist's URL; entries of catalogs are not known by name yet"
    }
}
