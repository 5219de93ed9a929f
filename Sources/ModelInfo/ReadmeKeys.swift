/// All keys of a readme: those of its block and, for what the block does not say, those that stand elsewhere.
struct ReadmeKeys {
    let frontmatter: Frontmatter
    /// In the order of the file within each layout.
    let occurrences: [KeyOccurrence]
    let diagnostics: [Diagnostic]

    init(_ bytes: [UInt8], fileName: String) {
        let lines = TextLine.all(inReadme: bytes)
        frontmatter = Frontmatter(bytes, lines: lines, fileName: fileName)
        let block = frontmatter.occurrences
        let text = TextKeys(in: bytes, lines: lines, taken: frontmatter.taken, hasModel: block.contains { $0.known?.isOfBinary == true })
        var found = block + text.occurrences
        func lacks(_ key: KnownKey) -> Bool { !found.contains { $0.known == key && !$0.text.isNothing || $0.known == .binaries } }
        if lacks(.caffemodelURL), !text.fenced.isEmpty {
            let said = Set(found.compactMap(\.known))
            found += text.fenced.filter { occurrence in
                occurrence.known.map { !said.contains($0) || lacks($0) } ?? said.isDisjoint(with: [.caffemodel])
            }
        }
        if lacks(.caffemodelURL) {
            let sentences = SentenceKeys(in: bytes, lines: lines, taken: frontmatter.taken)
            found += sentences.keys.filter { $0.known.map(lacks) ?? false }
            if lacks(.caffemodelURL) { found += sentences.urls(for: found.filter { $0.known == .caffemodel && !$0.text.isNothing }) }
        }
        occurrences = found
        diagnostics = Self.diagnostics(frontmatter, elsewhere: found.dropFirst(block.count), fileName: fileName)
    }

    private static func diagnostics(_ frontmatter: Frontmatter, elsewhere: ArraySlice<KeyOccurrence>, fileName: String) -> [Diagnostic] {
        var diagnostics = frontmatter.diagnostics
        let places = elsewhere.map(\.line)
        if let first = places.min(), let last = places.max() {
            let span = first == last ? "line \(first)" : "lines \(first) to \(last)"
            let missing = Diagnostic(
                .missingFrontmatter, file: fileName, line: 1, column: 1,
                message:
                    "no frontmatter block; \(places.count == 1 ? "one key was" : "\(places.count) keys were") read from the text, \(span)",
                hint: "put the keys between two lines '---' at the top")
            if let index = diagnostics.firstIndex(where: { $0.code == .missingFrontmatter }) {
                diagnostics[index] = missing
            } else if frontmatter.foreignLine != nil, !frontmatter.occurrences.contains(where: { $0.known != nil }) {
                diagnostics.append(missing)
            }
        }
        if let line = frontmatter.foreignLine {
            diagnostics.append(
                Diagnostic(
                    .frontmatterForeign, file: fileName, line: line, column: 1,
                    message: "this frontmatter block holds no key of model info",
                    hint: "add the keys to it, beginning with name and caffemodel"))
        }
        return diagnostics
    }
}

extension String? {
    fileprivate var isNothing: Bool { self?.isEmpty ?? true }
}
