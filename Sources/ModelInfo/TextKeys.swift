/// The keys that stand in a readme's text instead of a block: under a heading, bare, glued to heading marks, in lists, tables and code fences.
struct TextKeys {
    /// In the order of the file. Those in fences count only where the rest says nothing of a binary.
    private(set) var occurrences: [KeyOccurrence] = []
    private(set) var fenced: [KeyOccurrence] = []
    let references: LinkReferences

    /// - Parameters:
    ///   - lines: All lines of the file, so that an index tells a line's number.
    ///   - taken: Bytes that are no text.
    ///   - hasModel: A binary is declared outside the text.
    init(in bytes: [UInt8], lines: [TextLine], taken: [Range<Int>], hasModel: Bool) {
        var scan = TextScan(in: bytes, lines: lines, taken: taken)
        scan.readAll()
        references = scan.references
        let models = scan.runs.filter { !$0.isFenced && $0.isOfModel }
        let sections = Set(models.map(\.section))
        let isDeclared = hasModel || !models.isEmpty || !scan.rows.isEmpty
        occurrences = scan.rows.map { $0.resolved(by: scan.references) }
        for run in scan.runs {
            let entries: [KeyRun.Entry]
            let announced = run.announced(isDeclared: isDeclared)
            if run.isOfModel {
                entries = run.entries
            } else if !announced.isEmpty {
                entries = announced
            } else {
                entries = isDeclared ? run.standing(isInSection: sections.contains(run.section)) : []
            }
            let found = entries.map { Self.occurrence($0, in: run, references) }
            if run.isFenced { fenced += found } else { occurrences += found }
        }
        occurrences.sort { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    private static func occurrence(_ entry: KeyRun.Entry, in run: KeyRun, _ references: LinkReferences) -> KeyOccurrence {
        let isBehind = entry.value.isEmpty && !entry.items.isEmpty
        return KeyOccurrence(
            key: entry.key, value: references.resolving(entry.text),
            shape: !isBehind ? .oneLine : entry.items.count > 1 ? .list : .severalLines,
            items: entry.items.count > 1 ? entry.items.map(references.resolving) : [], line: entry.line, column: entry.column,
            valueColumn: entry.valueColumn, layout: run.isFenced ? .fence : .text, section: run.section)
    }
}

extension KeyOccurrence {
    fileprivate func resolved(by references: LinkReferences) -> KeyOccurrence {
        KeyOccurrence(
            key: key, value: references.resolving(value), shape: shape, items: items, line: line, column: column, valueColumn: valueColumn,
            layout: layout, section: section)
    }
}
