/// A page that lists models with links to their gists: a wiki's Markdown, or the HTML that a browser gets of it.
///
/// The id is the identity of an entry. Most links of a real page lead to no gist at all; they are told apart, not lost.
public struct CatalogPage: Hashable, Sendable {
    /// One gist that the page lists.
    public struct Entry: Hashable, Sendable {
        /// The link's text; of a bare link the heading above it; where there is none, the id.
        public let title: String
        /// As the link writes it; nil when no link to this gist names one.
        public fileprivate(set) var owner: String?
        public let id: GistID
        /// Where the page links the gist first, from 1.
        public let line: Int
    }

    /// Each id once, in page order.
    public let entries: [Entry]
    /// Web addresses that are no gists, as written, each once, in page order.
    public let notGists: [String]

    /// Never fails: what is no link is passed over, bytes that are no UTF-8 too. Time is linear in the size.
    public init(_ bytes: [UInt8]) {
        let text = CatalogPageText(bytes)
        var titles = CatalogPageTitles(text)
        var lines = LineCount(bytes)
        var places: [GistID: Int] = [:]
        var entries: [Entry] = []
        var seen: Set<String> = []
        var notGists: [String] = []
        for link in CatalogPageLinks.all(in: text) where seen.insert(link.url).inserted {
            guard let gist = GistReference.linked(by: link.url) else {
                notGists.append(link.url)
                continue
            }
            if let place = places[gist.id] {
                entries[place].owner = entries[place].owner ?? gist.owner
                continue
            }
            places[gist.id] = entries.count
            let title = titles.title(of: link) ?? gist.id.description
            entries.append(Entry(title: title, owner: gist.owner, id: gist.id, line: lines.line(at: link.position)))
        }
        (self.entries, self.notGists) = (entries, notGists)
    }
}

extension CatalogPage.Entry: Encodable {
    private enum CodingKeys: String, CodingKey { case title, owner, id }

    /// Without the line, and with `null` for an owner that is not known.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(title, forKey: .title)
        try container.encode(owner, forKey: .owner)
        try container.encode(id, forKey: .id)
    }
}

/// Numbers of lines for positions that only grow.
private struct LineCount {
    private let bytes: [UInt8]
    private var next: Int
    private var line = 0

    init(_ bytes: [UInt8]) { (self.bytes, next) = (bytes, 0) }

    mutating func line(at position: Int) -> Int {
        while next <= position, let found = TextLine(in: bytes, at: next) {
            line += 1
            next = found.end
        }
        return max(line, 1)
    }
}
