import Testing

@testable import ModelInfo

/// A page that anybody on the web may edit costs no more than its size.
struct CatalogPageHostileTests {
    static let pieces: [String] = [
        "[", "]", "[](", "[]()", "[a](<", "[a] (", "![", "[[", "]]", "[a][", "[a][b]", "[a](((", "<a", "<a href=", "<a href=\"x\">", "<!--",
        "-->",
        "`", "``", "` `` ", "```\n", "\\", "*", "**a", "#a <b ", "# a\n", "a\n---\n", "[a]: b\n", "> ", "\t", "\r", "\n\n", "http://",
        "http://a)", "http://.",
        "www.", "https://gist.github.com/a/0123456789abcdef0123 ", "[n](https://gist.github.com/a/0123456789abcdef0123)", "&amp;",
        "<script>", "</a>",
        "<h1>", "</h1>", "https://gist.github.com/12345\n", "\u{0}", "é", "(", ")", "1. ", "- ", "<!doctype html>", "x",
    ]

    private func repeated(_ piece: String, byteCount: Int) -> [UInt8] {
        Array(repeatElement(Array(piece.utf8), count: byteCount / max(piece.utf8.count, 1)).joined())
    }

    @Test(arguments: pieces)
    func `time grows with the size, not with its square`(piece: String) {
        let clock = ContinuousClock()
        for prefix in ["", "[a]: https://a.example.org\n\n"] {
            let text = Array(prefix.utf8) + repeated(piece, byteCount: 64 << 10)
            // Without optimization; a square would be minutes.
            #expect(clock.measure { _ = CatalogPage(text) } < .seconds(30), "\(piece.debugDescription)")
        }
    }

    @Test func `runs of backticks of all lengths cost no more`() {
        let text = (1...700).flatMap { [UInt8](repeating: UInt8(ascii: "`"), count: $0) + [0x20] }
        #expect(ContinuousClock().measure { _ = CatalogPage(text) } < .seconds(30))
    }

    @Test(arguments: 0..<8)
    func `any bytes are read, and what is found was there`(seed: Int) {
        var chance = SeededGenerator(state: UInt64(seed))
        for _ in 0..<300 {
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &chance) {
                text +=
                    Int.random(in: 0...9, using: &chance) == 0
                    ? [UInt8.random(in: 0...255, using: &chance)] : Array(Self.pieces.randomElement(using: &chance)!.utf8)
            }
            let page = CatalogPage(text)
            #expect(Set(page.entries.map(\.id)).count == page.entries.count)
            #expect(Set(page.notGists).count == page.notGists.count)
            let lines = TextLine.all(in: text, range: 0..<text.count).count
            for entry in page.entries {
                #expect(!entry.title.isEmpty && entry.title.utf8.count <= CatalogPageTitles.maximumByteCount * 3)
                #expect((1...max(lines, 1)).contains(entry.line))
            }
            #expect(page.diagnostics(comparedWith: page, file: "x").isEmpty)
        }
    }
}
