import Testing

@testable import ModelInfo

@Suite struct `Forms of URLs` {
    private static let plain = "http://h.org/a_b(1).caffemodel?x=1"

    @Test(arguments: [
        "<\(plain)>", "[\(plain)](\(plain))", "[the weights](\(plain))", "[w](<\(plain)>)", "[w](\(plain) \"title\")", "![w](\(plain))",
        "\"\(plain)\"",
        "'\(plain)'", "`\(plain)`", "**\(plain)**", "(\(plain))", "\u{201C}\(plain)\u{201D}", "\(plain).", "\(plain),", "\(plain))",
        "\(plain)).", "\"\(plain)\",",
        "<a href=\"\(plain)\">weights</a>", "<URL:\(plain)>", "mirror: \(plain)", "see <\(plain)>.", "[a](\(plain)), 240 MB",
        "\(plain) (240 MB)",
        "\(plain) # big", "  `<\(plain)>` ", "{\(plain)}", "`\(plain)`.", "\(plain)\\", "http://h.org/a\\_b(1).caffemodel?x=1",
    ])
    func `what people put around a URL is taken off and told`(text: String) {
        let judged = BinaryURL(text)
        #expect(judged.url == Self.plain)
        #expect(judged.findings.map(\.code) == [.urlDecorated])
        #expect(judged.shown == text.trimmed)
        #expect(judged.findings.first?.hint?.contains(Self.plain) == true)
    }

    @Test(arguments: [
        plain, "http://h/wiki/Net_(deep)", "http://h/a(b(c))", "https://h/a?b=[1]", "http://[2606:50c0:8000::154]/a", "http://h/a?",
        "http://h/*", "http://h/~a/",
        "http://h/it's",
    ])
    func `what belongs to a URL stays`(text: String) {
        #expect(!BinaryURL(text).findings.contains { $0.code == .urlDecorated })
        #expect(BinaryURL(text).url?.isEmpty == false)
    }

    @Test func `an escaped ampersand is one`() {
        #expect(BinaryURL("https://h/a?x=1&amp;y=2").url == "https://h/a?x=1&y=2")
        #expect(BinaryURL("https://h/a?x=1&amp;y=2").findings.map(\.code) == [.urlDecorated])
    }

    @Test(arguments: [
        "see the paper.", "[text][REF]", "(none)", "[weights](readme.md)", "net.caffemodel", "models/net.caffemodel", "../a.caffemodel",
        "download link", "()",
        "<a href=>", "[]()", "](", "``", "http://", "h", ":", "://h/a", "_", "https://", "@", "a@b", "mail@example.org",
    ])
    func `words are no URL, whatever is around them`(text: String) {
        let judged = BinaryURL(text)
        #expect(judged.url == nil)
        #expect(judged.findings.map(\.code) == [.urlInvalid] || judged.findings.map(\.code) == [.urlHasCredentials])
    }

    @Test(arguments: [
        ("www.h.org/a.caffemodel", "http://www.h.org/a.caffemodel"), ("h.org:8080/a", "http://h.org:8080/a"),
        ("//h.org/a", "http://h.org/a"),
        ("www.h.org", "http://www.h.org/"), ("H.Org/A", "http://h.org/A"), ("ü.org/a", "http://ü.org/a"), ("8.8.8.8/a", "http://8.8.8.8/a"),
    ])
    func `a URL without scheme is completed and told`(text: String, url: String) {
        #expect(BinaryURL(text).url == url)
        #expect(BinaryURL(text).findings.first?.code == .urlNoScheme && BinaryURL(text).findings.first?.hint?.contains(url) == true)
    }

    @Test func `a host in other letters is kept, and its other form is asked for`() {
        let judged = BinaryURL("http://München.example/a b")
        #expect(judged.url == "http://münchen.example/a%20b")
        #expect(judged.findings.map(\.code) == [.urlNeedsEncoding, .urlNeedsEncoding])
        #expect(judged.findings.first?.hint?.contains("xn--") == true)
        for text in [
            "http://h\u{2024}org/a", "http://h\u{FF0F}x.org/a", "http://\u{200B}h/a", "http://h\u{202E}/a", "http://\u{345}h.org/a",
            "http://h.\u{301}x/",
        ] {
            #expect(BinaryURL(text).findings.map(\.code) == [.urlInvalid])
        }
    }

    @Test func `what is encoded already is not encoded again`() {
        #expect(BinaryURL("http://h/a%20b[1]{x}?q=[é]^|x").url == "http://h/a%20b%5B1%5D%7Bx%7D?q=%5B%C3%A9%5D%5E%7Cx")
        #expect(BinaryURL("http://h/%").url == "http://h/%25" && BinaryURL("http://h/%4").url == "http://h/%254")
    }

    @Test(arguments: [
        "[", "](", "<", "(", ")", "http://", "http://h/a ", "&amp;", "\\_", "?token=", "%", "é", "e\u{301}", ",http://a", "://", "a:", "//",
        "-/", "/s/", "\u{201C}",
        "Expires=1&", "AKIA", "eyJ.", ".", "0x", "@", ":", "x=\"", "<a href=",
    ])
    func `judging a value takes time in proportion to its size, whatever it holds`(piece: String) {
        let clock = ContinuousClock()
        let small = String(repeating: piece, count: 2 * BinaryURL.maximumByteCount / piece.utf8.count)
        let large = String(repeating: piece, count: (1 << 17) / piece.utf8.count)
        let time = clock.measure {
            for prefix in ["", "http://h/", "http://h/?", "http://"] { _ = BinaryURL(prefix + small.prefix(8000)) }
            _ = BinaryURL(small)
            _ = BinaryURL(large)
            _ = URLDecoration.separated(String(large.prefix(16 * 1024)))
        }
        // Unoptimised and on a busy machine; quadratic work on these sizes would take minutes.
        #expect(time < .seconds(30))
    }

    @Test func `a URL may have 8 KiB, also when it is encoded`() {
        let room = BinaryURL.maximumByteCount - "http://h/".utf8.count
        #expect(BinaryURL("http://h/" + String(repeating: "a", count: room)).url != nil)
        #expect(BinaryURL("http://h/" + String(repeating: "a", count: room + 1)).findings.map(\.code) == [.urlInvalid])
        #expect(BinaryURL("http://h/" + String(repeating: "é", count: room / 2)).findings.map(\.code) == [.urlInvalid])
    }

    @Test(arguments: [
        "ftp://h/a", "hdfs://h/a", "gs://b/a", "s3://b/a", "file:///a", "magnet:?xt=urn:btih:x", "data:text/html,<a href=\"http://h/a\">",
        "javascript:alert('http://h/a')",
        "mailto:a@b.org", "about:blank", "ipfs://x", "git+ssh://h/a", "rsync://h/a",
    ])
    func `a scheme that is not fetched is named`(text: String) {
        let judged = BinaryURL(text)
        #expect(judged.findings.map(\.code) == [.urlUnsupportedScheme] && judged.url == nil && judged.findings.first?.hint != nil)
    }

    @Test(arguments: [
        "http://localhost/a", "http://127.0.0.1/a", "http://127.1:8080/a", "http://2130706433/a", "http://0x7f.1/a", "http://0177.0.0.1/a",
        "http://[::1]/a",
        "http://[::ffff:127.0.0.1]/a", "http://[::ffff:a00:1]/a", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/a",
        "http://192.168.1.1/a", "http://172.16.0.1/a",
        "http://[fe80::1]/a", "http://[fd00::1]/a", "http://0/a", "http://LOCALHOST./a", "localhost:8080/a",
        "http://metadata.google.internal/a",
    ])
    func `an address of this machine or a private network is refused unless it is allowed`(text: String) {
        let judged = BinaryURL(text, addresses: AddressPolicy())
        #expect(judged.url == nil && judged.findings.map(\.code).contains(.urlAddressRefused))
        #expect(judged.findings.last?.hint?.contains("binaries.allow_addresses") == true)
        let allowing = AddressPolicy(allowed: ["0.0.0.0/0", "::/0"].compactMap { AddressRange($0) })
        #expect(BinaryURL(text, addresses: allowing).url != nil)
    }

    @Test(arguments: ["http://8.8.8.8/a", "http://[2606:50c0:8000::154]/a", "http://10.example.org/a", "http://localhost.example.org/a"])
    func `a public address is none of these`(text: String) {
        #expect(BinaryURL(text, addresses: AddressPolicy()).findings.isEmpty)
    }

    @Test(arguments: [
        ("http://a/x http://b/y", ["http://a/x", "http://b/y"]), ("http://a/x, https://b/y", ["http://a/x,", "https://b/y"]),
        ("http://a/x,http://b/y", ["http://a/x", "http://b/y"]), ("http://a/x or http://b/y", ["http://a/x", "http://b/y"]),
        ("main: http://a/x | mirror: http://b/y", ["main: http://a/x", "http://b/y"]),
        ("[a](http://a/x) [b](http://b/y)", ["[a](http://a/x)", "[b](http://b/y)"]),
        ("http://a/x", ["http://a/x"]), ("http://a/my net", ["http://a/my net"]), ("http://a/r?u=http://b/y", ["http://a/r?u=http://b/y"]),
        ("words", ["words"]), ("", [""]),
    ])
    func `several URLs in one value are told apart`(text: String, urls: [String]) {
        #expect(URLDecoration.separated(text) == urls)
    }
}

@Suite struct `Credentials in URLs` {
    @Test(arguments: [
        "https://user:hunter2@h.org/a", "https://hunter2@h.org/a", "https://h.org/a?api_key=hunter2", "https://h.org/a?api-key=hunter2",
        "https://h.org/a?ApiKey=hunter2",
        "https://h.org/a?private_token=hunter2", "https://h.org/a?x=1&%74oken=hunter2", "https://h.org/a#access_token=hunter2",
        "[w](https://h.org/a?token=hunter2)",
        "<https://user:hunter2@h.org/a>", "h.org/a?token=hunter2", "https://bad host/a?token=hunter2", "https://h.org/a?token=hunter2)b",
        "see https://h.org/a?token=hunter2 here",
        "ftp://user:hunter2@h.org/a", "ftp://h.org/a?password=hunter2", "https://h.org\\a?secret=hunter2", "https://a@b@c:hunter2@h.org/",
        "http://localhost/?token=hunter2",
        "http://h.org/a ftp://user:hunter2 @b/c",
        "not a url ?token=hunter2", "https://h.org:99999/a?jwt=hunter2",
    ])
    func `they are refused, and no text of ours holds them`(text: String) {
        let judged = BinaryURL(text)
        #expect(judged.url == nil && judged.directForm == nil)
        #expect(judged.findings.map(\.code).contains(.urlHasCredentials))
        #expect(!judged.findings.contains { $0.code == .urlInvalid })
        #expect(!judged.shown.contains("hunter2"))
        for finding in judged.findings { #expect(!finding.message.contains("hunter2") && finding.hint?.contains("hunter2") != true) }
    }

    @Test func `a URL with a token is shown as its host`() {
        #expect(BinaryURL("https://h.org:8443/a?token=x").shown == "https://…@h.org:8443")
        #expect(BinaryURL("[w](https://h.org/a?token=x)").shown == "https://…@h.org")
        #expect(BinaryURL("h.org/a?token=x").shown == "…@h.org")
    }

    @Test(arguments: [
        "https://h/a?token=", "https://h/a?token", "https://h/token=x", "https://h/a?mytoken_count=3",
        "https://www.dropbox.com/s/a/b?rlkey=x&dl=1",
        "https://onedrive.live.com/download?resid=1&authkey=x", "https://drive.google.com/uc?id=1&resourcekey=x", "https://h/a?key=x",
        "https://h/a?sig=x",
    ])
    func `what opens a shared link is no credential`(text: String) {
        #expect(BinaryURL(text).findings.isEmpty && BinaryURL(text).shown == text)
    }
}
