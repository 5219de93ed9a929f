/// The line that opens a code fence, or closes one.
struct CodeFence: Hashable {
    let mark: UInt8
    let count: Int
    /// The first word behind the marks, in lower case; empty without one.
    let language: String

    /// - Parameter line: A line without its ending.
    init?(_ line: Range<Int>, in bytes: borrowing [UInt8]) {
        var start = line.lowerBound
        while start < line.upperBound, bytes[start].isBlank { start += 1 }
        guard start < line.upperBound, bytes[start] == UInt8(ascii: "`") || bytes[start] == UInt8(ascii: "~") else { return nil }
        let first = bytes[start]
        var end = start
        while end < line.upperBound, bytes[end] == first { end += 1 }
        guard end - start >= 3 else { return nil }
        for index in end..<line.upperBound where bytes[index] == UInt8(ascii: "`") { return nil }
        (mark, count) = (first, end - start)
        while end < line.upperBound, bytes[end].isBlank || bytes[end] == UInt8(ascii: "{") || bytes[end] == UInt8(ascii: ".") { end += 1 }
        var wordEnd = end
        while wordEnd < line.upperBound, wordEnd - end < 32, bytes[wordEnd].isAlphanumeric || bytes[wordEnd] == UInt8(ascii: "-") {
            wordEnd += 1
        }
        language = end == wordEnd ? "" : String(decoding: bytes[end..<wordEnd], as: UTF8.self).lowercased()
    }

    func isClosed(by other: CodeFence) -> Bool { other.mark == mark && other.count >= count && other.language.isEmpty }

    private static let plain: Set<String> = [
        "", "yaml", "yml", "text", "txt", "plain", "plaintext", "none", "md", "markdown", "info", "frontmatter",
    ]

    /// Whether what is in it is certainly written in a language that is not that of keys.
    var isForeign: Bool { !Self.plain.contains(language) }
}
