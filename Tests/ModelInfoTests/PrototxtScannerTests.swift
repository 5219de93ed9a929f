import Testing

@testable import ModelInfo

/// The grammar, field by field.
struct PrototxtScannerTests {
    /// Events in short: `name=value`, `name{`, `}`; a fault as `line:column message`.
    private func scan(_ text: String) -> [String] { scan(Array(text.utf8)) }

    private func scan(_ bytes: [UInt8]) -> [String] {
        var scanner = PrototxtScanner(bytes)
        var events: [String] = []
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        do throws(PrototxtFailure) {
            while let event = try scanner.next() {
                switch event {
                case .scalar(let name, let value): events.append("\(text(name))=\(value.text(in: bytes) ?? text(value.range))")
                case .begin(let name): events.append(text(name) + "{")
                case .end: events.append("}")
                }
            }
        } catch {
            let (line, column) = PrototxtFailure.position(of: error.offset, in: bytes)
            events.append("\(line):\(column) \(error.message)")
        }
        return events
    }

    @Test func `messages nest, in braces and in angle brackets, with and without a colon`() {
        #expect(scan("a { b < c: 1 > d: { } }\ne:<>") == ["a{", "b{", "c=1", "}", "d{", "}", "}", "e{", "}"])
        #expect(scan("a{b:1}c:2") == ["a{", "b=1", "}", "c=2"])
    }

    @Test func `a comma or a semicolon may stand behind every field`() {
        #expect(scan("a: 1, b: 2; c { d: 3; }, e: 4") == ["a=1", "b=2", "c{", "d=3", "}", "e=4"])
        #expect(scan("a: 1,,") == ["a=1", "1:6 expected a field name, found ','"])
    }

    @Test func `lists give one field for each element`() {
        #expect(scan("dim: [1, 3 , 224] b: ['x', \"y\" \"z\"]") == ["dim=1", "dim=3", "dim=224", "b=x", "b=yz"])
        #expect(scan("a: [] b: 1") == ["b=1"])
        #expect(scan("s [ { d: 1 }, < d: 2 > ]; t: [{}]") == ["s{", "d=1", "}", "s{", "d=2", "}", "t{", "}"])
        #expect(scan("s { a: [1] }") == ["s{", "a=1", "}"])
    }

    @Test(arguments: [
        ("a: [1,]", "1:7 expected a value, found ']'"), ("a: [1 2]", "1:7 expected ',' or ']' in the list 'a', found '2'"),
        ("a [1]", "1:4 expected '{' in the list 'a', found '1'"), ("a: [[1]]", "1:5 expected a value, found '['"),
        ("b: 1\na: [1", "2:4 the file ends, and what 'a' opens here is not closed"),
        ("a: [1,", "1:4 the file ends, and what 'a' opens here is not closed"),
    ])
    func `a list that is none is told`(text: String, fault: String) { #expect(scan(text).last == fault) }

    @Test func `comments end with their line and may hold any byte`() {
        #expect(scan("# top {\na: 1 # tail }\r\n#") == ["a=1"])
        #expect(scan(Array("# ".utf8) + [0xE9, 0xFF, 0] + Array("\na: 1 # \"".utf8)) == ["a=1"])
        #expect(scan("a # x\n: # y\n - # z\n 1") == ["a=- # z\n 1"])
    }

    @Test func `a byte order mark, CR LF and tabs are nothing`() {
        #expect(scan([0xEF, 0xBB, 0xBF] + Array("a: 1\r\n\tb\t:\t2\r\n".utf8)) == ["a=1", "b=2"])
        #expect(scan([0xEF, 0xBB, 0xBF] + Array("a 1".utf8)) == ["1:3 expected ':' or '{' behind 'a', found '1'"])
        #expect(scan("a: 1\r\nb: 2\r\n c?").last == "3:3 expected ':' or '{' behind 'c', found '?'")
    }

    @Test func `strings have either quote, escapes, and neighbours`() {
        #expect(scan(#"a: "it's" b: 'say "x"' c: "a" 'b' # d"# + "\n\"c\"") == ["a=it's", #"b=say "x""#, "c=abc"])
        #expect(scan(#"a: "\"\\\n\t\x41\101\u00e9\U0001F600\?\'" "#) == ["a=\"\\\n\tAAé😀?'"])
        #expect(scan(#"a: "\xc3\xa9" b: "" c: "\0x\18""#) == ["a=é", "b=", "c=\0x\u{1}8"])
        #expect(scan(Array("a: \"".utf8) + [0xE9] + Array("\"".utf8)) == ["a=é"])
        #expect(scan("a: \"# { ; \"b:1") == ["a=# { ; ", "b=1"])
    }

    @Test(arguments: [
        ("a: \"x\nb: 1", "1:4 the string that begins here is not closed on its line"),
        ("b: 1 a: 'x", "1:9 the string that begins here is never closed"),
        ("a: \"\\", "1:4 the string that begins here is never closed"), (#"a: "C:\data""#, #"1:7 no such escape in a string as '\d'"#),
        (#"a: "\xg""#, #"1:5 no such escape in a string as '\x'"#), (#"a: "\u12""#, #"1:5 no such escape in a string as '\u'"#),
        ("a: \"x\0\"", "1:4 the string that begins here is not closed on its line"),
        ("a: “x”", "1:4 expected a value, found '“'"), ("a: \"x\" \"y", "1:8 the string that begins here is never closed"),
    ])
    func `a string that is none is told`(text: String, fault: String) { #expect(scan(text).last == fault) }

    @Test(arguments: [
        "0", "7", "-1", "- 1", "017", "0x1F", "0XfF", "1.", "1.5", ".5", "-.5", "5e-05", "1E+5", "1.5f", "10F", "0.", "0e1", "0f", "inf",
        "-inf", "-Infinity",
        "nan", "-nan", "18446744073709551616",
    ])
    func `a number in any notation is read`(number: String) { #expect(scan("a: \(number) b: 1") == ["a=\(number)", "b=1"]) }

    @Test(arguments: ["08", "1x", "0x", "0xg", "1e", "1e+", "1.2.3", "1_0", "00.5", "10foo", "1ff", ".", "0x1.8", "3x3"])
    func `a number that is none is told`(number: String) { #expect(scan("a: \(number)") == ["1:4 no number: '\(number)'"]) }

    @Test(arguments: [
        ("-MAX", "1:5 expected a number behind '-', found 'MAX'"), ("+1", "1:4 expected a value, found '+'"),
        ("--1", "1:5 expected a number behind '-', found '-'"),
    ])
    func `only numbers have a sign, and that is a minus`(value: String, fault: String) { #expect(scan("a: \(value)") == [fault]) }

    @Test func `extensions and types of any messages are names`() {
        #expect(scan("[a.b_c]: 1 [type.googleapis.com/a.B] { x: 1 }") == ["[a.b_c]=1", "[type.googleapis.com/a.B]{", "x=1", "}"])
        #expect(scan("[a{}]").last == "1:3 expected ']' behind the name of an extension, found '{'")
        #expect(scan("[]: 1").last?.contains("expected the name of an extension") == true)
        #expect(scan("[a").last == "1:3 expected the name of an extension and ']', found the end of the file")
    }

    @Test(arguments: [
        ("name \"x\"", "1:6 expected ':' or '{' behind 'name', found '\"'"),
        ("name = \"x\"", "1:6 expected ':' or '{' behind 'name', found '='"),
        ("a: 1\n}\n", "2:1 expected a field name, found '}'"), ("a { b: 1 >", "1:10 expected a field name or '}', found '>'"),
        ("a < }", "1:5 expected a field name or '>', found '}'"),
        ("x: 1\n  a {\n b: 1\n\n", "2:5 the file ends, and what 'a' opens here is not closed"),
        ("a { b { }", "1:3 the file ends, and what 'a' opens here is not closed"),
        ("a:\n\n", "1:3 expected a value, found the end of the file"),
        ("a", "1:2 expected ':' or '{' behind 'a', found the end of the file"), ("12: 3", "1:1 expected a field name, found '12'"),
        ("{ }", "1:1 expected a field name, found '{'"), ("a: 1 \u{1}", "1:6 expected a field name, found '\\u{1}'"),
        ("é: 1", "1:1 expected a field name, found 'é'"), ("a: }", "1:4 expected a value, found '}'"),
        ("// x", "1:1 expected a field name, found '/'"),
    ])
    func `the first fault has its line, its column and what was expected`(text: String, fault: String) { #expect(scan(text).last == fault) }

    @Test func `columns count characters, and bytes that are no UTF-8`() {
        #expect(scan("a: \"é模🙂\" ?").last == "1:10 expected a field name, found '?'")
        #expect(scan(Array("a: '".utf8) + [0xFF, 0xFE] + Array("' ?".utf8)).last == "1:9 expected a field name, found '?'")
        #expect(scan([0x80]) == ["1:1 expected a field name, found the byte 0x80"])
    }

    @Test func `messages nest a hundred deep and no deeper`() {
        let limit = PrototxtScanner.depthLimit
        #expect(scan(String(repeating: "a{", count: limit) + String(repeating: "}", count: limit)).count == 2 * limit)
        #expect(scan(String(repeating: "a{", count: limit + 1)).last == "1:\(2 * limit + 2) messages are nested more than 100 deep")
        #expect(scan(String(repeating: "a:[{", count: limit)).last?.contains("nested more than 100 deep") == true)
    }
}
