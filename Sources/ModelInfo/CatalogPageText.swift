/// A page's bytes with what a reader of the page does not see, or sees as code, told apart from its running text.
///
/// Real pages are loose: headings without a blank, tabs, blanks at line ends, tables of contents between comments.
struct CatalogPageText {
    /// What one byte belongs to.
    enum Part: UInt8 {
        case text
        /// Inside a code span: shown, but no markup and no link.
        case literal
        /// A comment, a block of code, a definition: no part of the text.
        case hidden
    }

    /// A place at which links that are still open end, and possibly a heading begins.
    struct Boundary {
        let position: Int
        /// The heading's text.
        let heading: Range<Int>?
    }

    let bytes: [UInt8]
    /// One for each byte.
    private(set) var parts: [Part]
    /// By position.
    private(set) var boundaries: [Boundary] = []
    /// Where `[label]: url` gives the URL, by the label in lower case. The first of several counts.
    private(set) var definitions: [[UInt8]: Range<Int>] = [:]
    /// A whole HTML page; Markdown's rules do not hold in it.
    let isHTML: Bool

    /// Bytes of a label of a definition; longer ones are no labels.
    static let maximumLabelByteCount = 200

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        parts = [Part](repeating: .text, count: bytes.count)
        let start = bytes.firstIndex { !($0.isBlank || $0.isLineEnd || [0xEF, 0xBB, 0xBF].contains($0)) } ?? bytes.count
        isHTML = bytes.hasASCII("<!doctype html", at: start) || bytes.hasASCII("<html", at: start)
        if isHTML { markComments() } else { markBlocks() }
    }

    /// Whether the byte at `position` exists, is running text, and is this ASCII character.
    func isText(_ character: Unicode.Scalar, at position: Int) -> Bool {
        position < bytes.count && bytes[position] == UInt8(ascii: character) && parts[position] == .text
    }

    /// What a label is looked up by; nil when it is too long to be one.
    func key(ofLabel range: Range<Int>) -> [UInt8]? {
        guard (1...Self.maximumLabelByteCount).contains(range.count) else { return nil }
        return bytes[range].map(\.lowercasedASCII)
    }

    private mutating func mark(_ range: Range<Int>, _ part: Part) {
        for index in range { parts[index] = part }
    }

    // MARK: HTML

    private mutating func markComments() {
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<"), bytes.hasASCII("<!--", at: index) else {
                index += 1
                continue
            }
            let end = bytes.endOfComment(from: index + 4, to: bytes.count) ?? bytes.count
            mark(index..<end, .hidden)
            index = end
        }
    }

    // MARK: Markdown

    private enum Before { case blank, paragraph(Range<Int>), other }

    private struct State {
        var fence: (mark: UInt8, count: Int)?
        var isInComment = false
        var isInList = false
        var before = Before.blank
    }

    private mutating func markBlocks() {
        var state = State()
        var start = 0
        while let line = TextLine(in: bytes, at: start) {
            start = line.end
            markLine(line.content, &state)
        }
    }

    private mutating func markLine(_ line: Range<Int>, _ state: inout State) {
        if state.isInComment {
            let end = bytes.endOfComment(from: line.lowerBound, to: line.upperBound)
            state.isInComment = end == nil
            mark(line.lowerBound..<(end ?? line.upperBound), .hidden)
            if let end { markSpans(end..<line.upperBound, &state) }
            return
        }
        let trimmed = trim(line)
        if let fence = state.fence {
            let run = bytes[trimmed].prefix { $0 == fence.mark }.count
            if run >= fence.count, run == trimmed.count { state.fence = nil }
            mark(line, .hidden)
            return
        }
        guard !trimmed.isEmpty else {
            boundaries.append(Boundary(position: line.lowerBound, heading: nil))
            state.before = .blank
            return
        }
        let isItem = isListItem(trimmed)
        if columns(line.lowerBound..<trimmed.lowerBound) >= 4, !state.isInList, !isItem, !beginsWithLink(trimmed) {
            if case .paragraph = state.before {} else { return mark(line, .hidden) }
        }
        if let fence = fence(trimmed) {
            state.fence = fence
            return mark(line, .hidden)
        }
        if let (label, url) = definition(trimmed) {
            definitions[label] = definitions[label] ?? url
            state.before = .other
            return mark(line, .hidden)
        }
        if let heading = heading(trimmed) {
            boundaries.append(Boundary(position: line.lowerBound, heading: heading))
            (state.before, state.isInList) = (.other, false)
        } else if case .paragraph(let text) = state.before, isUnderline(trimmed) {
            boundaries.append(Boundary(position: text.lowerBound, heading: text))
            state.before = .other
        } else if isItem {
            boundaries.append(Boundary(position: line.lowerBound, heading: nil))
            (state.before, state.isInList) = (.other, true)
        } else {
            if case .blank = state.before, trimmed.lowerBound - line.lowerBound < 2 { state.isInList = false }
            state.before = .paragraph(trimmed)
        }
        markSpans(trimmed, &state)
    }

    private func trim(_ line: Range<Int>) -> Range<Int> {
        guard let first = line.first(where: { !bytes[$0].isBlank }) else { return line.upperBound..<line.upperBound }
        let last = line.last { !bytes[$0].isBlank } ?? first
        return first..<(last + 1)
    }

    private func columns(_ blanks: Range<Int>) -> Int {
        blanks.reduce(0) { bytes[$1] == UInt8(ascii: "\t") ? ($0 / 4 + 1) * 4 : $0 + 1 }
    }

    /// `- `, `* `, `+ `, `1. `, `1) `, and without the blank before a link.
    private func isListItem(_ line: Range<Int>) -> Bool {
        let digits = bytes[line].prefix { $0.isDecimalDigit }.count
        let behind: Int
        if digits > 0 {
            guard digits < 10, digits < line.count, ".)".utf8.contains(bytes[line.lowerBound + digits]) else { return false }
            behind = line.lowerBound + digits + 1
        } else {
            guard "-*+".utf8.contains(bytes[line.lowerBound]) else { return false }
            behind = line.lowerBound + 1
        }
        return behind < line.upperBound && (bytes[behind].isBlank || bytes[behind] == UInt8(ascii: "["))
    }

    private func beginsWithLink(_ line: Range<Int>) -> Bool {
        "[<".utf8.contains(bytes[line.lowerBound]) || CatalogPageLinks.isWebAddress(bytes, at: line.lowerBound)
    }

    private func fence(_ line: Range<Int>) -> (mark: UInt8, count: Int)? {
        let mark = bytes[line.lowerBound]
        guard "`~".utf8.contains(mark) else { return nil }
        let count = bytes[line].prefix { $0 == mark }.count
        guard count >= 3, mark == UInt8(ascii: "~") || !bytes[line].dropFirst(count).contains(mark) else { return nil }
        return (mark, count)
    }

    private func heading(_ line: Range<Int>) -> Range<Int>? {
        let marks = bytes[line].prefix { $0 == UInt8(ascii: "#") }.count
        guard (1...6).contains(marks), marks < line.count else { return nil }
        // `#1827` is a number of an issue, `#Zoo` a heading in a hurry.
        if marks == 1, bytes[line.lowerBound + 1].isDecimalDigit { return nil }
        let text = trim(line.lowerBound + marks..<line.upperBound)
        let closing = bytes[text].reversed().prefix { $0 == UInt8(ascii: "#") }.count
        return trim(text.lowerBound..<(text.upperBound - closing))
    }

    private func isUnderline(_ line: Range<Int>) -> Bool {
        let mark = bytes[line.lowerBound]
        return "=-".utf8.contains(mark) && bytes[line].allSatisfy { $0 == mark }
    }

    /// `[label]: url`; footnotes are text.
    private func definition(_ line: Range<Int>) -> (label: [UInt8], url: Range<Int>)? {
        guard bytes[line.lowerBound] == UInt8(ascii: "["), line.count > 4, bytes[line.lowerBound + 1] != UInt8(ascii: "^") else {
            return nil
        }
        let start = line.lowerBound + 1
        let end = bytes[start..<line.upperBound].prefix(Self.maximumLabelByteCount + 1).firstIndex { "[]".utf8.contains($0) }
        guard let end, bytes[end] == UInt8(ascii: "]"), end + 1 < line.upperBound, bytes[end + 1] == UInt8(ascii: ":") else { return nil }
        guard let label = key(ofLabel: start..<end) else { return nil }
        var url = trim(end + 2..<line.upperBound)
        guard !url.isEmpty else { return nil }
        if bytes[url.lowerBound] == UInt8(ascii: "<") { url = (url.lowerBound + 1)..<url.upperBound }
        let stop = url.first { bytes[$0].isBlank || bytes[$0] == UInt8(ascii: ">") } ?? url.upperBound
        return (label, url.lowerBound..<stop)
    }

    /// Comments and code spans of one line. A comment that does not end hides the rest of the page, as it does in a browser.
    private mutating func markSpans(_ line: Range<Int>, _ state: inout State) {
        var runs: ArraySlice<Run>?
        var index = line.lowerBound
        while index < line.upperBound {
            switch bytes[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "<") where bytes.hasASCII("<!--", at: index):
                let end = bytes.endOfComment(from: index + 4, to: line.upperBound)
                state.isInComment = end == nil
                mark(index..<(end ?? line.upperBound), .hidden)
                index = end ?? line.upperBound
            case UInt8(ascii: "`"):
                var rest = runs ?? runsOfBackticks(index..<line.upperBound)[...]
                while let run = rest.first, run.range.lowerBound < index { rest.removeFirst() }
                runs = rest
                let run = rest.first ?? Run(range: index..<(index + 1))
                mark(run.range, .hidden)
                index = run.range.upperBound
                guard let closer = run.closer else { continue }
                mark(index..<closer, .literal)
                mark(closer..<(closer + run.range.count), .hidden)
                index = closer + run.range.count
            default: index += 1
            }
        }
    }

    /// Backticks side by side.
    private struct Run {
        let range: Range<Int>
        /// Where the next run of the same length begins.
        var closer: Int?
    }

    private func runsOfBackticks(_ line: Range<Int>) -> [Run] {
        var runs: [Run] = []
        var lastOfLength: [Int: Int] = [:]
        var index = line.lowerBound
        while index < line.upperBound {
            let count = bytes[index..<line.upperBound].prefix { $0 == UInt8(ascii: "`") }.count
            if count > 0 {
                if let before = lastOfLength.updateValue(runs.count, forKey: count) { runs[before].closer = index }
                runs.append(Run(range: index..<(index + count)))
            }
            index += max(count, 1)
        }
        return runs
    }
}

extension [UInt8] {
    /// Whether this ASCII text, given in lower case, stands at `position` in either case.
    func hasASCII(_ text: String, at position: Int) -> Bool {
        guard count - position >= text.utf8.count else { return false }
        var index = position
        for byte in text.utf8 {
            guard self[index].lowercasedASCII == byte else { return false }
            index += 1
        }
        return true
    }

    /// Behind the next `-->`.
    fileprivate func endOfComment(from start: Int, to end: Int) -> Int? {
        var index = start
        while index + 3 <= end {
            if self[index] == UInt8(ascii: "-"), hasASCII("-->", at: index) { return index + 3 }
            index += 1
        }
        return nil
    }
}

extension UInt8 {
    var isLineEnd: Bool { self == .lineFeed || self == .carriageReturn }

    var isDecimalDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

    /// An ASCII capital as its small letter; anything else as it is.
    var lowercasedASCII: UInt8 { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self ? self | 0x20 : self }

    /// What a backslash may stand before in Markdown.
    var isASCIIPunctuation: Bool { 0x21...0x7E ~= self && !isAlphanumeric }
}
