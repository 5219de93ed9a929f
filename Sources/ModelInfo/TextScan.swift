/// Goes through the lines of a readme's text once and cuts them into runs of keys and tables.
struct TextScan {
    let bytes: [UInt8]
    let lines: [TextLine]
    let taken: [Range<Int>]

    private(set) var runs: [KeyRun] = []
    /// Keys out of tables.
    private(set) var rows: [KeyOccurrence] = []
    private(set) var references = LinkReferences()

    private var run: KeyRun?
    private var section = 0
    private var entryCount = 0
    private var headingCount = 0
    /// The heading of this section announces keys.
    private var isAnnounced = false
    private var hasSeenText = false
    /// The last line of text ends with a brace, or braces stand in this fence.
    private var isBehindBrace = false
    private var previous = Previous.nothing
    private var fence: CodeFence?

    /// What the line before was.
    private enum Previous { case nothing, keys, text }

    init(in bytes: [UInt8], lines: [TextLine], taken: [Range<Int>]) {
        (self.bytes, self.lines, self.taken) = (bytes, lines, taken)
    }

    mutating func readAll() {
        var index = 0
        while index < lines.count {
            if let range = taken.first(where: { $0.contains(lines[index].content.lowerBound) }) {
                endRun()
                (previous, hasSeenText) = (.nothing, true)
                while index < lines.count, lines[index].content.lowerBound < range.upperBound { index += 1 }
            } else {
                index = read(index)
            }
        }
        endRun()
    }

    /// - Returns: The index of the line to go on with.
    private mutating func read(_ index: Int) -> Int {
        let line = lines[index]
        let text = bytes[line.content]
        if let marks = CodeFence(text) {
            readFence(marks)
        } else if fence?.isForeign == true {
            // Another language.
        } else if line.isBlank(in: bytes) || BlockDelimiter(line, in: bytes) != nil || ConflictMarkers.isMarker(text) {
            previous = .nothing
        } else if fence == nil, let table = KeyTable(at: index, lines, bytes) {
            readTable(table)
            return table.end
        } else {
            let words = MarkdownLine(line, in: bytes)
            if fence == nil, words.headingLevel == 0, isUnderlined(index), TextPair.all(in: words.words, of: bytes).isEmpty {
                begin(headedBy: words.words)
                return index + 2
            }
            readWords(words, at: index)
        }
        return index + 1
    }

    // MARK: Structure

    private mutating func readFence(_ marks: CodeFence) {
        if let open = fence {
            guard open.isClosed(by: marks) else { return }
            fence = nil
        } else {
            fence = marks
        }
        endRun()
        section += 1
        (previous, isBehindBrace) = (.nothing, false)
        if fence == nil { hasSeenText = true }
    }

    private mutating func readTable(_ table: KeyTable) {
        endRun()
        let found = table.occurrences(firstSection: section + 1)
        if rows.count < Self.maximumEntryCount { rows += found }
        section += table.rowCount + 2
        (previous, hasSeenText) = (.nothing, true)
    }

    /// Whether a line of `=` or `-` below makes it a heading.
    private func isUnderlined(_ index: Int) -> Bool {
        guard index + 1 < lines.count, previous == .nothing else { return false }
        let next = lines[index + 1].trimmedContent(in: bytes)
        guard let first = next.first, first == UInt8(ascii: "=") || first == UInt8(ascii: "-"), next.count >= 2 else { return false }
        return next.allSatisfy { $0 == first }
    }

    private mutating func begin(headedBy words: Range<Int>) {
        endRun()
        section += 1
        headingCount += 1
        isAnnounced = InfoHeading.announcesKeys(bytes[words])
        (previous, isBehindBrace) = (.nothing, false)
    }

    private mutating func endRun() {
        if let run, !run.entries.isEmpty { runs.append(run) }
        run = nil
    }

    private func isIndentedAsCode(_ index: Int) -> Bool {
        let indentation = bytes[lines[index].content].prefix(4)
        return indentation.first == UInt8(ascii: "\t") || indentation.count == 4 && indentation.allSatisfy(\.isBlank)
    }

    /// Nothing but one heading stands before this line.
    private var isAtTop: Bool { !hasSeenText && headingCount <= 1 }

    // MARK: Words

    private mutating func readWords(_ line: MarkdownLine, at index: Int) {
        guard !line.words.isEmpty else { return previous = .nothing }
        guard entryCount < Self.maximumEntryCount else { return readText(line) }
        let pairs = TextPair.all(in: line.words, of: bytes)
        if let first = pairs.first {
            if first.known == nil, first.value.isEmpty, InfoHeading.announcesKeys(bytes[first.key]) { return begin(headedBy: first.key) }
            // `## License:` is a heading; a sentence with a colon in it is text.
            let isPair = line.headingLevel == 0 ? KeyRun.isKeyLine(first, bytes) : first.known != nil && !first.value.isEmpty
            if isPair { return add(pairs, at: index) }
            // Among keys, a sentence with a colon is neither a key nor the end of them.
            if line.headingLevel == 0, previous == .keys { return }
        }
        if line.headingLevel > 0 { return begin(headedBy: line.words) }
        if references.take(bytes[line.words]) || takeValue(line) { return }
        if bytes[line.words].starts(with: "**".utf8), bytes[line.words].suffix(2).elementsEqual("**".utf8),
            InfoHeading.announcesKeys(bytes[line.words])
        {
            return begin(headedBy: line.words)
        }
        readText(line)
    }

    private mutating func readText(_ line: MarkdownLine) {
        let opens = bytes[line.words.upperBound - 1] == UInt8(ascii: "{")
        let hasBrace = opens || bytes[line.words].contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }
        // A run that is followed by `layer {`, at once or behind blank lines, is the head of a prototxt.
        if opens || hasBrace && previous == .keys { run?.isAmongBraces = true }
        if previous == .keys { run?.isEnded = false }
        endRun()
        isBehindBrace = opens || fence != nil && (isBehindBrace || hasBrace)
        (previous, hasSeenText) = (.text, true)
    }

    /// Of one file; more are a list of something else.
    private static let maximumEntryCount = 2000

    private mutating func add(_ pairs: [TextPair], at index: Int) {
        if run == nil {
            run = KeyRun(
                section: section, isAnnounced: isAnnounced || isAtTop && !isIndentedAsCode(index), isFenced: fence != nil,
                isBegun: previous != .text, isAmongBraces: isBehindBrace)
        }
        previous = .keys
        let line = lines[index].content
        for pair in pairs where entryCount < Self.maximumEntryCount {
            let value = TextValue.cleaned(pair.value, in: bytes, known: pair.known, isLiteral: fence != nil)
            if value.hasSuffix("{") { run?.isAmongBraces = true }
            let column = TextValue.column(of: pair.key.lowerBound, from: line.lowerBound, in: bytes)
            run?.entries.append(
                KeyRun.Entry(
                    known: pair.known, key: ReadableText.string(bytes[pair.key]), value: value, line: index + 1, column: column,
                    valueColumn: pair.value.isEmpty ? column : TextValue.column(of: pair.value.lowerBound, from: line.lowerBound, in: bytes)
                ))
            entryCount += 1
        }
    }

    /// A word behind a key that has no value yet is that value.
    private mutating func takeValue(_ line: MarkdownLine) -> Bool {
        guard var last = run?.entries.last, let known = last.known, last.value.isEmpty, last.items.isEmpty || line.isItem,
            last.items.count < 100, !bytes[line.words].contains(where: \.isBlank)
        else { return false }
        last.items.append(TextValue.cleaned(line.words, in: bytes, known: known, isLiteral: fence != nil))
        run?.entries.removeLast()
        run?.entries.append(last)
        previous = .keys
        return true
    }
}
