/// Turns what stands in a link or a heading into the words that a person reads there.
struct CatalogPageTitles {
    private let text: CatalogPageText
    /// Many bare links may stand below one heading.
    private var headings: [Int: String] = [:]

    /// Bytes of a label or heading that are looked at; a title is a line in a list.
    static let maximumByteCount = 2048

    init(_ text: CatalogPageText) { self.text = text }

    /// The link's text, or else its heading's. A text that is itself an address or an id says nothing. Nil when there are no words.
    mutating func title(of link: CatalogPageLink) -> String? {
        if let label = link.label {
            let title = Self.words(label, in: text)
            if !title.isEmpty, GistReference(title) == nil { return title }
        }
        guard let heading = link.heading else { return nil }
        let title = headings[heading.lowerBound] ?? Self.words(heading, in: text)
        headings[heading.lowerBound] = title
        return title.isEmpty ? nil : title
    }

    /// Whether a heading is but a link, so that the words above it still hold.
    static func isOnlyAddress(_ range: Range<Int>, in text: CatalogPageText) -> Bool {
        // Mostly a heading begins with a word.
        if let first = range.first, text.bytes[first].isAlphanumeric, !CatalogPageLinks.isWebAddress(text.bytes, at: first) { return false }
        return words(range, in: text).isEmpty
    }

    /// Without markup, tags, addresses and what is hidden; blanks and line ends as one blank.
    static func words(_ range: Range<Int>, in text: CatalogPageText) -> String {
        let bytes = text.bytes
        let end = min(range.upperBound, range.lowerBound + maximumByteCount)
        var words: [UInt8] = []
        var brackets: [Int] = []
        var index = range.lowerBound
        while index < end {
            let byte = bytes[index]
            switch text.parts[index] {
            case .hidden:
                index += 1
                continue
            case .literal:
                words.append(byte)
                index += 1
                continue
            case .text: break
            }
            switch byte {
            case UInt8(ascii: "<"):
                if let tag = CatalogPageTag(in: text, at: index), tag.end <= range.upperBound {
                    index = tag.end
                    continue
                }
            case UInt8(ascii: "\\"):
                if index + 1 < end, bytes[index + 1].isASCIIPunctuation {
                    index += 1
                    words.append(bytes[index])
                    index += 1
                    continue
                }
            case UInt8(ascii: "!") where text.isText("[", at: index + 1):
                index += 1
                continue
            case UInt8(ascii: "["): brackets.append(words.count)
            case UInt8(ascii: "]"):
                if let open = brackets.popLast(), let behind = endOfTarget(in: text, from: index + 1, to: end) {
                    // A NUL stands for nothing below.
                    words[open] = 0
                    index = behind
                    continue
                }
            case UInt8(ascii: "*") where text.isText("*", at: index + 1):
                index += 2
                continue
            case UInt8(ascii: "&"):
                if let (character, length) = entity(bytes[index..<end]) {
                    words.append(character)
                    index += length
                    continue
                }
            default:
                if let behind = CatalogPageLinks.endOfAddress(in: text, at: index) {
                    index = behind
                    continue
                }
            }
            words.append(byte)
            index += 1
        }
        return tidy(words)
    }

    /// Behind `(…)` or `[…]` after a bracket that closes.
    private static func endOfTarget(in text: CatalogPageText, from start: Int, to end: Int) -> Int? {
        let bytes = text.bytes
        var index = start
        while index < end, bytes[index].isBlank { index += 1 }
        guard index < end, index == start || CatalogPageLinks.isWebAddress(bytes, at: index + 1) else { return nil }
        let closer: UInt8
        switch bytes[index] {
        case UInt8(ascii: "("): closer = UInt8(ascii: ")")
        case UInt8(ascii: "["): closer = UInt8(ascii: "]")
        default: return nil
        }
        return bytes[index..<end].firstIndex(of: closer).map { $0 + 1 } ?? end
    }

    private static func entity(_ bytes: ArraySlice<UInt8>) -> (UInt8, Int)? {
        let known: [(String, UInt8)] = [
            ("&amp;", UInt8(ascii: "&")), ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")), ("&quot;", UInt8(ascii: "\"")),
            ("&#39;", UInt8(ascii: "'")), ("&nbsp;", UInt8(ascii: " ")),
        ]
        return known.first { bytes.starts(with: $0.0.utf8) }.map { ($0.1, $0.0.utf8.count) }
    }

    private static func tidy(_ words: [UInt8]) -> String {
        // Many headings are but marks, and nobody reads words there.
        guard words.contains(where: { $0.isAlphanumeric || $0 >= 0x80 }) else { return "" }
        let joined = words.filter { $0 != 0 }.split { $0.isBlank || $0.isLineEnd }.joined(separator: " ".utf8)
        var title = String(decoding: Array(joined), as: UTF8.self)[...]
        while let first = title.first, first == title.last, "*_".contains(first), title.count > 1 { title = title.dropFirst().dropLast() }
        // What led over to an address that is gone now.
        while let last = title.last, " :–—".contains(last) || last == "-" && title.dropLast().last == " " { title = title.dropLast() }
        if title.utf8.contains(where: \.isAlphanumeric) { return String(title).trimmed }
        return title.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil } ? String(title).trimmed : ""
    }
}
