/// What is said of a binary in the middle of sentences: `(caffemodel_url: http://…).`, and URLs of binaries that stand for themselves.
struct SentenceKeys {
    private(set) var keys: [KeyOccurrence] = []
    private(set) var links: [KeyOccurrence] = []

    private static let maximumCount = 50

    init(in bytes: [UInt8], lines: [TextLine], taken: [Range<Int>]) {
        var index = 0
        var fence: CodeFence?
        while index < lines.count {
            let line = lines[index].content
            let marks = LineMarks(line, in: bytes)
            if marks.mayBeFence, let marks = CodeFence(line, in: bytes) {
                if let open = fence { fence = open.isClosed(by: marks) ? nil : open } else { fence = marks }
            }
            if let range = taken.first(where: { $0.contains(line.lowerBound) }) {
                while index < lines.count, lines[index].content.lowerBound < range.upperBound { index += 1 }
                continue
            }
            if marks.hasColon, line.count <= 64 * 1024 { read(line, number: index + 1, isFenced: fence != nil, bytes) }
            index += 1
        }
    }

    /// URLs of binaries in the text, for names that have none.
    ///
    /// A name gets the URL that ends in it, and no other. Without any name, each URL is a binary of its own, of which only the URL is known.
    func urls(for names: [KeyOccurrence]) -> [KeyOccurrence] {
        guard !names.isEmpty else {
            return links.enumerated().map { number, link in link.placed(in: number + 1, layout: .link) }
        }
        let linkByStem = Dictionary(links.map { (Self.stem($0.value), $0) }, uniquingKeysWith: { first, _ in first })
        return names.compactMap { name in
            linkByStem[Self.stem(MarkdownValue(name.value).text)]?.placed(in: name.section, layout: name.layout)
        }
    }

    /// - Parameter isFenced: The line is in a code fence: a URL in it may be that of the binary, keys are of another language.
    private mutating func read(_ line: Range<Int>, number: Int, isFenced: Bool, _ bytes: [UInt8]) {
        var index = line.lowerBound
        var said: [KeyOccurrence] = []
        defer {
            // A digest or an id in a sentence is that of the binary when the sentence is about one.
            if said.contains(where: { $0.known == .caffemodel || $0.known == .caffemodelURL }) { keys += said }
        }
        while index < line.upperBound, keys.count + said.count < Self.maximumCount, links.count < Self.maximumCount {
            guard bytes[index] == UInt8(ascii: ":") else {
                index += 1
                continue
            }
            // What was read once as a word is not looked into again.
            let isLink = bytes.hasSlashes(at: index + 1, before: line.upperBound)
            let found = isLink ? link(around: index, line, number, bytes) : key(before: index, line, number, bytes)
            index = max(index + 1, found?.end ?? 0)
            guard let occurrence = found?.occurrence else { continue }
            if !isLink {
                if !isFenced { said.append(occurrence) }
            } else if !links.contains(where: { $0.value.hasSameBytes(as: occurrence.value) }) {
                links.append(occurrence)
            }
        }
    }

    /// A word that was read, and what it says of a binary, if anything.
    private typealias Found = (occurrence: KeyOccurrence?, end: Int)

    // MARK: Keys

    private func key(before colon: Int, _ line: Range<Int>, _ number: Int, _ bytes: [UInt8]) -> Found? {
        var end = colon
        while end > line.lowerBound, Self.isMark(bytes[end - 1]) { end -= 1 }
        var start = end
        while start > line.lowerBound, end - start < 40, Self.isOfKey(bytes[start - 1]) {
            start -= 1
        }
        guard start < end, let known = KnownKey(spelledBy: start..<end, of: bytes) else { return nil }
        var place = colon + 1
        while place < line.upperBound, bytes[place].isBlank || Self.isMark(bytes[place]) { place += 1 }
        guard place < line.upperBound else { return nil }
        guard Self.mayConvince(known) || bytes[place] == UInt8(ascii: "[") else { return (nil, Self.endOfWord(at: place, line, bytes)) }
        if bytes[place] != UInt8(ascii: "[") {
            // Most words are too short to be looked at as text.
            let end = Self.endOfWord(at: place, line, bytes)
            guard end - place >= Self.leastByteCount(of: known) else { return (nil, end) }
        }
        let (value, wordEnd) = Self.word(at: place, line, bytes)
        let isConvincing =
            switch known {
            case .caffemodelURL: value.holdsASCII("://")
            case .caffemodel: DirectoryReader.isCaffemodel(value)
            case .sha1: SHA1Digest(hex: value) != nil
            case .gistID: GistReference(value) != nil && value.utf8.count >= 20
            default: false
            }
        guard isConvincing else { return (nil, wordEnd) }
        let occurrence = KeyOccurrence(
            key: ReadableText.string(bytes[start..<end]), value: value, shape: .severalLines, line: number,
            column: TextValue.column(of: start, from: line.lowerBound, in: bytes),
            valueColumn: TextValue.column(of: place, from: line.lowerBound, in: bytes), layout: .sentence, section: 0)
        return (occurrence, wordEnd)
    }

    /// Whether a value can show that a sentence is about a binary.
    private static func mayConvince(_ key: KnownKey) -> Bool { key.isOfBinary || key == .gistID }

    /// Bytes of a value that can; of an id they may be three times as many in UTF-8, which is counted.
    private static func leastByteCount(of key: KnownKey) -> Int {
        switch key {
        case .caffemodel: ".caffemodel".utf8.count
        case .sha1: 40
        case .gistID: 20 / 3
        default: "://".utf8.count
        }
    }

    private static func isOfKey(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "\\")
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "`"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }

    // MARK: URLs

    private func link(around colon: Int, _ line: Range<Int>, _ number: Int, _ bytes: [UInt8]) -> Found? {
        var start = colon
        while start > line.lowerBound, colon - start < 8, bytes[start - 1].isAlphanumeric { start -= 1 }
        let scheme = String(decoding: bytes[start..<colon], as: UTF8.self).lowercased()
        guard scheme == "http" || scheme == "https" || scheme == "ftp" else { return nil }
        let (url, end) = Self.word(at: start, line, bytes)
        let path = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard String(Substring(path)).lowercased().hasSuffix(".caffemodel") else { return (nil, end) }
        let occurrence = KeyOccurrence(
            key: KnownKey.caffemodelURL.rawValue, value: url, shape: .severalLines, line: number,
            column: TextValue.column(of: start, from: line.lowerBound, in: bytes), layout: .link)
        return (occurrence, end)
    }

    /// A word without what a sentence or markup puts around it; of a link, where it leads.
    private static func word(at start: Int, _ line: Range<Int>, _ bytes: [UInt8]) -> (text: String, end: Int) {
        if bytes[start] == UInt8(ascii: "["), let end = bytes[start..<line.upperBound].prefix(512).firstIndex(of: UInt8(ascii: ")")) {
            if let target = MarkdownValue(ReadableText.string(bytes[start...end])).target { return (target, end + 1) }
        }
        let end = endOfWord(at: start, line, bytes)
        let word = ReadableText.string(bytes[start..<end])
        return (word.hasPrefix("<") ? String(word.dropFirst()) : word, end)
    }

    /// Without the marks of a sentence behind it.
    private static func endOfWord(at start: Int, _ line: Range<Int>, _ bytes: [UInt8]) -> Int {
        var end = start
        var depth = 0
        scan: while end < line.upperBound, !bytes[end].isBlank {
            switch bytes[end] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth < 0 { break scan }
            case UInt8(ascii: "<") where end > start: break scan
            case UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "]"): break scan
            default: break
            }
            end += 1
        }
        while end > start, isOfSentence(bytes[end - 1]) { end -= 1 }
        return end
    }

    private static func isOfSentence(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"), UInt8(ascii: "?"),
            UInt8(ascii: "'"), UInt8(ascii: "*"):
            true
        default: false
        }
    }

    /// The last component without its extension, in lower case.
    private static func stem(_ text: String) -> String {
        let lower = String(decoding: text.lastComponent, as: UTF8.self).lowercased()
        return lower.hasSuffix(".caffemodel") ? String(lower.dropLast(11)) : lower
    }
}

extension [UInt8] {
    /// Whether `//` stands there.
    func hasSlashes(at index: Int, before end: Int) -> Bool {
        index + 1 < end && self[index] == UInt8(ascii: "/") && self[index + 1] == UInt8(ascii: "/")
    }
}

extension KeyOccurrence {
    fileprivate func placed(in section: Int, layout: Layout) -> KeyOccurrence {
        KeyOccurrence(
            key: key, value: value, shape: shape, line: line, column: column, valueColumn: valueColumn, layout: layout, section: section)
    }
}
