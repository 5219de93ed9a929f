import Foundation
import Testing
import Transfers
import ZooTestSupport

@Suite struct `The API client` {
    private static let secret = "ghp_0123456789"

    private func client(_ host: LoopbackFileHost, path: String = "") throws -> APIClient {
        try APIClient(baseURL: host.origin + path, token: SecretToken(Self.secret), settings: NetworkSettings(userAgent: "zood-test/1"))
    }

    private func failure(_ work: () async throws -> Void) async throws -> TransferFailure {
        try await #require(throws: TransferFailure.self) { try await work() }
    }

    @Test func `a request carries the token, the user agent, its headers and its body`() async throws {
        let host = try await LoopbackFileHost.start()
        host.inject(.status(201, headers: [("Location", "/gists/1"), ("content-type", "application/json")], body: "{}"))
        let answer = try await client(host, path: "/api/v3/").send(
            APIRequest(.post, "/gists?x=1", headers: [("Accept", "application/vnd.github+json")], body: Array("{\"a\":1}".utf8)))
        #expect(answer.status == 201)
        #expect(answer.headers["location"] == "/gists/1")
        #expect(answer.body == Array("{}".utf8))
        let request = try #require(host.requests.all.first)
        #expect(host.requests.count == 1)
        #expect(request.method == "POST")
        #expect(request.target == "/api/v3/gists?x=1")
        #expect(request.header("authorization") == "Bearer \(Self.secret)")
        #expect(request.header("user-agent") == "zood-test/1")
        #expect(request.header("accept") == "application/vnd.github+json")
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("accept-encoding") == "gzip")
        #expect(request.header("expect") == nil)
        #expect(request.header("cookie") == nil)
        #expect(request.body == Array("{\"a\":1}".utf8))
    }

    @Test(arguments: [APIRequest.Method.patch, .put, .delete, .post])
    func `every method goes out as it is, also with an empty body`(method: APIRequest.Method) async throws {
        let host = try await LoopbackFileHost.start()
        _ = try await client(host).send(APIRequest(method, "/x", body: []))
        _ = try await client(host).send(APIRequest(method, "/x"))
        #expect(host.requests.all.map(\.method) == [method.rawValue, method.rawValue])
        #expect(host.requests.all.allSatisfy { $0.body.isEmpty && $0.header("content-type") != "application/x-www-form-urlencoded" })
        let lengths = host.requests.all.map { $0.header("content-length") }
        #expect(lengths == ["0", method == .delete ? nil : "0"])
    }

    @Test(arguments: ["http://example.org", "http://10.0.0.1/api", "ftp://localhost/", "http://user@localhost/"])
    func `an API that is not on this machine must be https, and none has credentials in its URL`(url: String) {
        #expect(throws: TransferFailure.self) { try APIClient(baseURL: url, token: nil, settings: NetworkSettings()) }
    }

    @Test func `the token never goes to another port, by a redirect or by a link`() async throws {
        let (host, other) = (try await LoopbackFileHost.start(), try await LoopbackFileHost.start())
        for status in [301, 302, 303, 307, 308] {
            host.inject(.redirect(to: other.url("x"), status: status))
            let failure = try await failure { _ = try await client(host).send(APIRequest(.get, "/gists")) }
            #expect(failure.reason == .refusedRedirect(to: other.url("x")))
        }
        let link = try await failure { _ = try await client(host).send(APIRequest(.get, other.url("gists?page=2"))) }
        #expect(link.reason.word == "badURL")
        #expect(other.requests.count == 0)
    }

    @Test func `the token never goes to another host or scheme`() async throws {
        let host = try await LoopbackFileHost.start()
        let other = try await LoopbackFileHost.start(address: "127.0.0.2", port: host.port)
        for location in [
            other.url("x"), "http://localhost:\(host.port)/x", "https://127.0.0.1:\(host.port)/x", "//127.0.0.2:\(host.port)/x",
        ] {
            host.inject(.redirect(to: location, status: 307))
            let failure = try await failure { _ = try await client(host).send(APIRequest(.patch, "/gists/1", body: [1])) }
            #expect(failure.reason.word == "refusedRedirect")
            // The server said that it did not do it.
            #expect(!failure.requestWasSent)
        }
        #expect(other.requests.count == 0)
        #expect(host.requests.count == 4)
    }

    @Test(arguments: [307, 308]) func `a redirect within the origin repeats method, body and token`(status: Int) async throws {
        let host = try await LoopbackFileHost.start()
        host.redirect("old", to: "/new", status: status)
        host.inject(.status(200, body: "done"), on: .path("/new"))
        let answer = try await client(host).send(APIRequest(.patch, "/old", body: Array("body".utf8)))
        #expect(answer.body == Array("done".utf8))
        #expect(answer.url.description == host.url("new"))
        let last = try #require(host.requests.all.last)
        #expect(last.method == "PATCH")
        #expect(last.body == Array("body".utf8))
        #expect(last.header("authorization") == "Bearer \(Self.secret)")
    }

    @Test(arguments: [301, 302, 303]) func `a write that is answered 301, 302 or 303 is not repeated`(status: Int) async throws {
        let host = try await LoopbackFileHost.start()
        host.inject(.redirect(to: "/new", status: status))
        #expect(try await client(host).send(APIRequest(.post, "/old", body: [1])).status == status)
        #expect(host.requests.count == 1)
    }

    @Test func `five redirects are followed, a loop is not`() async throws {
        let host = try await LoopbackFileHost.start()
        for step in 0..<5 { host.redirect("\(step)", to: "/\(step + 1)") }
        host.serve(.bytes([7]), at: "5")
        #expect(try await client(host).send(APIRequest(.get, "/0")).body == [7])
        host.redirect("loop", to: "/loop")
        host.requests.removeAll()
        let failure = try await failure { _ = try await client(host).send(APIRequest(.get, "/loop")) }
        #expect(failure.reason == .tooManyRedirects)
        #expect(host.requests.count == 6)
    }

    @Test func `a raw file is fetched without the token, also from another port`() async throws {
        let (host, other) = (try await LoopbackFileHost.start(), try await LoopbackFileHost.start())
        other.serve(.bytes([1, 2, 3]), at: "raw")
        host.redirect("raw", to: other.url("raw"))
        #expect(try await client(host).fetchRaw(host.url("raw")).body == [1, 2, 3])
        #expect(host.requests.count == 1)
        #expect(other.requests.count == 1)
        #expect(!host.requests.mentions(Self.secret) && !other.requests.mentions(Self.secret))
    }

    @Test func `a raw file on another private host is refused without a connection`() async throws {
        let host = try await LoopbackFileHost.start()
        let other = try await LoopbackFileHost.start(address: "127.0.0.2")
        let failure = try await failure { _ = try await client(host).fetchRaw(other.url("raw")) }
        #expect(failure.reason.word == "refusedAddress")
        #expect(other.requests.count == 0)
    }

    @Test func `a compressed answer is taken apart`() async throws {
        let host = try await LoopbackFileHost.start()
        let content = Array(String(repeating: "gist ", count: 10_000).utf8)
        host.serve(.bytes(content), at: "x")
        host.inject(.gzip)
        #expect(try await client(host).send(APIRequest(.get, "/x")).body == content)
    }

    @Test func `an answer over the limit is refused, announced, chunked or compressed`() async throws {
        let host = try await LoopbackFileHost.start()
        host.serve(.bytes([UInt8](repeating: 0, count: 2000)), at: "x")
        for fault in [nil, Fault.chunked, .gzip, .endsWithConnection] {
            if let fault { host.inject(fault) }
            var request = APIRequest(.get, "/x")
            request.maximumBodyByteCount = 1999
            let failure = try await failure { _ = try await client(host).send(request) }
            #expect(failure.reason.word == "tooLarge")
            request.maximumBodyByteCount = 2000
            if let fault { host.inject(fault) }
            #expect(try await client(host).send(request).body.count == 2000)
        }
    }

    @Test func `a header without end is refused`() async throws {
        let host = try await LoopbackFileHost.start()
        host.serve(.bytes([1]), at: "x")
        host.inject(.hugeHeader(byteCount: 1 << 20))
        let failure = try await failure { _ = try await client(host).send(APIRequest(.get, "/x")) }
        #expect(failure.requestWasSent)
    }

    @Test func `an interim answer is not the answer`() async throws {
        let host = try await LoopbackFileHost.start()
        host.serve(.bytes([1]), at: "x")
        host.inject(.earlyHints)
        let answer = try await client(host).send(APIRequest(.get, "/x"))
        #expect(answer.status == 200)
        #expect(answer.headers["etag"] != nil)
    }

    @Test func `Retry-After is handed on with any status`() async throws {
        let host = try await LoopbackFileHost.start()
        host.inject(.status(403, headers: [("Retry-After", "7")]))
        let answer = try await client(host).send(APIRequest(.get, "/x"))
        #expect(answer.status == 403)
        #expect(answer.retryAfter == .seconds(7))
    }

    // What may have been done and what not: "exactly one gist" rests on this.

    @Test func `a connection that cannot be made means that nothing was sent`() async throws {
        let host = try await LoopbackFileHost.start()
        let api = try client(host)
        await host.stop()
        let failure = try await failure { _ = try await api.send(APIRequest(.post, "/gists", body: [1])) }
        #expect(failure.reason.word == "connect")
        #expect(!failure.requestWasSent)
    }

    @Test(arguments: [Fault.hangUpAfterHandling, .hangUpBeforeHandling, .hangUp(atBodyByte: 3), .reset(atBodyByte: 3)])
    func `an answer that is lost means that the request may have been done`(fault: Fault) async throws {
        let host = try await LoopbackFileHost.start()
        host.inject(fault)
        host.serve(.bytes(pattern(1000)), at: "gists")
        let failure = try await failure { _ = try await client(host).send(APIRequest(.get, "/gists")) }
        #expect(failure.requestWasSent)
        #expect(host.requests.count == 1)
    }

    @Test func `a POST is never sent twice, even when a kept connection breaks`() async throws {
        let host = try await LoopbackFileHost.start()
        let api = try client(host)
        host.serve(.bytes([1]), at: "x")
        _ = try await api.send(APIRequest(.get, "/x"))
        host.inject(.hangUpAfterHandling, on: .post)
        let failure = try await failure { _ = try await api.send(APIRequest(.post, "/gists", body: [1])) }
        #expect(failure.requestWasSent)
        #expect(host.requests.requests("POST").count == 1)
    }

    @Test func `a deadline that passed before a worker was free means that nothing was sent`() async throws {
        let host = try await LoopbackFileHost.start()
        let failure = try await failure { _ = try await client(host).send(APIRequest(.post, "/gists", body: [1], deadline: .zero)) }
        #expect(failure == TransferFailure(.timedOut))
        #expect(host.requests.count == 0)
    }

    @Test func `the deadline ends a request that is not answered, and what was sent is said`() async throws {
        let host = try await LoopbackFileHost.start()
        host.inject(.stallAfterHandling)
        let elapsed = try await ContinuousClock().measure {
            let failure = try await failure {
                _ = try await client(host).send(APIRequest(.post, "/gists", body: [1], deadline: .milliseconds(200)))
            }
            #expect(failure == TransferFailure(.timedOut, requestWasSent: true))
        }
        #expect(elapsed >= .milliseconds(200) && elapsed < .seconds(20))
    }

    @Test func `cancelling ends a running request at once`() async throws {
        let host = try await LoopbackFileHost.start()
        host.inject(.stallAfterHandling)
        let api = try client(host)
        let task = Task { try await api.send(APIRequest(.post, "/gists", body: [1])) }
        try await eventually("the request arrives") { host.requests.count == 1 }
        let elapsed = try await ContinuousClock().measure {
            task.cancel()
            let failure = try await failure { _ = try await task.value }
            #expect(failure == TransferFailure(.cancelled, requestWasSent: true))
        }
        #expect(elapsed < .seconds(20))
    }

    @Test func `a proxy is used only when it is set, and never for this machine`() async throws {
        let (host, proxy) = (try await LoopbackFileHost.start(), try await LoopbackFileHost.start())
        let settings = NetworkSettings(proxy: proxy.origin)
        _ = try await APIClient(baseURL: host.origin, token: SecretToken(Self.secret), settings: settings).send(APIRequest(.get, "/x"))
        #expect(host.requests.count == 1)
        #expect(proxy.requests.count == 0)
        let outside = try APIClient(baseURL: "https://zoo.invalid", token: SecretToken(Self.secret), settings: settings)
        let failure = try await failure { _ = try await outside.send(APIRequest(.post, "/x", body: [1])) }
        #expect(!failure.requestWasSent)
        #expect(proxy.requests.all.map(\.method) == ["CONNECT"])
        #expect(!proxy.requests.mentions(Self.secret))
    }
}
