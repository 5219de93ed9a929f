import Testing

@testable import ModelInfo

struct SHA1TextTests {
    private let hex = "9116a64c0fbe4459d18f4bb6b56d647b63920377"

    @Test func `40 hexadecimal digits of either case are a sha1`() {
        #expect(SHA1Text(hex).finding == nil)
        #expect(SHA1Text(hex.uppercased()).digest?.description == hex)
        #expect(SHA1Text("1234567890123456789012345678901234567890").digest != nil)
    }

    @Test(arguments: ["sha1:%", "% bvlc.caffemodel", "SHA1(a.caffemodel)= %", "`%`", "\\%  a", "sha1=%"])
    func `a sha1 inside other text is found and told`(form: String) {
        let text = SHA1Text(form.split(separator: "%", omittingEmptySubsequences: false).joined(separator: hex))
        #expect(text.digest?.description == hex)
        #expect(text.finding?.code == .sha1Decorated)
    }

    @Test func `other digests are called by their name`() {
        #expect(SHA1Text(String(repeating: "a", count: 32)).finding?.code == .sha1LooksLikeMd5)
        #expect(SHA1Text("md5:" + String(repeating: "a", count: 32)).finding?.code == .sha1LooksLikeMd5)
        #expect(SHA1Text(String(repeating: "a", count: 64)).finding?.code == .sha1LooksLikeSha256)
        #expect(SHA1Text(String(repeating: "a", count: 64)).digest == nil)
    }

    @Test(arguments: [
        "abc", "9116a64c0fbe4459d18f4bb6b56d647b6392037", "9116a64c0fbe4459d18f4bb6b56d647b639203770",
        "g116a64c0fbe4459d18f4bb6b56d647b63920377",
    ])
    func `anything else is malformed`(text: String) {
        #expect(SHA1Text(text).digest == nil)
        #expect(SHA1Text(text).finding?.code == .sha1Malformed)
    }

    @Test func `two different digests in one value are none`() {
        #expect(SHA1Text("\(hex) or \(String(repeating: "b", count: 40))").finding?.code == .sha1Malformed)
    }

    @Test(arguments: [
        "da39a3ee5e6b4b0d3255bfef95601890afd80709", "0000000000000000000000000000000000000000", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
    ])
    func `the digest of nothing verifies nothing`(text: String) {
        #expect(SHA1Text(text).finding?.code == .sha1OfNothing)
        let card = card("caffemodel: m.caffemodel", "caffemodel_url: http://h/m", "sha1: \(text)")
        #expect(card.sha1 != nil)
        #expect(card.binaries.first?.sha1 == nil)
        #expect(!card.canVerify)
    }

    @Test(arguments: ["", "TODO", "n/a", "<sha1 of the file>", "none", "?"])
    func `a placeholder is as good as nothing`(text: String) {
        #expect(SHA1Text(text).finding?.code == .missingSha1)
    }
}

struct GistReferenceTests {
    private let id = "034c6ac3865563b69e60"

    @Test(arguments: [
        ("034c6ac3865563b69e60", GistReference.Form.bare), ("jimgoo/034c6ac3865563b69e60", .withOwner),
        ("https://gist.github.com/034c6ac3865563b69e60", .url), ("https://gist.github.com/jimgoo/034c6ac3865563b69e60", .url),
        ("https://gist.github.com/jimgoo/034c6ac3865563b69e60#file-readme-md", .url),
        ("https://gist.github.com/jimgoo/034c6ac3865563b69e60.git", .url), ("https://gist.github.com/034c6ac3865563b69e60/download", .url),
        ("http://gist.github.com/jimgoo/034c6ac3865563b69e60/", .url), ("gist.github.com/jimgoo/034c6ac3865563b69e60", .url),
        ("https://gist.githubusercontent.com/jimgoo/034c6ac3865563b69e60/raw/readme.md", .url),
        ("https://git.example.org/gist/jimgoo/034c6ac3865563b69e60?x=1", .url), ("git@gist.github.com:034c6ac3865563b69e60.git", .url),
        ("https://api.github.com/gists/034c6ac3865563b69e60", .url), ("034C6AC3865563B69E60", .bare),
        ("\u{200B}034c6ac3865563b69e60 ", .bare),
        ("https://gist.github.com/jimgoo/034c6ac3865563b69e60/0123456789abcdef0123456789abcdef01234567", .url),
    ])
    func `every way of writing a gist gives the bare id`(text: String, form: GistReference.Form) {
        let reference = GistReference(text)
        #expect(reference?.id.description == id)
        #expect(reference?.form == form)
    }

    @Test(
        arguments: [
            ("", nil), ("jimgoo/", nil), ("https://gist.github.com/", "gist.github.com"),
            ("http://Git.Example.org:8443/gist/jimgoo/", "git.example.org"),
            ("gist.github.com/jimgoo/", "gist.github.com"), ("git@gist.github.com:", "gist.github.com"),
            ("https://user@api.github.com/gists/", "api.github.com"), ("ssh://git@ghe.example.org:22/gist/", "ghe.example.org"),
            ("http://[::1]:80/gist/", "::1"),
        ] as [(String, String?)])
    func `where a URL leads is known, and an id alone leads nowhere`(before: String, host: String?) {
        #expect(GistReference(before + id)?.id.description == id)
        #expect(GistReference(before + id)?.host == host)
    }

    @Test func `the owner is kept as written`() {
        #expect(GistReference("https://gist.github.com/jimgoo/034c6ac3865563b69e60")?.owner == "jimgoo")
        #expect(GistReference("jimgoo/034c6ac3865563b69e60")?.owner == "jimgoo")
        #expect(GistReference("https://gist.github.com/034c6ac3865563b69e60")?.owner == nil)
        #expect(GistReference("https://gist.github.com/2014/034c6ac3865563b69e60")?.owner == "2014")
    }

    @Test(arguments: [
        "", "/", "//", "://", "a/b", "https://gist.github.com", "https://gist.github.com/", "x", "TODO", "a/b/034c6ac3865563b69e60",
        "9116a64c0fbe4459d18f4bb6b56d647b63920377", "jimgoo/9116a64c0fbe4459d18f4bb6b56d647b63920377", "034c6ac3865563b69e6", "?#", "@:",
        "https://", "gist",
        "https://h/gist", "034c6ac3865563b69e60/x",
    ])
    func `what holds no id is no gist`(text: String) {
        #expect(GistReference(text) == nil)
    }

    @Test func `each form has its code`() {
        #expect(card("gist_id: \(id)").codes.isDisjoint(with: [.gistIDIsURL, .gistIDHasOwner, .gistIDMalformed]))
        #expect(card("gist_id: a/\(id)").places(of: .gistIDHasOwner) == ["2:10"])
        #expect(card("gist_id: https://gist.github.com/\(id)").places(of: .gistIDIsURL) == ["2:10"])
        #expect(card("gist_id: 9116a64c0fbe4459d18f4bb6b56d647b63920377").places(of: .gistIDMalformed) == ["2:10"])
        #expect(card("gist_id: 976847408258292576e1").gistID?.description == "976847408258292576e1")
        #expect(card("gist_id: local-0123456789abcdef0123456789abcdef").gistID?.isLocal == true)
        #expect(card("gist_id: a/\(id)").gistIDText == "a/\(id)")
    }
}

struct BinaryNameTests {
    @Test(arguments: [
        "/etc/passwd", "../x.caffemodel", "a/../b.caffemodel", "a//b.caffemodel", "a/.git/b.caffemodel", "a/", "a\\b.caffemodel", "..", ".",
        ".hidden.caffemodel", "-rf",
        "a\u{202E}b.caffemodel", "a\u{1B}[0m",
    ])
    func `a name that could leave the directory or deceive is refused`(name: String) {
        let judged = BinaryName(name)
        #expect(judged.file == nil)
        #expect(judged.findings.map(\.code) == [.caffemodelUnsafePath])
    }

    @Test(arguments: ["readme.md", "README.MD", "Readme", "deploy.prototxt", "Deploy.PROTOTXT", "caffemodel-url"])
    func `a name of model info is refused`(name: String) {
        #expect(BinaryName(name).file == nil)
        #expect(BinaryName(name).findings.map(\.code) == [.caffemodelOverwritesInfo])
    }

    @Test func `a name without extension is taken and told`() {
        #expect(BinaryName("VGG_CNN_S").file?.description == "VGG_CNN_S")
        #expect(BinaryName("VGG_CNN_S").findings.map(\.code) == [.caffemodelNoExtension])
        #expect(BinaryName("x.caffemodel.h5").findings.isEmpty)
        #expect(BinaryName("with blank.caffemodel").findings.isEmpty)
    }

    @Test func `of a URL its last part is taken`() {
        let judged = BinaryName("http://h/d/x.caffemodel?dl=1")
        #expect(judged.file?.description == "x.caffemodel")
        #expect(judged.findings.map(\.code) == [.caffemodelIsURL])
        #expect(BinaryName("http://h/../..").file == nil)
        #expect(BinaryName("http://h").file == nil)
    }

    @Test func `a name longer than the disk takes is told`() {
        #expect(BinaryName(String(repeating: "a", count: 256)).findings.map(\.code) == [.caffemodelNameTooLong])
        #expect(BinaryName(String(repeating: "a", count: 244) + ".caffemodel").file != nil)
    }
}

struct BinaryURLTests {
    @Test(arguments: [
        "http://dl.caffe.berkeleyvision.org/a.caffemodel", "https://h/a?x=1&y=2", "https://h:8443/a", "http://127.0.0.1:80/a",
        "http://[::1]:8080/a",
        "http://www.robots.ox.ac.uk/~vgg/a", "https://h/a%20b", "https://www.dropbox.com/s/x/a?dl=1&rlkey=abc",
    ])
    func `a plain URL is taken as it is`(text: String) {
        #expect(BinaryURL(text).url == text)
        #expect(BinaryURL(text).findings.isEmpty)
        #expect(BinaryURL(text).shown == text)
    }

    @Test func `what a URL may hold otherwise is made one form`() {
        #expect(BinaryURL("HTTP://Example.ORG/A#top").url == "http://example.org/A")
        #expect(BinaryURL("https://h").url == "https://h/")
        #expect(BinaryURL("https://h?x").url == "https://h/?x")
    }

    @Test func `characters that need encoding are encoded and told`() {
        let judged = BinaryURL("http://h/my model/ü%zz.caffemodel")
        #expect(judged.url == "http://h/my%20model/%C3%BC%25zz.caffemodel")
        #expect(judged.findings.map(\.code) == [.urlNeedsEncoding])
    }

    @Test(arguments: ["example.org/a.caffemodel", "//example.org/a", "example.org:8080/a", "www.x.org"])
    func `a host without scheme is taken as http and told`(text: String) {
        #expect(BinaryURL(text).url?.hasPrefix("http://") == true)
        #expect(BinaryURL(text).findings.map(\.code) == [.urlNoScheme])
    }

    @Test(arguments: [
        "file:///etc/passwd", "s3://b/k", "magnet:?xt=urn:btih:x", "data:text/plain,x", "ftp://h/a", "javascript:alert(1)", "gopher://h/",
        "C:\\x",
    ])
    func `another scheme is not fetched`(text: String) {
        #expect(BinaryURL(text).url == nil)
        #expect(BinaryURL(text).findings.map(\.code) == [.urlUnsupportedScheme])
    }

    @Test(arguments: [
        "see the paper", "http:/h/a", "http:h", "http://", "https:///a", "http://h:0/a", "http://h:99999/a", "http://h:8a/x",
        "http://a b/c", "http://good\\@evil/x",
        "http://%31/a", "http://h\u{0}/a", "http://[::1/a", "http://.h/a", "x", "/a/b", "http://h/a\u{7}b",
    ])
    func `what is no URL is told`(text: String) {
        #expect(BinaryURL(text).url == nil)
        #expect(BinaryURL(text).findings.map(\.code) == [.urlInvalid])
    }

    @Test func `a URL that is too long is none`() {
        #expect(BinaryURL("http://h/" + String(repeating: "a", count: 9000)).findings.map(\.code) == [.urlInvalid])
    }

    @Test(arguments: [
        "https://user:hunter2@example.org/a", "https://hunter2@example.org/a", "https://example.org/a?token=hunter2",
        "https://example.org/a?x=1&access_token=hunter2",
        "https://example.org/a?x=1;PASSWORD=hunter2#f", "user:hunter2@example.org/a", "https://a:b@c:hunter2@example.org/x",
        "https://example.org/ghp_hunter2hunter2hunter2hunter2hunter2hunt",
    ])
    func `credentials are refused and shown nowhere`(text: String) {
        let card = card("name: n", "caffemodel: m.caffemodel", "caffemodel_url: \(text)", "mirror: \(text)", "license: see \(text)")
        #expect(card.codes.contains(.urlHasCredentials))
        #expect(card.binaries.first?.url == nil)
        #expect(!card.canDownload && !card.canPublish)
        #expect(!card.caffemodelURL!.contains("hunter2"))
        #expect(!card.diagnostics.contains { $0.message.contains("hunter2") || $0.hint?.contains("hunter2") == true })
        if text.contains("://"), text.contains("@") { #expect(!"\(card)".contains("hunter2")) }
    }

    @Test func `a URL with a password is shown as its host alone`() {
        #expect(BinaryURL("https://user:pw@example.org/a/b?c").shown == "https://…@example.org")
    }
}
