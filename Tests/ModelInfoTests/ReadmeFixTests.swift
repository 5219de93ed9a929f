import Testing

@testable import ModelInfo

struct ReadmeFixTests {
    private let id = "034c6ac3865563b69e60"
    private let sha1 = "9116a64c0fbe4459d18f4bb6b56d647b63920377"

    private func fixed(_ text: String) -> String { String(decoding: FixedReadme(Array(text.utf8)).bytes, as: UTF8.self) }

    @Test func `a sha1 becomes 40 lower-case digits, a gist its bare id`() {
        #expect(fixed("---\nsha1: \(sha1.uppercased())  # of v2\n---\n") == "---\nsha1: \(sha1)  # of v2\n---\n")
        #expect(fixed("---\r\nSHA1: \"sha1: \(sha1)\"\r\n---\r\n") == "---\r\nSHA1: \(sha1)\r\n---\r\n")
        #expect(fixed("---\ngist_id: https://gist.github.com/u/\(id)#file-x\n---\n") == "---\ngist_id: \(id)\n---\n")
        #expect(fixed("---\nGist-ID: u/\(id.uppercased())\n---\n") == "---\nGist-ID: \(id)\n---\n")
        #expect(fixed("---\ngist_id: 0000000000000000\(id.suffix(4))\n---\n") == "---\ngist_id: 0000000000000000\(id.suffix(4))\n---\n")
    }

    @Test func `a URL gets the characters that a URL may hold`() {
        #expect(fixed("---\ncaffemodel_url: http://h/a b.caffemodel\n---\n") == "---\ncaffemodel_url: http://h/a%20b.caffemodel\n---\n")
    }

    @Test(arguments: [
        ("https://www.dropbox.com/s/abc/a.caffemodel?dl=0", "https://www.dropbox.com/s/abc/a.caffemodel?dl=1"),
        ("https://github.com/u/r/blob/master/a.caffemodel", "https://github.com/u/r/raw/master/a.caffemodel"),
        ("<http://h.org/a.caffemodel>", "http://h.org/a.caffemodel"),
    ])
    func `a page that is known to mean a file becomes the URL of the file`(written: String, direct: String) {
        #expect(fixed("---\r\ncaffemodel_url: \(written) # of v1\r\n---\r\n") == "---\r\ncaffemodel_url: \(direct) # of v1\r\n---\r\n")
        #expect(fixed("## Information\n\n- caffemodel_url: \(direct)\n") == "## Information\n\n- caffemodel_url: \(direct)\n")
    }

    @Test(arguments: [
        "sha1: 123", "sha1: \(String(repeating: "a", count: 64))",
        "sha1: a \(String(repeating: "a", count: 40)) b \(String(repeating: "b", count: 40))",
        "sha1: DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "gist_id: nobody/knows", "gist_id:", "caffemodel_url: h.org/a.caffemodel",
        "caffemodel_url: https://user:pw12345@h/a b", "caffemodel_url: ftp://h/a b",
        "caffemodel_url: https://pan.baidu.com/s/1abc", "caffemodel_url: http://goo.gl/abc", "name: A  B",
        "caffemodel_url: https://h.org/a.caffemodel or https://i.org/a.caffemodel",
    ])
    func `what only a person can tell is left as it is`(line: String) {
        let text = "---\n\(line)\n---\n"
        #expect(fixed(text) == text)
        #expect(FixedReadme(Array(text.utf8)).refused.isEmpty)
    }

    @Test func `each fix is told with its line, and what cannot be edited safely with the line to write`() throws {
        let readme = FixedReadme(Array("---\nname: A\nsha1: \(sha1.uppercased())\ngist_id: u/\(id)\n---\n".utf8))
        #expect(readme.fixes.map(\.line) == [3, 4])
        #expect(readme.fixes.map(\.old) == [sha1.uppercased(), "u/\(id)"] && readme.fixes.map(\.new) == [sha1, id])
        let marked = FixedReadme(Array("---\nsha1: \(sha1.uppercased())\n---\n<<<<<<< a\n".utf8))
        #expect(marked.fixes.isEmpty)
        let refused = try #require(marked.refused.first)
        #expect(refused.fix.lineToWrite == "sha1: \(sha1)" && refused.refusal.message.contains("conflict marker"))
    }

    @Test func `what was fixed needs no fixing`() {
        let text = "\u{FEFF}---\r\n  sha1: '\(sha1.uppercased())' # c\r\n  gist_id: u/\(id)\t\r\n  caffemodel_url: http://h/ü\r\n---\r\nx"
        let once = fixed(text)
        #expect(once == "\u{FEFF}---\r\n  sha1: \(sha1) # c\r\n  gist_id: \(id)\t\r\n  caffemodel_url: http://h/%C3%BC\r\n---\r\nx")
        #expect(FixedReadme(Array(once.utf8)).fixes.isEmpty)
    }
}
