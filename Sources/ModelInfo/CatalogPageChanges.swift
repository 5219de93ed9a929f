extension CatalogPage {
    /// Of a page with so many entries or more, the loss of nearly all is told from the loss of a few.
    private static let leastKnownCount = 5
    /// Wiped is what keeps less than one entry in so many.
    private static let leastKeptPart = 5

    /// What a comparison with the last good page shows; nothing when the change is an ordinary one.
    ///
    /// `wiki-wiped`: none of the known gists is left, or, of five and more, less than a fifth, whatever new ones there are. The wiki's
    /// page was destroyed twice, and restored each time: entries go one by one, vandals take all.
    /// - Parameter file: The page's name, for the diagnostics.
    public func diagnostics(comparedWith previous: CatalogPage, file: String) -> [Diagnostic] {
        let now = Dictionary(entries.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let known = previous.entries.count
        let kept = previous.entries.count { now[$0.id] != nil }
        var diagnostics: [Diagnostic] = []
        if known > 0, kept == 0 || known >= Self.leastKnownCount && kept * Self.leastKeptPart < known {
            diagnostics.append(
                Diagnostic(
                    .wikiWiped, file: file, line: 1, column: 1,
                    message: "\(known - kept) of the \(known) gists that the page listed are gone at once; the old list stays in force",
                    hint: "look at the page's history: mostly somebody wiped it, and it comes back"))
        }
        for old in previous.entries {
            guard let before = old.owner, let entry = now[old.id], let owner = entry.owner else { continue }
            // Names of accounts are the same in either case.
            guard !before.lowercased().hasSameBytes(as: owner.lowercased()) else { continue }
            diagnostics.append(
                Diagnostic(
                    .wikiOwnerChanged, file: file, line: entry.line, column: 1,
                    message: "gist \(old.id) is listed under \(Quotation.of(owner)) now, and was under \(Quotation.of(before))",
                    hint: "nothing to do: the id is what counts. Accounts get new names; look at the gist if this one is a stranger's"))
        }
        return diagnostics
    }
}

/// What `zooctl catalog parse --json` prints.
public struct CatalogPageReport: Sendable, Encodable {
    public let schema = "zood.catalogPage/1"
    public let entries: [CatalogPage.Entry]
    /// Links that lead to no gist.
    public let notGists: [String]
    /// What the comparison with the previous page showed.
    public let diagnostics: [Diagnostic]

    /// - Parameters:
    ///   - previous: The last good state of the same page; nil compares with nothing.
    ///   - file: The page's name, for the diagnostics.
    public init(_ page: CatalogPage, previous: CatalogPage?, file: String) {
        (entries, notGists) = (page.entries, page.notGists)
        diagnostics = previous.map { page.diagnostics(comparedWith: $0, file: file) } ?? []
    }

    /// Whether any diagnostic is an error: `zooctl catalog parse` then exits with 12.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
