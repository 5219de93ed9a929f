/// One `key: value` in a line of text, cut out of whatever marks surround it.
struct TextPair: Hashable {
    /// Without marks around it.
    let key: Range<Int>
    /// Without blanks around it; empty when there is none.
    let value: Range<Int>
    /// What zood takes the key for.
    let known: KnownKey?

    /// Of one line; a longer list of pairs is no line of keys.
    static let maximumCount = 12
    /// Bytes of a key with its marks.
    private static let maximumKeyCount = 64

    /// The pairs of a line, in order: one that begins it, and those of known keys that follow behind `|`, a comma or a semicolon.
    /// Empty when the line does not begin with a key.
    static func all(in words: Range<Int>, of bytes: [UInt8]) -> [TextPair] {
        guard words.count <= BlockReader.maximumKeyLineCount, let first = leading(words, bytes) else { return [] }
        var pairs: [TextPair] = []
        var open = first
        var index = first.value.lowerBound
        while index < first.value.upperBound, pairs.count < maximumCount {
            if let next = following(at: index, in: first.value, bytes) {
                pairs.append(open.ending(at: next.separator, in: bytes))
                open = next.pair
                index = next.pair.value.lowerBound
            } else {
                index += 1
            }
        }
        return pairs + [open]
    }

    private func ending(at end: Int, in bytes: [UInt8]) -> TextPair {
        TextPair(key: key, value: Self.trimmed(value.lowerBound..<max(end, value.lowerBound), bytes), known: known)
    }

    // MARK: The first pair

    private static func leading(_ words: Range<Int>, _ bytes: [UInt8]) -> TextPair? {
        var opening = marks(at: words.lowerBound, words, bytes)
        // The field lists of reStructuredText: `:name: …`.
        let isField = opening == words.lowerBound && bytes[opening...].first == UInt8(ascii: ":")
        if isField { opening += 1 }
        guard let colon = colon(in: opening..<words.upperBound, bytes) else { return nil }
        let closing = trimmingMarks(opening..<colon.lowerBound, bytes)
        guard let key = key(closing, bytes) else { return nil }
        let known = known(key, bytes)
        guard known != nil || !isField else { return nil }
        var start = colon.upperBound
        var end = words.upperBound
        if opening > words.lowerBound, !isField, closing.upperBound == colon.lowerBound {
            // The marks that were opened before the key are closed behind the colon, or at the end of the line.
            let behind = marks(at: start, start..<end, bytes)
            if behind > start, behind == end || bytes[behind].isBlank {
                start = behind
            } else {
                while end > start, "*_`".utf8.contains(bytes[end - 1]), words.upperBound - end < opening - words.lowerBound { end -= 1 }
            }
        }
        guard known != nil || start == end || bytes[start].isBlank || bytes[start - 1] != UInt8(ascii: ":") else { return nil }
        return TextPair(key: key, value: trimmed(start..<end, bytes), known: known)
    }

    /// The colon, or the full-width one, that ends a key.
    private static func colon(in range: Range<Int>, _ bytes: [UInt8]) -> Range<Int>? {
        var index = range.lowerBound
        let end = min(range.upperBound, range.lowerBound + maximumKeyCount)
        while index < end {
            let byte = bytes[index]
            if byte == UInt8(ascii: ":") { return index..<index + 1 }
            if byte == 0xEF, bytes[index..<range.upperBound].starts(with: "：".utf8) { return index..<index + 3 }
            guard isOfKey(byte) || isMark(byte) || isOfTag(byte) else { return nil }
            index += 1
        }
        return nil
    }

    /// Behind emphasis, code marks, quotes and tags of bold or code text.
    private static func marks(at start: Int, _ range: Range<Int>, _ bytes: [UInt8]) -> Int {
        var index = start
        while index < range.upperBound {
            if isMark(bytes[index]) || bytes[index] == UInt8(ascii: "_") {
                index += 1
            } else if bytes[index] == UInt8(ascii: "<"),
                let tag = tags.first(where: { bytes[index..<range.upperBound].starts(with: $0) })
            {
                index += tag.count
            } else {
                break
            }
        }
        return index
    }

    private static let tags = ["b", "strong", "code", "em", "i", "p", "li", "dd"].flatMap { ["<\($0)>", "</\($0)>"] }.map { Array($0.utf8) }

    private static func trimmingMarks(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound {
            if bytes[end - 1].isBlank || isMark(bytes[end - 1]) {
                end -= 1
            } else if bytes[end - 1] == UInt8(ascii: ">"),
                let tag = tags.first(where: { $0.count < end - range.lowerBound && bytes[(end - $0.count)..<end].elementsEqual($0) })
            {
                end -= tag.count
            } else {
                break
            }
        }
        return range.lowerBound..<end
    }

    /// Nil for what no key looks like: it begins with a letter and holds letters, digits, blanks, `-`, `_`, `\`, and `.`.
    private static func key(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int>? {
        guard let first = range.first, bytes[first].isAlphanumeric || bytes[first] >= 0x80,
            !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[first])
        else { return nil }
        for index in range where !isOfKey(bytes[index]) { return nil }
        return range
    }

    private static func isOfKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "\\"), UInt8(ascii: "."), UInt8(ascii: " "), UInt8(ascii: "\t"), 0x80...:
            true
        default: byte.isAlphanumeric
        }
    }

    /// Of emphasis, code or a quotation.
    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "`"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }

    private static func isOfTag(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
    }

    private static func known(_ range: Range<Int>, _ bytes: [UInt8]) -> KnownKey? { KnownKey(spelledBy: range, of: bytes) }

    private static func trimmed(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start].isBlank { start += 1 }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    // MARK: Pairs behind it

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "|") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
    }

    /// A separator at `index` with a known key and its colon behind it.
    private static func following(at index: Int, in range: Range<Int>, _ bytes: [UInt8]) -> (separator: Int, pair: TextPair)? {
        guard isSeparator(bytes[index]), let pair = leading(trimmed(index + 1..<range.upperBound, bytes), bytes), pair.known != nil
        else { return nil }
        return (index, pair)
    }
}
