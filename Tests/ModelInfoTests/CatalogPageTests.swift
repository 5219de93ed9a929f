import Foundation
import Testing

@testable import ModelInfo

/// What a page of links says, however loosely it is written.
struct CatalogPageTests {
    private static let id = "0123456789abcdef0123"
    private static let long = "0123456789abcdef0123456789abcdef"

    private func page(_ text: String) -> CatalogPage { CatalogPage(Array(text.utf8)) }

    /// `owner/id title` of each entry.
    private func list(_ text: String) -> [String] {
        page(text).entries.map { "\($0.owner ?? "-")/\($0.id) \($0.title)" }
    }

    private struct Expected: Decodable {
        struct Entry: Decodable, Equatable {
            let title: String
            let owner: String?
            let id: String
        }
        let entries: [Entry]
        let notGists: [String]
    }

    @Test func `a page in the shapes of the real one gives every gist and every other link`() throws {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/catalog")
        let page = CatalogPage(Array(try Data(contentsOf: fixtures.appending(path: "Model-Zoo.md"))))
        let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: fixtures.appending(path: "Model-Zoo.json")))
        #expect(page.entries.map { Expected.Entry(title: $0.title, owner: $0.owner, id: $0.id.description) } == expected.entries)
        #expect(page.notGists == expected.notGists)
        #expect(page.entries.count == 28 && page.notGists.count { $0.contains("//github.com/") } == 27)
    }

    @Test(arguments: [
        "gist.github.com/ann/ID", "http://gist.github.com/ann/ID", "https://GIST.github.com/ann/ID",
        "https://gist.github.com/ann/ID#file-readme-md",
        "https://gist.github.com/ann/ID#file-readme.md", "https://gist.github.com/ann/ID/REVISION", "https://gist.github.com/ann/ID.git",
        "https://gist.github.com/ann/ID/", "https://gist.github.com/ann/ID?permalink_comment_id=1",
        "https://gist.githubusercontent.com/ann/ID/raw/REVISION/readme.md", "https://git.example.org/gist/ann/ID",
        "https://gist.git.example.org/ann/ID", "https://gist.github.com/ann/ID.", "//gist.github.com/ann/ID",
    ])
    func `an entry is a link to a gist in any of its forms`(form: String) {
        let revision = String(repeating: "ab", count: 20)
        for id in [Self.id, Self.long, Self.long.uppercased()] {
            let url = form.replacing("ID", with: id).replacing("REVISION", with: revision)
            #expect(list("- [Net](\(url)): words") == ["ann/\(id.lowercased()) Net"], "\(url)")
        }
    }

    @Test(arguments: ["https://gist.github.com/ID", "https://gist.github.com/ID/REVISION", "https://api.github.com/gists/ID"])
    func `a link without an owner has none`(form: String) {
        let url = form.replacing("ID", with: Self.id).replacing("REVISION", with: String(repeating: "ab", count: 20))
        #expect(list("[Net](\(url))") == ["-/\(Self.id) Net"])
    }

    @Test(arguments: [
        "https://gist.github.com/ann/0123456789abcdef0123456789abcdef01234567", "https://gist.github.com/ann",
        "https://gist.github.com/discover",
        "https://github.com/ann/0123456789abcdef0123", "https://github.com/gist/12345", "https://example.org/ann/0123456789abcdef0123",
        "https://gist.github.com@example.org/ann/0123456789abcdef0123", "https://example.org/gist/ann/12345",
        "https://arxiv.org/abs/1411.4038",
        "ftp://ftp.example.org/net.tar.gz",
    ])
    func `what only looks like a gist is none`(url: String) {
        let page = page("- [Net](\(url)) and \(url)")
        #expect(page.entries.isEmpty && page.notGists == [url])
    }

    @Test(arguments: [
        "[Net](URL)", "[Net] (URL)", "[Net]\t(URL \"the net\")", "[Net]( <URL> )", "[**Net**](URL)",
        "[![Net](https://example.org/b.png)](URL)",
        "[`Net`](URL)", "[Net][n]\n\n[n]: URL", "[Net] [N]\r\n\r\n[n]: <URL> \"x\"", "[Net][]\n\n[net]: URL", "[Net]\n\n[net]: URL",
        "<a href=\"URL\">Net</a>", "<A class=x HREF='URL' >\n <b>Net</b></A>", "see [Net](URL), and more", "| [Net](URL) | words |",
        "[Net\n](URL)",
        "1. [Net](URL)", "    * [Net](URL)", "\t- [Net](URL)", "[\\[Net\\]](URL)", "[Net](URL", "> - [Net](URL)", "- [ ] [Net](URL)",
        "[Net <!-- old name -->](URL)", "[x] [Net](URL)",
    ])
    func `a link is found and named however it is written`(form: String) {
        let entries = list("### Heading\n\n" + form.replacing("URL", with: "https://gist.github.com/ann/\(Self.id)") + "\n")
        #expect(entries == ["ann/\(Self.id) \(form.contains("\\[") ? "[Net]" : "Net")"], "\(form)")
        #expect(page(form.replacing("URL", with: "https://gist.github.com/ann/\(Self.id)")).notGists.isEmpty)
    }

    @Test(arguments: [
        "### Flowers\n\nURL", "###Flowers\nURL", "### Flowers ###\r\n\r\n<URL>\r\n", "### <a name=\"f\"></a>Flowers  \n(see URL).",
        "Flowers\n-------\nURL",
        "### [Flowers](https://example.org/f)\n - URL", "### **Flowers**\n[URL](URL)", "<h3>Flowers</h3>\n<p>URL</p>", "#Flowers\n**URL**",
        "## Flowers: \nURL,",
        "## Flowers\n### <https://example.org/paper>\n[0123456789abcdef0123](URL)", "### Flowers\n[](URL)", "### Flowers\n    URL",
        "Flowers\r\n===\r\nURL\r\n",
    ])
    func `a bare link takes its heading as title`(form: String) {
        #expect(list(form.replacing("URL", with: "https://gist.github.com/ann/\(Self.id)")) == ["ann/\(Self.id) Flowers"], "\(form)")
    }

    @Test func `a bare link without a heading is called by its id`() {
        #expect(list("https://gist.github.com/ann/\(Self.id)") == ["ann/\(Self.id) \(Self.id)"])
    }

    @Test(arguments: [
        "<!-- [Net](URL) -->", "<!--\n\n- [Net](URL)\n\n-->", "text <!-- a --> b <!-- [Net](URL)", "```\n[Net](URL)\n```",
        "~~~ sh\nzooctl add URL\n~~~",
        "`[Net](URL)`", "``a ` URL``", "@article{net,\n", "words\n\n    url = {URL}\n", "![Net](URL)", "[n]: URL", "[//]: # (URL)",
        "<img src=\"URL\">",
        "<script>var a = \"URL\"</script>", "[Net](#file-readme-md) [Other](Other-Page) [mail](mailto:a@example.org)",
    ])
    func `what the page does not show as a link is none`(form: String) {
        let page = page(form.replacing("URL", with: "https://gist.github.com/ann/\(Self.id)"))
        #expect(page.entries.isEmpty && page.notGists.isEmpty, "\(form)")
    }

    @Test func `comments end, and what follows counts`() {
        let text =
            "<!-- [A](https://gist.github.com/a/\(Self.id)) --> [B](https://gist.github.com/b/\(Self.long))\n<!--\nx --> [C](https://c.example.org)"
        #expect(list(text) == ["b/\(Self.long) B"])
        #expect(page(text).notGists == ["https://c.example.org"])
    }

    @Test func `an id is listed once, under its first title, with any owner that is named`() {
        let text =
            "[First](https://gist.github.com/\(Self.id)) [Second](https://gist.github.com/ann/\(Self.id)) [Third](https://gist.github.com/bob/\(Self.id))"
        #expect(list(text) == ["ann/\(Self.id) First"])
    }

    @Test func `other links keep their order and their spelling`() {
        let text = """
            [B](https://b.example.org/x_(y)?a=1&amp;b=2#top) <https://a.example.org/>, http://c.example.org/caffe\\_model.
            [again](https://a.example.org/) www.d.example.org (https://e.example.org/z)
            """
        #expect(
            page(text).notGists == [
                "https://b.example.org/x_(y)?a=1&b=2#top", "https://a.example.org/", "http://c.example.org/caffe_model",
                "www.d.example.org",
                "https://e.example.org/z",
            ])
    }

    @Test func `the page as a browser gets it reads the same`() {
        let html = """
            <!DOCTYPE html>
            <html><head><style>a { background: url(https://example.org/x.png) }</style><script>go("https://example.org/s")</script></head>
            <body>
                    <div><h3><a id="fcn" href="#fcn"></a>Fully &amp; Conv</h3>
                    <ul>
                      <li><a class="x" href="https://gist.github.com/ann/\(Self.id)#file-readme-md" rel="nofollow">FCN <em>32s</em></a>: [x](y)</li>
                      <li><a href=https://gist.github.com/\(Self.long)>https://gist.github.com/\(Self.long)</a></li>
                      <li><a href="https://example.org/?a=1&amp;b=2">page</a> <!-- <a href="https://hidden.example.org">no</a> --></li>
                    </ul></div>
            </body></html>
            """
        #expect(list(html) == ["ann/\(Self.id) FCN 32s", "-/\(Self.long) Fully & Conv"])
        #expect(page(html).notGists == ["https://example.org/?a=1&b=2"])
    }

    @Test func `bytes that are no text do no harm`() {
        let bytes: [UInt8] =
            [0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0x00, 0x5B, 0xC3, 0x5D] + Array("(https://gist.github.com/ann/\(Self.id))".utf8)
        #expect(CatalogPage(bytes).entries.map(\.id.description) == [Self.id])
        #expect(CatalogPage([]).entries.isEmpty)
    }
}
