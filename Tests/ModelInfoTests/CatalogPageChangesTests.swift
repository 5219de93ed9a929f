import Testing

@testable import ModelInfo

/// What a page that changed tells beside its entries.
struct CatalogPageChangesTests {
    private func page(_ numbers: some Sequence<Int>, owner: String? = "ann") -> CatalogPage {
        let lines = numbers.map { number in
            let digits = String(number)
            return
                "- [Net \(number)](https://gist.github.com/\(owner.map { $0 + "/" } ?? "")\(String(repeating: "0", count: 20 - digits.count))\(digits))"
        }
        return CatalogPage(Array(lines.joined(separator: "\r\n").utf8))
    }

    private func codes(_ page: CatalogPage, after previous: CatalogPage) -> [DiagnosticCode] {
        page.diagnostics(comparedWith: previous, file: "Model-Zoo.md").map(\.code)
    }

    @Test func `a page that lost all entries at once was wiped`() {
        for count in [1, 4, 28] {
            #expect(codes(page([]), after: page(1...count)) == [.wikiWiped])
            #expect(codes(page(100...130), after: page(1...count)) == [.wikiWiped])
        }
    }

    @Test func `a page that kept less than a fifth was wiped`() {
        #expect(codes(page(1...5), after: page(1...28)) == [.wikiWiped])
        #expect(codes(page(1...6), after: page(1...28)).isEmpty)
        #expect(codes(page([1] + Array(100...130)), after: page(1...28)) == [.wikiWiped])
        #expect(codes(page([1]), after: page(1...5)).isEmpty)
        #expect(codes(page([1]), after: page(1...6)) == [.wikiWiped])
        #expect(codes(page([1]), after: page(1...4)).isEmpty)
    }

    @Test func `ordinary changes are no news`() {
        #expect(codes(page(1...28), after: page(1...28)).isEmpty)
        #expect(codes(page(1...40), after: page(5...28)).isEmpty)
        #expect(codes(page([]), after: page([])).isEmpty)
        #expect(codes(page(1...3), after: page([])).isEmpty)
    }

    @Test func `an id under another owner is told, with its line`() throws {
        let told = page(1...2, owner: "jimgoo").diagnostics(comparedWith: page([2], owner: "jgoode21"), file: "Model-Zoo.md")
        let diagnostic = try #require(told.first)
        #expect(told.count == 1 && diagnostic.code == .wikiOwnerChanged && diagnostic.severity == .note)
        #expect(diagnostic.file == "Model-Zoo.md" && diagnostic.line == 2)
        #expect(diagnostic.message.contains("jimgoo") && diagnostic.message.contains("jgoode21"))
    }

    @Test func `an owner is the same in capitals, and unknown when not written`() {
        #expect(codes(page([1], owner: "Ann"), after: page([1])).isEmpty)
        #expect(codes(page([1], owner: nil), after: page([1])).isEmpty)
        #expect(codes(page([1]), after: page([1], owner: nil)).isEmpty)
    }
}
