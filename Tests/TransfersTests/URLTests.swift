import Testing

@testable import Transfers

@Suite struct `URLs` {
    @Test(arguments: [
        "ftp://example.org/x", "file:///etc/passwd", "gopher://x/", "s3://b/k", "data:text/plain,x", "javascript:1", "unix:///run/x",
    ])
    func `only http and https are taken`(text: String) {
        #expect(throws: TransferFailure.self) { try HTTPURL(text) }
    }

    @Test(arguments: [
        "https://user@example.org/", "https://user:pass@example.org/", "https://:pass@example.org/", "http://a%40b@example.org/",
    ])
    func `a URL with a user name or password is refused, and the message does not repeat it`(text: String) throws {
        let failure = try #require(throws: TransferFailure.self) { try HTTPURL(text) }
        #expect(failure.description == "the URL holds a user name or a password")
    }

    @Test(arguments: [
        "", "example.org", "https://", "http://exa mple.org/", "https://x:0/", "https://x:99999/", "//x/y", "/x", "http://x\u{0}y/",
    ])
    func `what is no URL is refused`(text: String) {
        #expect(throws: TransferFailure.self) { try HTTPURL(text) }
    }

    @Test(arguments: [
        ("HTTPS://Example.ORG/a?b#c", "https://example.org:443"), ("http://127.1/", "http://127.0.0.1:80"),
        ("http://0x7f000001:8080/", "http://127.0.0.1:8080"), ("http://2130706433/", "http://127.0.0.1:80"),
        ("https://[::1]:1/", "https://[::1]:1"),
    ])
    func `the origin is what would be connected to`(text: String, origin: String) throws {
        #expect(try HTTPURL(text).origin == origin)
    }

    @Test func `the fragment is not sent`() throws {
        #expect(try HTTPURL("https://example.org/a?b#secret").description == "https://example.org/a?b")
    }

    @Test(arguments: [
        ("http://localhost:1/", true), ("http://127.0.0.2/", true), ("http://[::1]/", true), ("http://localhost.example.org/", false),
        ("http://10.0.0.1/", false),
    ])
    func `this machine is told from others`(text: String, isThisMachine: Bool) throws {
        #expect(try HTTPURL(text).isThisMachine == isThisMachine)
    }

    @Test(arguments: [
        ("/b", "https://h.example/b"), ("c?d", "https://h.example/a/c?d"), ("//other.example/e", "https://other.example/e"),
        ("http://h.example/", "http://h.example/"), ("ä b", "https://h.example/a/%c3%a4%20b"),
    ])
    func `a relative Location is resolved against the URL that answered`(location: String, expected: String) throws {
        #expect(try HTTPURL("https://h.example/a/x").resolving(location).description == expected)
    }
}

@Suite struct `Redirect rules` {
    private func target(_ status: Int, _ location: String?, from url: String = "https://h.example/x", method: String = "GET") throws
        -> String?
    {
        let headers = HTTPHeaders(location.map { [(name: "location", value: $0)] } ?? [])
        return try RedirectRules.target(
            of: ResponseHead(status: status, headers: headers, contentLength: nil), from: HTTPURL(url), method: method)?.description
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func `a GET follows every kind of redirect`(status: Int) throws {
        #expect(try target(status, "/y") == "https://h.example/y")
    }

    @Test(arguments: [200, 201, 300, 304, 305, 306, 404]) func `other answers lead nowhere`(status: Int) throws {
        #expect(try target(status, "/y") == nil)
    }

    @Test(arguments: ["POST", "PATCH", "DELETE"]) func `what writes follows only 307 and 308`(method: String) throws {
        #expect(try target(307, "/y", method: method) != nil)
        #expect(try target(308, "/y", method: method) != nil)
        for status in [301, 302, 303] { #expect(try target(status, "/y", method: method) == nil) }
    }

    @Test func `https never becomes http, http may become https`() throws {
        let failure = try #require(throws: TransferFailure.self) { try target(302, "http://h.example/y") }
        #expect(failure.reason == .downgrade(to: "http://h.example/y"))
        #expect(try target(302, "https://h.example/y", from: "http://h.example/x") == "https://h.example/y")
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://h.example/", "https://user:pass@h.example/"])
    func `a redirect to another scheme or with credentials is refused`(location: String) {
        #expect(throws: TransferFailure.self) { try target(302, location) }
    }
}

@Suite struct `Proxy choice` {
    private let settings = NetworkSettings(proxy: "http://proxy.example:3128", noProxy: ["intern.example", ".lab.example", "10.0.0.0/8"])

    @Test(arguments: ["https://api.github.com/", "https://notintern.example/", "https://11.0.0.1/"])
    func `the proxy is used for the outside`(url: String) throws {
        #expect(settings.proxy(for: try HTTPURL(url)) == "http://proxy.example:3128")
    }

    @Test(arguments: [
        "https://intern.example/", "https://a.INTERN.example/", "https://x.lab.example/", "https://10.9.8.7/", "http://localhost/",
        "http://127.0.0.1/", "http://[::1]/",
    ])
    func `exempt hosts and this machine are reached directly`(url: String) throws {
        #expect(settings.proxy(for: try HTTPURL(url)) == nil)
    }

    @Test func `a star exempts everything, no setting means no proxy`() throws {
        let url = try HTTPURL("https://api.github.com/")
        #expect(NetworkSettings(proxy: "http://proxy.example:3128", noProxy: ["*"]).proxy(for: url) == nil)
        #expect(NetworkSettings().proxy(for: url) == nil)
    }
}
