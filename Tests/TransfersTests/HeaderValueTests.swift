import Testing

@testable import Transfers

@Suite struct `Header values` {
    @Test func `header names are compared without case, and the first value wins`() {
        let headers = HTTPHeaders([("ETag", "\"a\""), ("Link", "1"), ("LINK", "2")])
        #expect(headers["etag"] == "\"a\"")
        #expect(headers["link"] == "1")
        #expect(headers.values(of: "Link") == ["1", "2"])
        #expect(headers["etags"] == nil)
    }

    @Test(arguments: [
        ("120", Duration.seconds(120)), ("0", .zero), ("999999999", .seconds(86_400)), ("99999999999999999999999", .seconds(86_400)),
        ("Tue, 14 Nov 2023 22:13:30 GMT", .seconds(10)), ("Tue, 14 Nov 2023 22:13:00 GMT", .zero),
        ("Tue, 14 Nov 2034 22:13:00 GMT", .seconds(86_400)),
    ])
    func `Retry-After is seconds or a date, and never more than a day`(value: String, expected: Duration) {
        #expect(RetryAfter.duration(value, now: 1_700_000_000) == expected)
    }

    @Test(arguments: ["", "soon", "-5", "1.5"]) func `a Retry-After that says nothing is not obeyed`(value: String) {
        #expect(RetryAfter.duration(value, now: 1_700_000_000) == nil)
    }

    @Test func `Content-Range gives positions and total`() throws {
        let part = try #require(ContentRange("bytes 5-9/10"))
        #expect(part.positions == 5...9)
        #expect(part.total == 10)
        #expect(ContentRange("BYTES 5-9/*")?.total == nil)
        #expect(ContentRange("bytes */10")?.positions == nil)
        #expect(ContentRange("bytes */10")?.total == 10)
    }

    @Test(arguments: [
        "", "bytes", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10", "bytes -5/10", "bytes 5-/10", "lines 5-9/10", "bytes 5-9/x",
        "bytes 5-9/99999999999999999999", "bytes +5-9/10",
    ])
    func `a Content-Range that contradicts itself is none`(value: String) {
        #expect(ContentRange(value) == nil)
    }

    @Test func `a strong tag validates, a weak one does not`() {
        #expect(EntityValidator(HTTPHeaders([("ETag", "\"x\"")])) == .entityTag("\"x\""))
        #expect(EntityValidator(HTTPHeaders([("ETag", "W/\"x\"")])) == nil)
        #expect(EntityValidator(HTTPHeaders([("ETag", "x")])) == nil)
        #expect(EntityValidator(HTTPHeaders([("ETag", "\"x\u{1}\"")])) == nil)
    }

    @Test func `a modification date validates only when the file had settled before the answer`() {
        let modified = "Tue, 14 Nov 2023 22:13:20 GMT"
        #expect(
            EntityValidator(HTTPHeaders([("ETag", "W/\"x\""), ("Last-Modified", modified), ("Date", "Tue, 14 Nov 2023 22:14:20 GMT")]))
                == .lastModified(modified))
        #expect(EntityValidator(HTTPHeaders([("Last-Modified", modified), ("Date", "Tue, 14 Nov 2023 22:14:19 GMT")])) == nil)
        #expect(EntityValidator(HTTPHeaders([("Last-Modified", modified)])) == nil)
    }

    @Test(arguments: [
        ("Authorization", "x"), ("authorization", "x"), ("Host", "x"), ("Cookie", "x"), ("X-A", "a\r\nB: c"), ("X-A", ""), ("X A", "b"),
        ("X-A:", "b"), ("", "b"), ("X-A", "\u{0}"),
    ])
    func `a request cannot smuggle headers in`(name: String, value: String) {
        #expect(throws: TransferFailure.self) { try HeaderCheck.check([(name, value)]) }
    }
}
