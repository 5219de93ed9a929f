/// The line that opens a code fence, or closes one.
struct CodeFence: Hashable {
    let mark: UInt8
    let count: Int
    /// The first word behind the marks, in lower case; empty without one.
    let language: String

    init?(_ text: ArraySlice<UInt8>) {
        let bare = text.drop(while: \.isBlank)
        guard let first = bare.first, first == UInt8(ascii: "`") || first == UInt8(ascii: "~") else { return nil }
        count = bare.prefix { $0 == first }.count
        let info = bare.dropFirst(count)
        guard count >= 3, !info.contains(UInt8(ascii: "`")) else { return nil }
        mark = first
        let word = info.drop { $0.isBlank || $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: ".") }.prefix {
            $0.isAlphanumeric || $0 == UInt8(ascii: "-")
        }
        language = String(decoding: word.prefix(32), as: UTF8.self).lowercased()
    }

    func isClosed(by other: CodeFence) -> Bool { other.mark == mark && other.count >= count && other.language.isEmpty }

    private static let plain: Set<String> = [
        "", "yaml", "yml", "text", "txt", "plain", "plaintext", "none", "md", "markdown", "info", "frontmatter",
    ]

    /// Whether what is in it is certainly written in a language that is not that of keys.
    var isForeign: Bool { !Self.plain.contains(language) }
}
