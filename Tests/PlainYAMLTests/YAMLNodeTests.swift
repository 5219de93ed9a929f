import PlainYAML
import Testing

struct YAMLNodeTests {
    private func read(_ text: String) throws -> YAMLNode { try #require(try YAMLNode(text: text)) }

    private func problem(_ text: String) -> YAMLProblem? {
        do throws(YAMLProblem) { _ = try YAMLNode(text: text) } catch { return error }
        return nil
    }

    @Test(arguments: ["7e15512", "0100755", "No", "1.10", "2014-08-19", "0012", "~", "null", "0x1F"])
    func `a scalar is the text that was written`(text: String) throws {
        #expect(try read("key: \(text)")["key"]?.text == text)
    }

    @Test func `quotes are read, and told`() throws {
        let node = try read("a: \"x\\ty\"\nb: 'it''s'\nc: |\n  two\n  lines\n")
        guard case .mapping(let pairs) = node.content else { return #expect(Bool(false), "no map") }
        #expect(pairs.map { $0.value.text } == ["x\ty", "it's", "two\nlines\n"])
        guard case .scalar(_, .quoted) = pairs[0].value.content, case .scalar(_, .quoted) = pairs[1].value.content,
            case .scalar(_, .literal) = pairs[2].value.content
        else { return #expect(Bool(false), "another style") }
    }

    @Test func `marks count lines and Unicode scalars from one`() throws {
        let node = try read("# ü\r\nnäme:  wert\r\nlist:\r\n  - öö\r\n  - b\r\n")
        guard case .mapping(let pairs) = node.content, case .sequence(let items) = pairs[1].value.content else {
            return #expect(Bool(false), "another shape")
        }
        #expect(pairs[0].key.mark == YAMLMark(line: 2, column: 1))
        #expect(pairs[0].value.mark == YAMLMark(line: 2, column: 8))
        #expect(items.map(\.mark) == [YAMLMark(line: 4, column: 5), YAMLMark(line: 5, column: 5)])
    }

    @Test func `pairs stay in order, also those that occur twice`() throws {
        let node = try read("b: 1\na: 2\nb: 3\n")
        guard case .mapping(let pairs) = node.content else { return #expect(Bool(false), "no map") }
        #expect(pairs.map { $0.key.text } == ["b", "a", "b"])
        #expect(node["b"]?.text == "1")
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n"])
    func `a text without content is no document`(text: String) throws {
        let node = try YAMLNode(text: text)
        #expect(node == nil || node?.text == "")
    }

    @Test(arguments: [
        ("a: &x 1", 1, 4), ("a: 1\nb: *x", 2, 4), ("a: !!str 1", 1, 4), ("a: !python/object 1", 1, 4),
        ("a: !<tag:yaml.org,2002:str> \"x\"", 1, 4),
        ("a: !!str \"1\"", 1, 4), ("- - &deep x", 1, 5),
    ])
    func `anchors, aliases and tags are refused where they stand`(text: String, line: Int, column: Int) {
        guard case .refused(let mark, _) = problem(text) else { return #expect(Bool(false), "not refused: \(text)") }
        #expect(mark == YAMLMark(line: line, column: column))
    }

    @Test func `nesting ends at a depth that no stack minds`() throws {
        _ = try read(String(repeating: "[", count: 17) + String(repeating: "]", count: 17))
        for text in [
            String(repeating: "[", count: 100_000), String(repeating: "- ", count: 18) + "x", String(repeating: "{a: ", count: 500),
        ] {
            guard case .refused = problem(text) else { return #expect(Bool(false), "not refused") }
        }
    }

    @Test(arguments: [("a: b: c", 1, 5), ("a: 1\n\tb: 2", 2, 1), ("a: \"open\nb: 2\n", 1, 4), ("a: 'x' y", 1, 8), ("ä: 1\nb: \u{1}", 2, 4)])
    func `what is no YAML is told with its place`(text: String, line: Int, column: Int) {
        guard case .invalid(let mark, let why) = problem(text) else { return #expect(Bool(false), "read: \(text)") }
        #expect(mark == YAMLMark(line: line, column: column), "\(why)")
        #expect(!why.isEmpty)
    }

    @Test func `one text is one document`() {
        guard case .invalid(let mark, _) = problem("a: 1\n---\nb: 2\n") else { return #expect(Bool(false), "read") }
        #expect(mark.line == 2)
    }
}
