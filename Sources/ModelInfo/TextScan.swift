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
    private var tableCount = 0
    private var headingCount = 0
    /// The heading of this section announces keys.
    private var isAnnounced = false
    private var hasSeenText = false
    /// The last line of text ends with a brace, or braces stand in this fence.
    private var isBehindBrace = false
    private var previous = Previous.nothing
    private var fence: CodeFence? { didSet { isInForeignFence = fence?.isForeign == true } }
    private var isInForeignFence = false

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
        let marks = LineMarks(line.content, in: bytes)
        if marks.mayBeFence, let marks = CodeFence(line.content, in: bytes) {
            readFence(marks)
        } else if isInForeignFence {
            // Another language.
        } else if marks.first == nil || marks.mayBeDelimiter && BlockDelimiter(line, in: bytes) != nil
            || marks.mayBeConflict && ConflictMarkers.isMarker(line.content, in: bytes)
        {
            previous = .nothing
        } else if fence == nil, marks.hasBar, tableCount < Self.maximumTableCount, let table = KeyTable(at: index, lines, bytes) {
            readTable(table)
            return table.end
        } else {
            let words = MarkdownLine(line, in: bytes)
            let mayBePair = marks.hasColon
            if fence == nil, words.headingLevel == 0, isUnderlined(index),
                !mayBePair || TextPair.all(in: words.words, of: bytes).isEmpty
            {
                begin(headedBy: words.words)
                return index + 2
            }
            readWords(words, marks, at: index)
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
        tableCount += 1
        if rows.count < Self.maximumEntryCount { rows += table.occurrences(firstSection: section + 1) }
        section += table.rowCount + 2
        (previous, hasSeenText) = (.nothing, true)
    }

    /// Whether a line of `=` or `-` below makes it a heading.
    private func isUnderlined(_ index: Int) -> Bool {
        guard index + 1 < lines.count, previous == .nothing else { return false }
        let next = lines[index + 1]
        let end = next.trimmedEnd(in: bytes)
        guard end - next.content.lowerBound >= 2 else { return false }
        let first = bytes[next.content.lowerBound]
        guard first == UInt8(ascii: "=") || first == UInt8(ascii: "-") else { return false }
        for index in next.content.lowerBound..<end where bytes[index] != first { return false }
        return true
    }

    private mutating func begin(headedBy words: Range<Int>) {
        endRun()
        section += 1
        headingCount += 1
        isAnnounced = InfoHeading.announcesKeys(words, in: bytes)
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

    private mutating func readWords(_ line: MarkdownLine, _ marks: LineMarks, at index: Int) {
        guard !line.words.isEmpty else { return previous = .nothing }
        guard entryCount < Self.maximumEntryCount else { return readText(line, marks) }
        let pairs = marks.hasColon ? TextPair.all(in: line.words, of: bytes) : []
        if let first = pairs.first {
            if first.known == nil, first.value.isEmpty, InfoHeading.announcesKeys(first.key, in: bytes) {
                return begin(headedBy: first.key)
            }
            // `## License:` is a heading; a sentence with a colon in it is text.
            let isPair = line.headingLevel == 0 ? KeyRun.isKeyLine(first, bytes) : first.known != nil && !first.value.isEmpty
            if isPair { return add(pairs, at: index) }
            // Among keys, a sentence with a colon is neither a key nor the end of them.
            if line.headingLevel == 0, previous == .keys { return }
        }
        if line.headingLevel > 0 { return begin(headedBy: line.words) }
        if bytes[line.words.lowerBound] == UInt8(ascii: "[") && references.take(bytes[line.words]) || takeValue(line) { return }
        if bytes[line.words.lowerBound] == UInt8(ascii: "*"), bytes[line.words].starts(with: "**".utf8),
            bytes[line.words].suffix(2).elementsEqual("**".utf8), InfoHeading.announcesKeys(line.words, in: bytes)
        {
            return begin(headedBy: line.words)
        }
        readText(line, marks)
    }

    private mutating func readText(_ line: MarkdownLine, _ marks: LineMarks) {
        let opens = marks.hasBrace && bytes[line.words.upperBound - 1] == UInt8(ascii: "{")
        let hasBrace = marks.hasBrace
        // A run that is followed by `layer {`, at once or behind blank lines, is the head of a prototxt.
        if opens || hasBrace && previous == .keys { run?.isAmongBraces = true }
        if previous == .keys { run?.isEnded = false }
        endRun()
        isBehindBrace = opens || fence != nil && (isBehindBrace || hasBrace)
        (previous, hasSeenText) = (.text, true)
    }

    /// Of one file; more are a list of something else.
    private static let maximumEntryCount = 2000
    /// As ``maximumEntryCount``: lines of more are text.
    private static let maximumTableCount = 2000

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
        guard run != nil, var last = run?.entries.last, let known = last.known, last.value.isEmpty, last.items.isEmpty || line.isItem,
            last.items.count < 100, !bytes[line.words].contains(where: \.isBlank)
        else { return false }
        last.items.append(TextValue.cleaned(line.words, in: bytes, known: known, isLiteral: fence != nil))
        run?.entries.removeLast()
        run?.entries.append(last)
        previous = .keys
        return true
    }
}
