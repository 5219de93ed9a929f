import Testing

@testable import ModelInfo

struct FrontmatterTests {
    private func read(_ text: String) -> Frontmatter { Frontmatter(Array(text.utf8), fileName: "readme.md") }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func `keys are read whatever ends the lines`(ending: String) {
        let block = Frontmatter(readme("name: A", "sha1: b", ending: ending), fileName: "readme.md")
        #expect(block.occurrences.map(\.key) == ["name", "sha1"])
        #expect(block.occurrences.map(\.value) == ["A", "b"])
        #expect(block.occurrences.map(\.line) == [2, 3])
        #expect(block.occurrences.map(\.valueColumn) == [7, 7])
        #expect(block.diagnostics.isEmpty)
    }

    @Test func `a byte order mark and blanks behind the delimiters are taken as nothing`() {
        let block = read("\u{FEFF}---  \nname: A\t\n---\t \ntext\n")
        #expect(block.occurrences.map(\.value) == ["A"])
        #expect(block.isTerminated)
        #expect(block.diagnostics.isEmpty)
    }

    @Test(arguments: [
        "7e15512", "0100755", "00120000000000000000", "976847408258292576e1", "1.10", "2014-08-19", "No", "On", "0x1F", "1_000", "12:30",
        "~",
    ])
    func `a scalar stays the text that was written`(text: String) {
        #expect(read("---\ncaffe_commit: \(text)\n---\n").occurrences.map(\.value) == [text])
    }

    @Test func `quotes and comments are no part of a value`() {
        let block = read("---\n# top\nname: \"A: \\\"b\\\"\"  # c\nlicense: 'it''s' # d\nx: http://h/#f # e\n---\n")
        #expect(block.occurrences.map(\.value) == ["A: \"b\"", "it's", "http://h/#f"])
        #expect(block.diagnostics.isEmpty)
    }

    @Test func `a value with a colon is read and the line is told`() {
        let block = read("---\nname: VGG: Very Deep\nsha1: abc\n---\n")
        #expect(block.occurrences.map(\.value) == ["VGG: Very Deep", "abc"])
        #expect(block.diagnostics.map(\.code) == [.frontmatterInvalid])
        #expect(block.diagnostics.map(\.line) == [2])
        #expect(block.diagnostics.map(\.column) == [7])
    }

    @Test func `every line that is no YAML is told, with its own place`() {
        let block = read("---\nname: a: b\nok: \"x\"\nlicense: c: d\nsha1:abc\n---\n")
        #expect(block.occurrences.map(\.value) == ["a: b", "x", "c: d", "abc"])
        #expect(block.diagnostics.compactMap(\.line) == [2, 4, 5])
    }

    @Test(arguments: ["@x", "`x`", "%x", "a\tb: c", "*bold*", "[text](url", "{a", "\"open", "'open", "| x: y", "!"])
    func `what YAML refuses is still read as text`(text: String) {
        let block = read("---\ncaffemodel: m\nname: \(text)\n---\n")
        #expect(block.occurrences.map(\.key) == ["caffemodel", "name"])
        #expect(block.occurrences.last?.value == text || text == "!")
    }

    @Test func `an open quote is told where it begins`() {
        let block = read("---\nname: \"open\nsha1: b\nlicense: c\n---\n")
        #expect(block.diagnostics.compactMap(\.line) == [2])
        #expect(block.occurrences.map(\.key) == ["name", "sha1", "license"])
    }

    @Test func `a block without end holds the keys up to the first text`() {
        let block = read("---\nname: A\nsha1: b\n\nSome text about it.\nfoo: bar\n")
        #expect(!block.isTerminated)
        #expect(block.occurrences.map(\.key) == ["name", "sha1"])
        #expect(block.diagnostics.map(\.code) == [.frontmatterUnterminated])
    }

    @Test func `no block is told`() {
        let block = read("# Title\nname: A\n")
        #expect(block.block == nil)
        #expect(block.diagnostics.map(\.code) == [.missingFrontmatter])
    }

    @Test func `blank lines before the block are told`() {
        let block = read("\n \n---\nname: A\n---\n")
        #expect(block.occurrences.map(\.line) == [4])
        #expect(block.diagnostics.map(\.code) == [.frontmatterNotFirst])
    }

    @Test(arguments: ["---\n---\n", "---\n\n# nothing\n---\n", "---\n---"])
    func `an empty block is told`(text: String) {
        #expect(read(text).diagnostics.map(\.code) == [.frontmatterEmpty])
    }

    @Test(arguments: [
        "a: &x b", "a: &x b\nc: *x", "a: !!str b", "a: !foo b", "a: !!python/object:os.system [x]", "a: !<tag:x,2020:y> b", "a: [&x 1]",
        "a: !!python/object/apply:os.system \"x\"",
        "!!binary a: b",
        "? &x a\n: b", "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]: x",
    ])
    func `anchors, aliases, tags and deep nesting are refused`(block: String) {
        let read = read("---\nname: A\n\(block)\n---\n")
        #expect(read.diagnostics.map(\.code) == [.frontmatterUnsafe])
        #expect(read.occurrences.first?.value.hasPrefix("A") == true)
    }

    @Test func `a tag is refused at its place`() {
        let block = read("---\nname: A\nsha1: !!str abc\n---\n")
        #expect(block.diagnostics.map(\.line) == [3])
        #expect(block.occurrences.last?.value == "!!str abc")
    }

    @Test func `a bomb of aliases costs nothing`() {
        var text = "---\na0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [\((0..<9).map { _ in "*a\(level - 1)" }.joined(separator: ","))]\n" }
        let clock = ContinuousClock()
        var block: Frontmatter?
        let time = clock.measure { block = read(text + "? *a60\n: x\n---\n") }
        #expect(block?.diagnostics.contains { $0.code == .frontmatterUnsafe } == true)
        #expect(time < .seconds(60))
    }

    @Test(arguments: ["[", "{", "- ", "? ", "{a: "])
    func `nesting of any depth is refused before it is followed`(opening: String) {
        let block = read("---\nname: A\nx:\n \(String(repeating: opening, count: 5000))\n---\n")
        #expect(block.diagnostics.contains { $0.code == .frontmatterUnsafe })
        #expect(block.occurrences.first?.value == "A")
    }

    @Test func `a key that occurs twice is there twice`() {
        let block = read("---\nname: A\nlicense: x\nname: B\n---\n")
        #expect(block.occurrences.map(\.value) == ["A", "x", "B"])
        #expect(block.diagnostics.isEmpty)
    }

    @Test func `values that are not on one line say so`() {
        let block = read("---\na: |\n  x\n  y\nb: one\n  two\nc: [1, 2]\nd:\n- p\n- q\ne: {f: g}\nh: last\n---\n")
        #expect(block.occurrences.map(\.shape) == [.severalLines, .severalLines, .list, .list, .map, .oneLine])
        #expect(block.occurrences[0].value == "x\ny")
        #expect(block.occurrences[1].value == "one two")
        #expect(block.occurrences[2].items == ["1", "2"])
        #expect(block.occurrences[3].items == ["p", "q"])
        #expect(block.occurrences[3].value == "- p\n- q")
        #expect(block.occurrences[4].value == "{f: g}")
    }

    @Test func `a value with nothing behind it is empty`() {
        let block = read("---\nsha1:\ngist_id: # none\n---\n")
        #expect(block.occurrences.map(\.value) == ["", ""])
        #expect(block.occurrences.map(\.shape) == [.oneLine, .oneLine])
    }

    @Test func `columns count characters, not bytes`() {
        let block = read("---\nname: ü: x\n\"ö\": b: c\n---\n")
        #expect(block.diagnostics.map(\.column) == [7, 6])
    }

    @Test func `a block that is too large is cut`() {
        let filler = String(repeating: "x: y\n", count: 20_000)
        let block = read("---\nname: A\n\(filler)---\n")
        #expect(block.diagnostics.map(\.code) == [.frontmatterTooLarge])
        #expect(block.occurrences.count == Frontmatter.maximumLineCount)
        let long = read("---\nname: A\nb: \(String(repeating: "z", count: 70_000))\n---\n")
        #expect(long.diagnostics.map(\.code) == [.frontmatterTooLarge])
        #expect(long.occurrences.map(\.key) == ["name"])
    }

    @Test func `control characters and foreign line breaks do not shift lines`() {
        let block = read("---\nname: a\u{2028}b\nx: \u{85}c\nsha1: d\n---\n")
        #expect(block.occurrences.map(\.line) == [2, 3, 4])
        #expect(block.diagnostics.map(\.code).allSatisfy { $0 == .frontmatterInvalid })
    }
}
