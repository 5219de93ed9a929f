import Testing

@testable import ModelInfo

struct BlockPlaceTests {
    private let keys = "name: A\ncaffemodel: a.caffemodel\ncaffemodel_url: http://h/a.caffemodel\n"

    @Test(arguments: [
        ("----", "----", 2), ("---", "...", 1), ("+++", "+++", 2), ("```", "```", 2), ("```yaml", "```", 2), ("~~~", "~~~", 2),
        ("--", "--", 2),
        ("***", "***", 2), ("---", "-----", 1), ("—", "—", 2), (" ---", " ---", 2),
    ])
    func `a delimiter that is not exactly three dashes is read and told`(opening: String, closing: String, count: Int) {
        let card = card(text: "\(opening)\n\(keys)\(closing)\n\nText.\n")
        #expect(card.name == "A" && card.caffemodelURL == "http://h/a.caffemodel")
        #expect(card.places(of: .frontmatterDelimiter).count == count)
        #expect(card.places(of: .frontmatterDelimiter).last == "5:1")
        #expect(!card.codes.contains(.missingFrontmatter) && card.canPublish)
    }

    @Test(arguments: ["# Title\n\n", "##Information\n\n", "Some text\n", "![badge](http://h/b.svg)\n\n```\ncode: x\n```\n\n"])
    func `a block further down is read and told at its first line`(before: String) {
        let card = card(text: before + "---\n\(keys)---\n")
        #expect(card.caffemodel == "a.caffemodel")
        #expect(card.places(of: .frontmatterNotFirst) == ["\(before.utf8.count { $0 == 10 } + 1):1"])
        #expect(!card.codes.contains(.missingFrontmatter))
    }

    @Test func `a rule in the text begins no block`() {
        let card = card(text: "# Title\n\nText.\n\n---\n\nNote: more text.\n\n---\n")
        #expect(!card.codes.contains(.frontmatterNotFirst) && card.codes.contains(.missingFrontmatter))
    }

    @Test func `a block without end does not reach to a rule far below`() {
        let card = card(text: "---\n\(keys)\nA sentence: and more of it.\n\nText\n\n---\nCopyright: nobody\n")
        #expect(card.places(of: .frontmatterUnterminated) == ["1:1"])
        #expect(card.extra.isEmpty && card.caffemodel == "a.caffemodel" && !card.canPublish)
    }

    @Test func `another tool's block is told, and the model's own is found behind it`() {
        let card = card(text: "---\ntitle: t\nlayout: post\n---\n\n---\n\(keys)---\n")
        #expect(card.places(of: .frontmatterForeign) == ["1:1"])
        #expect(card.places(of: .frontmatterNotFirst) == ["6:1"])
        #expect(card.name == "A")
        #expect(card.extra.map(\.key) == ["title", "layout"])
    }

    @Test func `another tool's block is told, and the keys are read from the text behind it`() {
        let card = card(text: "---\ntitle: t\ntags:\n- x\n---\n\n\(keys)")
        #expect(card.caffemodel == "a.caffemodel")
        #expect(card.codes.isSuperset(of: [.frontmatterForeign, .missingFrontmatter]))
    }

    @Test func `a block of another format belongs to another tool`() {
        let card = card(text: "+++\ntitle = \"t\"\n+++\n\n# Title\n\n\(keys)")
        #expect(card.places(of: .frontmatterForeign) == ["1:1"])
        #expect(card.caffemodel == "a.caffemodel")
    }

    @Test func `empty lines between the keys are nothing`() {
        let card = card(text: "---\nname: A\n\ncaffemodel: a.caffemodel\n\n\nlicense: x\n\n---\n")
        #expect(card.license == "x" && !card.codes.contains(.frontmatterInvalid))
    }

    @Test func `a line without a key inside a block is told and belongs to no other`() {
        let card = card("name: A", "a stray line", "caffemodel: a.caffemodel")
        #expect(card.name == "A" && card.caffemodel == "a.caffemodel")
        #expect(card.places(of: .frontmatterInvalid) == ["3:1"])
    }

    @Test func `a list in a block that is no YAML elsewhere is still a list`() {
        let card = card("name: VGG: Very Deep", "tags:", "- a", "- b", "caffemodel: a.caffemodel")
        #expect(card.places(of: .frontmatterInvalid) == ["2:7"])
        #expect(card.diagnostics.first { $0.code == .frontmatterInvalid }?.field == "name")
        #expect(card.extra == [.init(key: "tags", value: "- a\n- b")])
    }

    @Test func `half of a merge before the block is told`() {
        let card = card(text: "Text\n\n```\ncode\n```\n=======\n---\n\(keys)---\n")
        #expect(card.places(of: .conflictMarkers) == ["6:1"])
        #expect(card.caffemodel == "a.caffemodel" && !card.canPublish && !card.canDownload)
        #expect(!ModelInfoTests.card(text: "License\n=======\n\nText: x\n").codes.contains(.conflictMarkers))
    }

    @Test func `the two sides of a merge are one binary, and the first one is read`() {
        let card = card("name: A", "<<<<<<< HEAD", "caffemodel: a.caffemodel", "=======", "caffemodel: b.caffemodel", ">>>>>>> x")
        #expect(card.binaries.count == 1 && card.caffemodel == "a.caffemodel")
        #expect(card.places(of: .conflictMarkers) == ["3:1"] && card.places(of: .duplicateKey) == ["6:1"])
        #expect(!card.codes.contains(.multipleCaffemodels))
    }
}
