/// A URL out of what people put around it: markup, quotes, brackets, the punctuation of a sentence, words.
struct URLDecoration {
    /// The URL alone, as far as there is one.
    let bare: String
    let isDecorated: Bool

    /// - Parameter written: Trimmed. Work is linear in it: each layer is peeled in one pass, and there are at most eight.
    init(_ written: String) {
        var text = written
        for _ in 0..<8 {
            let inner = Self.peeled(text)
            if inner.hasSameBytes(as: text) { break }
            text = inner
        }
        bare = text
        isDecorated = !text.hasSameBytes(as: written)
    }

    /// The URLs of a value that holds several, each with what is around it; a value with one URL, or none, as it is. So is one that is
    /// longer than a single URL may be: nobody lists that many mirrors.
    static func separated(_ written: String) -> [String] {
        // Two URLs have two colons.
        guard written.utf8.count <= BinaryURL.maximumByteCount, written.utf8.count(where: { $0 == UInt8(ascii: ":") }) > 1 else {
            return [written]
        }
        var pieces: [String] = []
        var words: [Substring] = []
        for word in written.split(whereSeparator: \.isWhitespace).flatMap(joined) {
            // Whatever follows a URL up to the next one says something about it, or joins the two.
            if hasScheme(word), words.contains(where: hasScheme) {
                pieces.append(words.joined(separator: " "))
                words = []
            }
            words.append(word)
        }
        guard !pieces.isEmpty else { return [written] }
        pieces.append(words.joined(separator: " "))
        return pieces.map { piece in
            let words = piece.split(separator: " ")
            return words.prefix { !hasScheme($0) }.joined(separator: " ") + " " + (words.first(where: hasScheme) ?? "")
        }.map(\.trimmed)
    }

    /// `http://a/x,http://b/y` without blank.
    private static func joined(_ word: Substring) -> [Substring] {
        var parts: [Substring] = []
        var start = word.startIndex
        for index in word.utf8.indices where ",;|".utf8.contains(word.utf8[index]) {
            let next = word.utf8.index(after: index)
            if next < word.endIndex, beginsWithScheme(word[next...]) {
                parts.append(word[start..<index])
                start = next
            }
        }
        return (parts + [word[start...]]).filter { !$0.isEmpty }
    }

    private static func peeled(_ text: String) -> String {
        let text = text.trimmed
        if let target = linkTarget(text) ?? anchorTarget(text) { return target }
        if let inner = unwrapped(text) { return inner }
        if let later = behindWords(text) { return later }
        return unescaped(withoutTail(beforeWords(text)))
    }

    // MARK: Layers

    /// `u` of `[t](u)` or `[t](<u> "title")`, wherever in the text it stands.
    private static func linkTarget(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "[")), let open = bytes.indices.first(where: { bytes[$0...].starts(with: "](".utf8) }) else {
            return nil
        }
        var depth = 1
        var end = open + 2
        while end < bytes.count {
            if bytes[end] == UInt8(ascii: "(") { depth += 1 }
            if bytes[end] == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { break }
            end += 1
        }
        let inner = String(decoding: bytes[(open + 2)..<end], as: UTF8.self).trimmed
        if inner.hasPrefix("<"), let close = inner.firstIndex(of: ">") {
            return String(inner[inner.index(after: inner.startIndex)..<close])
        }
        // A title stands in quotes behind the target.
        guard let quote = inner.firstIndex(where: { $0 == "\"" || $0 == "'" }), quote > inner.startIndex,
            inner[inner.index(before: quote)].isWhitespace
        else { return inner }
        return String(inner[..<quote]).trimmed
    }

    /// `u` of `<a href="u">`.
    private static func anchorTarget(_ text: String) -> String? {
        guard text.hasPrefix("<a ") || text.hasPrefix("<A "), let sign = text.firstIndex(of: "=") else { return nil }
        guard text[..<sign].lowercased().trimmed.hasSuffix("href") else { return nil }
        let value = String(text[text.index(after: sign)...]).trimmed
        guard let quote = value.first, quote == "\"" || quote == "'" else { return String(value.prefix { $0 != ">" && $0 != " " }) }
        return String(value.dropFirst().prefix { $0 != quote })
    }

    private static let pairs: [Character: Character] = [
        "<": ">", "(": ")", "[": "]", "{": "}", "\"": "\"", "'": "'", "`": "`", "*": "*", "\u{201C}": "\u{201D}", "\u{201E}": "\u{201C}",
        "\u{2018}": "\u{2019}", "\u{AB}": "\u{BB}", "\u{300C}": "\u{300D}", "\u{FF08}": "\u{FF09}",
    ]

    /// The text within a pair around all of it; the punctuation of a sentence may follow.
    private static func unwrapped(_ text: String) -> String? {
        guard let open = text.first, let close = pairs[open] else { return nil }
        let inside = text.dropFirst()
        guard let end = inside.lastIndex(of: close), inside[inside.index(after: end)...].allSatisfy({ ".,;:!".contains($0) }) else {
            return nil
        }
        let inner = String(inside[..<end]).trimmed
        return inner.lowercased().hasPrefix("url:") ? String(inner.dropFirst(4)) : inner
    }

    /// A URL behind words: `mirror: http://…`, `see <http://…>`. Not out of the middle of something that has a scheme of its own.
    private static func behindWords(_ text: String) -> String? {
        guard let blank = text.firstIndex(where: \.isWhitespace), !beginsWithScheme(text[...]) else { return nil }
        let first = text[..<blank]
        if let colon = first.firstIndex(of: ":"), first.index(after: colon) < blank { return nil }
        var previous: UInt8?
        for index in text[blank...].utf8.indices {
            if let previous, previous <= 0x20 || "<([\"'`:=".utf8.contains(previous), beginsWithScheme(text[index...]) {
                return String("<([\"'`".utf8.contains(previous) ? text[text.utf8.index(before: index)...] : text[index...])
            }
            previous = text.utf8[index]
        }
        return nil
    }

    /// A URL in front of words: `http://h/m.caffemodel (244 MB)`. Blanks may also belong to a file's name.
    private static func beforeWords(_ text: String) -> String {
        guard let blank = text.firstIndex(where: \.isWhitespace) else { return text }
        let (first, rest) = (text[..<blank], text[blank...].drop(while: \.isWhitespace))
        if endsInFileName(first) { return String(first) }
        if endsInFileName(text[...]) || rest.isEmpty { return text }
        let isComment = rest.first.map { "(#|<[,;*\u{2013}\u{2014}".contains($0) } ?? false
        return isComment || rest.hasPrefix("- ") || rest.hasPrefix("-- ") || rest.hasPrefix("or ") || rest.hasPrefix("and ")
            ? String(first) : text
    }

    private static func endsInFileName(_ text: Substring) -> Bool {
        let path = text.prefix { $0 != "?" && $0 != "#" }.lowercased()
        return path.hasSuffix(".caffemodel") || path.hasSuffix(".caffemodel,") || path.hasSuffix(".caffemodel.")
    }

    /// Without what ends a sentence, and without closing brackets that nothing in the URL opens.
    private static func withoutTail(_ text: String) -> String {
        var bytes = Array(text.utf8)
        let brackets = [UInt8(ascii: ")"): UInt8(ascii: "("), UInt8(ascii: "]"): UInt8(ascii: "["), UInt8(ascii: "}"): UInt8(ascii: "{")]
        var surplus = brackets.mapValues { open in -bytes.count { $0 == open } }
        for (close, _) in brackets { surplus[close, default: 0] += bytes.count { $0 == close } }
        while let last = bytes.last {
            if let open = surplus[last] {
                guard open > 0 else { break }
                surplus[last] = open - 1
            } else if !".,;:!|\"'`>\\".utf8.contains(last) {
                break
            }
            bytes.removeLast()
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Markdown's `\_` and HTML's `&amp;`, which no URL holds.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "&") }) else { return text }
        var text = text
        if text.utf8.contains(UInt8(ascii: "\\")) {
            for mark in ["_", "*", "~", "-"] { text = text.replacing("\\" + mark, with: mark) }
        }
        return text.holdsASCII("&amp;") ? text.replacing("&amp;", with: "&") : text
    }

    // MARK: Schemes

    private static func beginsWithScheme(_ text: Substring) -> Bool {
        var head = text.utf8.makeIterator()
        for letter in "http".utf8 { guard let byte = head.next(), byte | 0x20 == letter else { return false } }
        var next = head.next().map { $0 | 0x20 }
        if next == UInt8(ascii: "s") { next = head.next().map { $0 | 0x20 } }
        return next == UInt8(ascii: ":") && head.next().map { $0 | 0x20 } == UInt8(ascii: "/")
            && head.next().map { $0 | 0x20 } == UInt8(ascii: "/")
    }

    private static func hasScheme(_ word: Substring) -> Bool {
        word.utf8.indices.contains { word.utf8[$0] | 0x20 == UInt8(ascii: "h") && beginsWithScheme(word[$0...]) }
    }
}
