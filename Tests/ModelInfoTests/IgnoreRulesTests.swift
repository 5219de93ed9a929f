import ModelInfo
import Testing

private func path(_ text: String) throws -> RelativePath { try RelativePath(text) }

@Suite struct `Ignore rules` {
    @Test(arguments: [
        ("old", "old", true), ("old", "a/old", true), ("old", "older", false), ("/old", "a/old", false), ("/old", "old", true),
        ("a/b", "a/b", true), ("a/b", "x/a/b", false), ("*.tmp", "x/y.tmp", true), ("v?", "v1", true), ("v?", "v12", false),
        ("v[0-9]", "v3", true), ("v[!0-9]", "v3", false), ("v[!0-9]", "vx", true), ("**/b", "x/y/b", true), ("a/**", "a/x/y", true),
        ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true), ("# no", "# no", false), ("\\#yes", "#yes", true), ("tail  ", "tail", true),
        ("*a*b*c", "xxaxxbxxc", true), ("*a*b*c", "xxaxxcxxb", false),
    ])
    func `a pattern names what gitignore would`(pattern: String, name: String, expected: Bool) throws {
        let rules = IgnoreRules().adding(pattern, in: nil)
        #expect(rules.ignore(try path(name), isDirectory: true) == expected)
    }

    @Test func `a slash at the end names directories only`() throws {
        let rules = IgnoreRules().adding("build/", in: nil)
        #expect(rules.ignore(try path("build"), isDirectory: true))
        #expect(!rules.ignore(try path("build"), isDirectory: false))
    }

    @Test func `a later line takes an earlier one back`() throws {
        let rules = IgnoreRules().adding("*\n!keep\n", in: nil)
        #expect(rules.ignore(try path("other"), isDirectory: true))
        #expect(!rules.ignore(try path("keep"), isDirectory: true))
    }

    @Test func `a file deeper in the zoo counts only below it`() throws {
        let rules = IgnoreRules().adding("/x", in: try path("a"))
        #expect(rules.ignore(try path("a/x"), isDirectory: true))
        #expect(!rules.ignore(try path("x"), isDirectory: true))
        #expect(!rules.ignore(try path("b/x"), isDirectory: true))
    }
}
