/// A value that may be wrapped in Markdown: `[text](target)`, `<target>`, `` `text` ``, `**text**`.
struct MarkdownValue: Hashable {
    /// Without its wrapping.
    let text: String
    /// Where a link leads; nil for what is no link.
    let target: String?

    init(_ written: String) {
        guard let first = written.utf8.first, !first.isAlphanumeric else {
            // Nearly all values begin with a letter or digit: nothing is around these.
            (text, target) = (written.trimmed, nil)
            return
        }
        let bytes = Array(Self.unwrapped(written).utf8)
        guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: ")"),
            let middle = bytes.indices.dropLast().first(where: { bytes[$0] == UInt8(ascii: "]") && bytes[$0 + 1] == UInt8(ascii: "(") })
        else {
            (text, target) = (Self.unwrapped(written), nil)
            return
        }
        let destination = bytes[(middle + 2)..<(bytes.count - 1)].drop(while: \.isBlank).prefix { !$0.isBlank }
        text = Self.unwrapped(String(decoding: bytes[1..<middle], as: UTF8.self))
        target = Self.unwrapped(String(decoding: destination, as: UTF8.self))
    }

    /// Without code marks, emphasis, quotes or angle brackets around all of it.
    private static func unwrapped(_ written: String) -> String {
        var bytes = Array(written.trimmed.utf8)[...]
        for _ in 0..<3 {
            guard let first = bytes.first else { break }
            let inner: ArraySlice<UInt8>
            if first == UInt8(ascii: "<"), bytes.last == UInt8(ascii: ">") {
                inner = bytes.dropFirst().dropLast()
                // `<text>` without a colon is a placeholder.
                guard inner.contains(UInt8(ascii: ":")), !inner.contains(UInt8(ascii: ">")) else { break }
            } else {
                let count = bytes.prefix { $0 == first }.count
                guard "`*\"'".utf8.contains(first) || first == UInt8(ascii: "_") && count == 2, bytes.count > 2 * count else { break }
                inner = bytes.dropFirst(count).dropLast(count)
                guard bytes.suffix(count).allSatisfy({ $0 == first }), !inner.contains(first) || first == UInt8(ascii: "_") else { break }
            }
            bytes = inner
        }
        return String(decoding: bytes, as: UTF8.self).trimmed
    }
}
