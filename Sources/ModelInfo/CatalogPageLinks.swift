/// One link of a page.
struct CatalogPageLink {
    /// As written, without escapes. Absolute, or at least with a host.
    let url: String
    /// The text that stands for the link; nil for a bare URL.
    let label: Range<Int>?
    /// The text of the heading above it.
    let heading: Range<Int>?
    let position: Int
}

/// Finds the links of a page in one pass: `[text](url)`, `[text] (url)`, `[text][label]`, `<url>`, bare URLs, `<a href="url">`.
///
/// Whatever is consumed is never read again, so time is linear in the size whatever stands there.
struct CatalogPageLinks {
    private let text: CatalogPageText
    private var found: [CatalogPageLink] = []
    /// The words above what is read now, as far as it is known.
    private var heading: Range<Int>?
    /// Headings since then, of which some may be but links: only a link asks which.
    private var laterHeadings: [Range<Int>] = []
    private var openers: [Opener] = []
    private var anchor: (url: Range<Int>?, label: Int, position: Int)?
    private var headingStart: Int?
    /// Definitions that a link was made of: another link of the same one says nothing new.
    private var used: Set<Int> = []

    /// A `[` whose `]` is not there yet.
    private struct Opener {
        let position: Int
        let isImage: Bool
        var holdsBrackets = false
    }

    /// In page order. Links within the page, to other pages of the wiki, and mail addresses are none of the web, and left out.
    static func all(in text: CatalogPageText) -> [CatalogPageLink] {
        var reader = Self(text)
        reader.read()
        // Only an anchor that holds other links is found after them.
        let found = reader.found
        let isSorted = zip(found, found.dropFirst()).allSatisfy { $0.position <= $1.position }
        return isSorted ? found : found.sorted { $0.position < $1.position }
    }

    private init(_ text: CatalogPageText) { self.text = text }

    private mutating func read() {
        let (bytes, parts) = (text.bytes, text.parts)
        var boundaries = text.boundaries[...]
        var index = 0
        while index < bytes.count {
            while let boundary = boundaries.first, boundary.position <= index {
                openers.removeAll(keepingCapacity: true)
                if let range = boundary.heading { laterHeadings.append(range) }
                boundaries.removeFirst()
            }
            index = parts[index] == .text && Self.mayBegin(bytes[index]) ? step(at: index) : index + 1
        }
        closeAnchor(at: text.bytes.count)
    }

    /// Whether anything of interest begins with this byte: most bytes are passed over.
    private static func mayBegin(_ byte: UInt8) -> Bool {
        switch byte.lowercasedASCII {
        case UInt8(ascii: "<"), UInt8(ascii: "\\"), UInt8(ascii: "!"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "h"),
            UInt8(ascii: "f"), UInt8(ascii: "w"), UInt8(ascii: "g"):
            true
        default: false
        }
    }

    /// - Returns: Where to go on; always behind `index`.
    private mutating func step(at index: Int) -> Int {
        let bytes = text.bytes
        switch bytes[index] {
        case UInt8(ascii: "<"): return tag(at: index)
        case UInt8(ascii: "\\") where !text.isHTML:
            return index + 1 < bytes.count && bytes[index + 1].isASCIIPunctuation ? index + 2 : index + 1
        case UInt8(ascii: "!") where !text.isHTML && text.isText("[", at: index + 1):
            open(at: index + 1, isImage: true)
            return index + 2
        case UInt8(ascii: "[") where !text.isHTML: open(at: index, isImage: false)
        case UInt8(ascii: "]") where !text.isHTML: return close(at: index)
        default:
            guard !text.isHTML, let end = Self.endOfAddress(in: text, at: index) else { return index + 1 }
            append(index..<end, label: nil, at: index)
            return end
        }
        return index + 1
    }

    /// What stands for a link may look like one itself.
    private mutating func dropAddresses(in label: Range<Int>) {
        while let last = found.last, last.label == nil, label.contains(last.position) { found.removeLast() }
    }

    private mutating func append(_ url: Range<Int>, label: Range<Int>?, at position: Int) {
        guard Self.isWebAddress(text.bytes, at: url.lowerBound) || text.bytes.hasASCII("//", at: url.lowerBound) else { return }
        heading = laterHeadings.last { !CatalogPageTitles.isOnlyAddress($0, in: text) } ?? heading
        laterHeadings.removeAll(keepingCapacity: true)
        found.append(CatalogPageLink(url: Self.unescaped(text.bytes[url]), label: label, heading: heading, position: position))
    }

    // MARK: Brackets

    private mutating func open(at position: Int, isImage: Bool) {
        if let last = openers.indices.last { openers[last].holdsBrackets = true }
        openers.append(Opener(position: position, isImage: isImage))
    }

    private mutating func close(at index: Int) -> Int {
        guard let opener = openers.popLast() else { return index + 1 }
        let label = (opener.position + 1)..<index
        let inline = destination(behind: index)
        guard let (url, end) = inline ?? reference(behind: index, label, opener) else { return index + 1 }
        guard !opener.isImage else { return end }
        openers.removeAll(keepingCapacity: true)
        dropAddresses(in: label)
        if inline != nil || used.insert(url.lowerBound).inserted { append(url, label: label, at: opener.position) }
        return end
    }

    /// `(url` or, where it is certainly an address, ` (url`. What follows the URL, a title or nothing, is text of no interest.
    private func destination(behind bracket: Int) -> (url: Range<Int>, end: Int)? {
        let bytes = text.bytes
        var start = bracket + 1
        while start < bytes.count, bytes[start].isBlank { start += 1 }
        guard text.isText("(", at: start) else { return nil }
        let isLoose = start > bracket + 1
        start += 1
        while start < bytes.count, bytes[start].isBlank { start += 1 }
        if text.isText("<", at: start) { start += 1 }
        var end = start
        var depth = 0
        scan: while end < bytes.count, text.parts[end] == .text {
            switch bytes[end] {
            case UInt8(ascii: "<"), UInt8(ascii: ">"): break scan
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                if depth == 0 { break scan }
                depth -= 1
            case let byte where byte.isBlank || byte.isLineEnd: break scan
            default: break
            }
            end += 1
        }
        guard end > start, !isLoose || Self.isWebAddress(bytes, at: start) else { return nil }
        return (start..<end, text.isText(">", at: end) ? end + 1 : end)
    }

    /// `[label]`, `[]`, or nothing, where a definition gives the URL.
    private func reference(behind bracket: Int, _ label: Range<Int>, _ opener: Opener) -> (url: Range<Int>, end: Int)? {
        guard !text.definitions.isEmpty else { return nil }
        let bytes = text.bytes
        var start = bracket + 1
        if start < bytes.count, bytes[start].isBlank { start += 1 }
        if text.isText("[", at: start) {
            let limit = min(start + 2 + CatalogPageText.maximumLabelByteCount, bytes.count)
            let end = bytes[(start + 1)..<max(limit, start + 1)].firstIndex { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }
            if let end, bytes[end] == UInt8(ascii: "]"), end > start + 1 {
                return text.key(ofLabel: start + 1..<end).flatMap { text.definitions[$0] }.map { ($0, end + 1) }
            }
            if let end, end == start + 1, bytes[end] == UInt8(ascii: "]"), start == bracket + 1 {
                return text.key(ofLabel: label).flatMap { text.definitions[$0] }.map { ($0, end + 1) }
            }
        }
        guard !opener.holdsBrackets, let key = text.key(ofLabel: label) else { return nil }
        return text.definitions[key].map { ($0, bracket + 1) }
    }

    // MARK: Tags

    private mutating func tag(at index: Int) -> Int {
        let bytes = text.bytes
        guard let tag = CatalogPageTag(in: text, at: index) else { return index + 1 }
        switch tag.name {
        case "a":
            closeAnchor(at: index)
            anchor = (tag.href(in: bytes), tag.end, index)
        case "/a": closeAnchor(at: index)
        case "h1", "h2", "h3", "h4", "h5", "h6": headingStart = tag.end
        case "/h1", "/h2", "/h3", "/h4", "/h5", "/h6":
            if let start = headingStart { laterHeadings.append(start..<index) }
            headingStart = nil
        case "script", "style": return endOfRawText(from: tag.end, tag.name)
        default: break
        }
        return tag.end
    }

    private mutating func closeAnchor(at index: Int) {
        guard let (url, start, position) = anchor else { return }
        anchor = nil
        guard let url else { return }
        let label = start..<max(start, index)
        dropAddresses(in: label)
        append(url, label: label, at: position)
    }

    /// Of an element whose content is no text. One that does not end takes the rest, as in a browser.
    private func endOfRawText(from start: Int, _ name: String) -> Int {
        let bytes = text.bytes
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), bytes.hasASCII("</" + name, at: index) { return index }
            index += 1
        }
        return index
    }

    // MARK: Addresses

    /// Whether an address of the web begins here: a scheme of it, or the host of gists, which people write without.
    static func isWebAddress(_ bytes: [UInt8], at index: Int) -> Bool {
        guard index < bytes.count else { return false }
        switch bytes[index].lowercasedASCII {
        case UInt8(ascii: "h"): return bytes.hasASCII("http://", at: index) || bytes.hasASCII("https://", at: index)
        case UInt8(ascii: "f"): return bytes.hasASCII("ftp://", at: index)
        case UInt8(ascii: "w"): return bytes.hasASCII("www.", at: index)
        case UInt8(ascii: "g"): return bytes.hasASCII("gist.github.com/", at: index)
        default: return false
        }
    }

    /// Where a bare URL that begins here ends, without the punctuation of the sentence around it; nil when none begins.
    static func endOfAddress(in text: CatalogPageText, at index: Int) -> Int? {
        let bytes = text.bytes
        guard index == 0 || !bytes[index - 1].isAlphanumeric, isWebAddress(bytes, at: index) else { return nil }
        var end = index
        var (opened, closed) = (0, 0)
        while end < bytes.count, text.parts[end] == .text, !isEndOfAddress(bytes[end]) {
            if bytes[end] == UInt8(ascii: "(") { opened += 1 }
            if bytes[end] == UInt8(ascii: ")") { closed += 1 }
            end += 1
        }
        while end > index {
            let last = bytes[end - 1]
            if last == UInt8(ascii: ")") {
                guard closed > opened else { break }
                closed -= 1
            } else if !Self.sentenceMarks.contains(last) {
                break
            }
            end -= 1
        }
        guard let host = bytes[index..<end].lastIndex(of: UInt8(ascii: "/")) ?? bytes[index..<end].lastIndex(of: UInt8(ascii: ".")),
            host + 1 < end || bytes[host] == UInt8(ascii: "/") && host > index + 8
        else { return nil }
        return end
    }

    private static func isEndOfAddress(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "|"), UInt8(ascii: "^"):
            true
        default: false
        }
    }

    static let sentenceMarks: [UInt8] = Array(".,:;!?*_~'\\".utf8)

    /// `\_` is `_` and `&amp;` is `&`.
    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "&") }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex, bytes[index + 1].isASCIIPunctuation { index += 1 }
            result.append(bytes[index])
            index += bytes[index] == UInt8(ascii: "&") && bytes[index...].starts(with: "&amp;".utf8) ? 5 : 1
        }
        return String(decoding: result, as: UTF8.self)
    }
}
