import Testing

@testable import ModelInfo

struct FrontmatterEditorTests {
    private let id = "034c6ac3865563b69e60"

    private func set(_ key: String, _ value: String, _ text: String) -> String? {
        (try? FrontmatterEditor.setting(key, to: value, in: Array(text.utf8)).get()).map { String(decoding: $0, as: UTF8.self) }
    }

    private func remove(_ key: String, _ text: String) -> String? {
        (try? FrontmatterEditor.removing(key, in: Array(text.utf8)).get()).map { String(decoding: $0, as: UTF8.self) }
    }

    private func refusal(_ key: String, _ value: String, _ text: String) -> FrontmatterEditor.EditRefusal? {
        if case .failure(let refusal) = FrontmatterEditor.setting(key, to: value, in: Array(text.utf8)) { return refusal }
        return nil
    }

    @Test func `a new key comes behind the last one`() {
        #expect(set("gist_id", id, "---\nname: A\n---\ntext\n") == "---\nname: A\ngist_id: \(id)\n---\ntext\n")
        #expect(set("gist_id", id, "---\nname: A\n\n---\ntext\n") == "---\nname: A\ngist_id: \(id)\n\n---\ntext\n")
        #expect(set("gist_id", id, "---\nname: A\n# end\n---") == "---\nname: A\n# end\ngist_id: \(id)\n---")
        #expect(set("gist_id", id, "---\n---\n") == "---\ngist_id: \(id)\n---\n")
        #expect(set("gist_id", id, "---\na: |\n  x\n---\n") == "---\na: |\n  x\ngist_id: \(id)\n---\n")
        #expect(set("gist_id", id, "---\n  name: A\n---\n") == "---\n  name: A\n  gist_id: \(id)\n---\n")
    }

    @Test func `line ends, byte order mark and everything else stay`() {
        #expect(set("gist_id", id, "\u{FEFF}---\r\nname: A  \r\n---\r\nx\n") == "\u{FEFF}---\r\nname: A  \r\ngist_id: \(id)\r\n---\r\nx\n")
        #expect(set("gist_id", id, "---\r\n---\r\n") == "---\r\ngist_id: \(id)\r\n---\r\n")
        #expect(set("gist_id", id, "---\rname: A\r---\r") == "---\rname: A\rgist_id: \(id)\r---\r")
        #expect(set("name", "B", "---\r\nname:   A \t# c\r\nx: y\r\n---\r\n") == "---\r\nname:   B \t# c\r\nx: y\r\n---\r\n")
        let latin = Array("---\nname: A\n---\n".utf8) + [0xFC, 0xFF]
        #expect((try? FrontmatterEditor.setting("name", to: "B", in: latin).get()) == Array("---\nname: B\n---\n".utf8) + [0xFC, 0xFF])
    }

    @Test func `an old value goes with its quotes, a comment stays`() {
        #expect(set("name", "B", "---\nname: \"A # b\" # c\n---\n") == "---\nname: B # c\n---\n")
        #expect(set("name", "B", "---\nname: 'it''s'\n---\n") == "---\nname: B\n---\n")
        #expect(set("sha1", "abc", "---\nsha1:\nx: y\n---\n") == "---\nsha1: abc\nx: y\n---\n")
        #expect(set("sha1", "abc", "---\nsha1:   # none yet\nx: y\n---\n") == "---\nsha1: abc   # none yet\nx: y\n---\n")
        #expect(set("sha1", "abc", "---\nsha1:def\nx: y\n---\n") == "---\nsha1: abc\nx: y\n---\n")
    }

    @Test func `the line with another spelling of the key is the one that changes`() {
        #expect(set("caffemodel_url", "http://h/a", "---\ncaffemodel url: x\n---\n") == "---\ncaffemodel url: http://h/a\n---\n")
        #expect(remove("gist_id", "---\nname: A\nGist-ID: 1\n---\n") == "---\nname: A\n---\n")
    }

    @Test func `a block that is no valid YAML can still be edited`() {
        #expect(set("gist_id", id, "---\nname: VGG: Very\n---\n") == "---\nname: VGG: Very\ngist_id: \(id)\n---\n")
        #expect(set("name", "a: b", "---\nname: VGG: Very\nx: y: z\n---\n") == "---\nname: \"a: b\"\nx: y: z\n---\n")
    }

    @Test func `what is there already changes nothing`() {
        let text = "---\nname: 'A'\n---\n"
        #expect(set("name", "A", text) == text)
        #expect(remove("gist_id", text) == text)
    }

    @Test func `a line goes with its ending`() {
        #expect(remove("gist_id", "---\r\nname: A\r\ngist_id: 1\r\nx: y\r\n---\r\n") == "---\r\nname: A\r\nx: y\r\n---\r\n")
        #expect(remove("gist_id", "---\ngist_id: 1\n---\n") == "---\n---\n")
    }

    @Test(arguments: [
        "7e15512", "0123", "00120000000000000000", "1.10", "2014-08-19", "2014-08-19 10:00:00", "No", "on", "~", "null", "0x1F", "0o17",
        "1_000", "12:30", ".inf", "-1", "+1e5", ".5",
        "976847408258292576e1", "a: b", "a #b", "#a", "- a", "[a", "{a", "&a", "*a", "!a", "|", ">", "'a", "\"a", "%a", "@a", "`a", "a:",
        "?", "a\\b", "ü", "a\tb", "x\u{200B}y",
        "a\u{1B}b", "=", "<<", "a, b", "-", "---", "...", "😀", "\u{A0}x\u{A0}y", "a\u{E000}", "y", "null\\", "http://h/a?b=c#d",
    ])
    func `every value reads back as it was given, and stays a string for others`(value: String) {
        let value = value.trimmed
        let edited = FrontmatterEditor.setting("caffe_commit", to: value, in: readme("name: A", "license: c"))
        let occurrences = (try? edited.get()).map { Frontmatter($0, fileName: "").occurrences } ?? []
        #expect(occurrences.map(\.key) == ["name", "license", "caffe_commit"])
        #expect(occurrences.last.map { Array($0.value.utf8) } == Array(value.utf8))
    }

    @Test(arguments: [
        "7e15512", "0123", "1.10", "2014-08-19", "No", "~", "0x1F", "976847408258292576e1", "1_000", "12:30",
        "1234567890123456789012345678901234567890", ".inf",
    ])
    func `what YAML would make a number of is quoted`(value: String) {
        #expect(YAMLScalar.written(value) == "\"\(value)\"")
    }

    @Test(arguments: [
        "9116a64c0fbe4459d18f4bb6b56d647b63920377", "034c6ac3865563b69e60", "bvlc.caffemodel", "http://h/a",
        "local-0123456789abcdef0123456789abcdef", "Not a number", "1 a",
    ])
    func `what is a string anyway is not quoted`(value: String) {
        #expect(YAMLScalar.written(value) == value)
    }

    @Test(arguments: [
        ("name: A\n", "no frontmatter block"), ("---\nname: A\n", "no closing"), ("---\nname: A\n<<<<<<< x\n---\n", "conflict marker"),
        ("---\ngist_id: 1\ngist_id: 2\n---\n", "more than once (lines 2, 3)"), ("---\ngist_id: 1\nGist-Id: 2\n---\n", "more than once"),
        ("---\ngist_id: |\n  1\n---\n", "not on one line"), ("---\ngist_id: \"1\n  2\"\n---\n", "not on one line"),
        ("---\ngist_id: [1]\n---\n", "not on one line"),
        ("---\ngist_id:\n  1\n---\n", "not on one line"), ("---\nname: &a b\n---\n", "unsafe"),
        ("---\n{name: A}\n---\n", "without touching"), ("---\n{name: A,\ngist_id: 1, license: b\n}\n---\n", "without touching"),
        ("", "no frontmatter block"),
    ])
    func `what cannot be done safely is refused with the line to add`(text: String, reason: String) {
        let refusal = refusal("gist_id", id, text)
        #expect(refusal?.message.contains(reason) == true, "\(String(describing: refusal))")
        #expect(refusal?.lineToAdd == "gist_id: \(id)")
    }

    @Test func `a value or key that is none is refused`() {
        let text = "---\nname: A\n---\n"
        #expect(refusal("name", "a\nb", text)?.message.contains("more than one line") == true)
        #expect(refusal("name", "a\u{2028}b", text) != nil)
        #expect(refusal("name", " ", text)?.message.contains("empty") == true)
        #expect(refusal("na me:", "x", text)?.message.contains("no key") == true)
        #expect(refusal("", "x", text) != nil)
        #expect(FrontmatterEditor.setting("name", to: "x", in: [0xFF, 0xFE, 0x2D, 0]) != .success([]))
    }
}
