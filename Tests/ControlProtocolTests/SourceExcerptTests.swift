import ModelInfo
import Testing

@testable import zooctl

struct SourceExcerptTests {
    private let style = Style(hasColor: false, isUTF8: true, width: nil)

    private func excerpt(_ line: String, _ column: Int, room: Int = 100) -> SourceExcerpt? {
        SourceExcerpt(line, column: column, room: room, style)
    }

    /// What stands above the caret.
    private func marked(_ excerpt: SourceExcerpt?) -> Character? {
        guard let excerpt else { return nil }
        var columns = 0
        for character in excerpt.text {
            if columns == excerpt.caretOffset { return character }
            columns += columnCount(String(character))
        }
        return nil
    }

    @Test func `the caret stands under the column, behind tabs, wide characters and control characters`() {
        #expect(excerpt("sha1: abc", 7)?.caretOffset == 6)
        #expect(excerpt("\tsha1:\tabc", 8)?.caretOffset == 13)
        #expect(excerpt("模型: x", 5)?.caretOffset == 6)
        #expect(excerpt("a\u{1B}[1mb", 6)?.text == "a\\u{1b}[1mb")
        #expect(marked(excerpt("a\u{1B}[1mb", 6)) == "b")
        // The accent stands on the letter before it.
        #expect(excerpt("e\u{301}x", 3)?.caretOffset == 1)
        #expect(excerpt("abc", 4)?.caretOffset == 3 && excerpt("abc", 99)?.caretOffset == 3)
    }

    @Test(arguments: [1, 5, 39, 40, 41, 80, 150, 199, 200, 201])
    func `of a long line only what surrounds the column is shown`(column: Int) throws {
        for line in [(0..<200).map { String(UnicodeScalar(UInt8(65 + $0 % 26))) }.joined(), String(repeating: "模", count: 200)] {
            let shown = try #require(excerpt(line, column, room: 40))
            #expect(columnCount(shown.text) <= 41 && shown.caretOffset <= 41, "\(shown)")
            let scalar = line.unicodeScalars.dropFirst(column - 1).first
            #expect(marked(shown)?.unicodeScalars.first == scalar || scalar == nil, "\(shown)")
            #expect(shown.text.hasPrefix("…") == (column > 20) || line.hasPrefix("模"), "\(shown)")
            #expect(shown.text.hasSuffix("…") == (column < 180) || column > 170, "\(shown)")
        }
    }

    @Test func `a line without anything to see is left out`() {
        #expect(excerpt("---", 1) == nil && excerpt(" \t", 1) == nil && excerpt("", 1) == nil)
        #expect(excerpt("----x", 1) != nil)
    }

    @Test func `a line of a megabyte costs no more than what is shown of it`() {
        let line = String(repeating: "\u{1B}", count: 1 << 20)
        let time = ContinuousClock().measure { #expect(excerpt(line, 1 << 19, room: 80)?.caretOffset ?? 99 <= 81) }
        #expect(time < .seconds(1))
    }

    @Test func `diagnostics stand in columns, with their line, a caret and the hint`() {
        let diagnostics = [
            Diagnostic(.sha1Malformed, file: "readme.md", line: 3, column: 7, message: "no digits", hint: "write 40"),
            Diagnostic(.noPrototxt, message: "no prototxt"),
        ]
        let text = DiagnosticLines(diagnostics, style, prefix: "zoo/a") { _ in SourceExcerpt("sha1: x", column: 7, room: 80, style) }.text
        #expect(
            text == """
                  zoo/a/readme.md:3:7: error   sha1-malformed  no digits
                        3 | sha1: x
                          |       ^
                    hint: write 40
                  zoo/a:               warning no-prototxt     no prototxt

                """)
    }

    @Test func `a source line with a secret or a part of one is never shown`() {
        let text = SourceText(
            Array(
                "\u{FEFF}name: A\r\nurl: https://u:hunter22@h/x\r\n-----BEGIN RSA PRIVATE KEY-----\r\nMIIE\r\n-----END RSA PRIVATE KEY-----\rend"
                    .utf8))
        #expect(text.line(1) == "name: A" && text.line(2) == nil && text.line(3) == nil && text.line(6) == "end")
        #expect(text.line(0) == nil && text.line(7) == nil)
    }
}
