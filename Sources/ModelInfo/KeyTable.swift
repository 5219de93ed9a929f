/// A Markdown table that holds keys: a column for each key and a row for each binary, or a row for each key.
struct KeyTable {
    private struct Row {
        let number: Int
        let start: Int
        let cells: [Range<Int>]
    }

    private let bytes: [UInt8]
    private let rows: [Row]
    private let hasHeader: Bool
    /// Index of the line behind the table.
    let end: Int

    var rowCount: Int { rows.count }

    /// What lies below is not looked at.
    private static let maximumRowCount = 500

    /// Nil when no table begins there: a line that begins with `|`, or has one and a line of dashes below.
    init?(at index: Int, _ lines: [TextLine], _ bytes: [UInt8]) {
        guard Self.isRow(lines[index].content, bytes) else { return nil }
        let isUnderlined = index + 1 < lines.count && Self.isRule(lines[index + 1].content, bytes)
        guard isUnderlined || lines[index].firstMark(in: bytes) == UInt8(ascii: "|") else { return nil }
        var rows: [Row] = []
        var end = index
        while end < lines.count {
            let line = lines[end].content
            guard Self.isRow(line, bytes) else { break }
            if rows.count < Self.maximumRowCount, !Self.isRule(line, bytes) {
                rows.append(Row(number: end + 1, start: line.lowerBound, cells: Self.cells(of: line, bytes)))
            }
            end += 1
        }
        (self.bytes, self.rows, self.end, hasHeader) = (bytes, rows, max(end, index + 1), isUnderlined)
    }

    /// The keys of the table; empty when it is about something else. Each binary gets a section of its own, from `firstSection` on.
    func occurrences(firstSection: Int) -> [KeyOccurrence] {
        guard let header = rows.first else { return [] }
        let columns = header.cells.map(known)
        guard columns.contains(.caffemodel) || columns.contains(.caffemodelURL) else { return pairs(section: firstSection) }
        let isPaired = rows.dropFirst().contains { knownKey(of: $0) != nil } || !hasHeader && knownKey(of: header) != nil
        guard !isPaired || Set(columns.compactMap { $0 }).count > 1 else { return pairs(section: firstSection) }
        return columnOccurrences(columns, header, firstSection: firstSection)
    }

    // MARK: A column for each key

    private static let urlTitles: Set<String> = ["url", "link", "download", "download link", "download url", "weights", "model url"]
    private static let fileTitles: Set<String> = ["file", "filename", "file name", "model file"]

    private func columnOccurrences(_ known: [KnownKey?], _ header: Row, firstSection: Int) -> [KeyOccurrence] {
        var columns = known
        // Beside one column that zood knows, the other one of a binary may be called in plain words.
        for (title, key) in [(Self.urlTitles, KnownKey.caffemodelURL), (Self.fileTitles, .caffemodel)] where !columns.contains(key) {
            if let index = header.cells.indices.first(where: {
                columns[$0] == nil && title.contains(self.title(of: header.cells[$0]).lowercased())
            }) {
                columns[index] = key
            }
        }
        let titles = header.cells.map(title)
        var found: [KeyOccurrence] = []
        for (number, row) in rows.dropFirst().enumerated() {
            for (index, cell) in row.cells.enumerated() where index < columns.count {
                let title = titles[index]
                guard columns[index] != nil || title.utf8.contains(UInt8(ascii: "_")) else { continue }
                // The spelling of a title is told once.
                let isTitleKnown = KnownKey(spelled: title) != nil
                let key = columns[index].map { number == 0 && isTitleKnown ? title : $0.rawValue } ?? title
                if let occurrence = occurrence(key, of: columns[index], cell, at: cell.lowerBound, in: row, section: firstSection + number)
                {
                    found.append(occurrence)
                }
            }
        }
        return found
    }

    // MARK: A row for each key

    private func pairs(section: Int) -> [KeyOccurrence] {
        let isOfModel = rows.contains { row in knownKey(of: row).map(Self.keysOfModels.contains) ?? false }
        guard isOfModel else { return [] }
        let found = rows.enumerated().compactMap { number, row -> KeyOccurrence? in
            guard row.cells.count >= 2 else { return nil }
            let key = knownKey(of: row)
            let title = title(of: row.cells[0])
            // Titles above the columns are no pair.
            guard key != nil || !(number == 0 && hasHeader) && !title.isEmpty else { return nil }
            return occurrence(title, of: key, row.cells[1], at: row.cells[0].lowerBound, in: row, section: section)
        }
        return found.contains { !$0.value.isEmpty && $0.known.map(Self.keysOfModels.contains) ?? false } ? found : []
    }

    /// Only a model has these.
    private static let keysOfModels: Set<KnownKey> = [.caffemodel, .caffemodelURL, .gistID]

    private func knownKey(of row: Row) -> KnownKey? { row.cells.count >= 2 ? known(row.cells[0]) : nil }

    private func known(_ cell: Range<Int>) -> KnownKey? {
        guard !cell.isEmpty else { return nil }
        let isPlain =
            bytes[cell.lowerBound].isAlphanumeric && !bytes[cell].contains { !($0.isAlphanumeric || $0.isBlank || $0 == UInt8(ascii: "_")) }
        return isPlain ? KnownKey(spelledBy: cell, of: bytes) : KnownKey(spelled: title(of: cell))
    }

    private func occurrence(_ key: String, of known: KnownKey?, _ cell: Range<Int>, at place: Int, in row: Row, section: Int)
        -> KeyOccurrence?
    {
        let value = TextValue.cleaned(cell, in: bytes, known: known, isLiteral: false)
        guard !value.utf8.allSatisfy({ $0 == UInt8(ascii: "-") }) else { return nil }
        return KeyOccurrence(
            key: key, value: value, line: row.number, column: TextValue.column(of: place, from: row.start, in: bytes),
            valueColumn: TextValue.column(of: cell.lowerBound, from: row.start, in: bytes), layout: .text, section: section)
    }

    // MARK: Cells

    /// A cell's words as a key: without marks, a colon, or a remark in parentheses.
    private func title(of cell: Range<Int>) -> String {
        guard cell.count <= 80 else { return "" }
        let text = MarkdownValue(ReadableText.string(bytes[cell])).text
        let bare = text.utf8.last == UInt8(ascii: ":") ? String(text.dropLast()) : text
        guard bare.utf8.last == UInt8(ascii: ")"), let opening = bare.firstIndex(of: "("), opening != bare.startIndex else {
            return bare.trimmed
        }
        return String(bare[..<opening]).trimmed
    }

    private static func isRow(_ line: Range<Int>, _ bytes: [UInt8]) -> Bool {
        guard line.count <= BlockReader.maximumKeyLineCount else { return false }
        for index in line where bytes[index] == UInt8(ascii: "|") { return true }
        return false
    }

    private static func isRule(_ line: Range<Int>, _ bytes: [UInt8]) -> Bool {
        var (hasDash, hasBar) = (false, false)
        for index in line {
            switch bytes[index] {
            case UInt8(ascii: "-"): hasDash = true
            case UInt8(ascii: "|"): hasBar = true
            case UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\t"): break
            default: return false
            }
        }
        return hasDash && hasBar
    }

    private static func cells(of line: Range<Int>, _ bytes: [UInt8]) -> [Range<Int>] {
        var cells: [Range<Int>] = []
        var start = line.lowerBound
        for index in line where bytes[index] == UInt8(ascii: "|") && (index == line.lowerBound || bytes[index - 1] != UInt8(ascii: "\\")) {
            cells.append(trimmed(start..<index, bytes))
            start = index + 1
        }
        cells.append(trimmed(start..<line.upperBound, bytes))
        if cells.first?.isEmpty == true { cells.removeFirst() }
        if cells.last?.isEmpty == true { cells.removeLast() }
        return cells.count > 24 ? Array(cells.prefix(24)) : cells
    }

    private static func trimmed(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start].isBlank { start += 1 }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        return start..<end
    }
}
