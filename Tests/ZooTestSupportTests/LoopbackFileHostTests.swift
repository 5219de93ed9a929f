import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct LoopbackFileHostTests {
    private let content = FileContent.generated(seed: 7, byteCount: 300_000)

    @Test func `a generated file is the same at every offset and has the digests that it says`() async throws {
        let whole = try content.bytes(in: 0..<300_000)
        #expect(try content.bytes(in: 12_345..<54_321) == Array(whole[12_345..<54_321]))
        #expect(try content.digests() == ContentDigests(of: whole))
        #expect(Set(whole).count == 256)
        #expect(try FileContent.generated(seed: 8, byteCount: 300_000).bytes(in: 0..<16) != Array(whole[..<16]))
    }

    @Test func `a generated file is what the openssl program makes of its seed`() throws {
        // head -c 1000003 /dev/zero | openssl enc -aes-128-ctr -K $(printf %032x 7) -iv $(printf %032x 0) | sha1sum
        let digests = try FileContent.generated(seed: 7, byteCount: 1_000_003).digests()
        #expect(digests.sha1.description == "a7b461a3b3574b1a01b21d9be1de1f71eb620717")
    }

    @Test func `digests are those that sha1sum and sha256sum give`() {
        let digests = ContentDigests(of: Array("abc".utf8))
        #expect(digests.sha1.description == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(digests.sha256.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `a whole file comes with its length and validators`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(content, at: "models/a b.caffemodel")
        let got = try await curl(url)
        #expect(got.code == 200)
        #expect(got.body == (try content.bytes(in: 0..<300_000)))
        #expect(got.head.contains("content-length: 300000\r\n"))
        #expect(got.head.contains("etag: \"g7-300000\""))
        #expect(got.head.contains("last-modified: tue, 14 nov 2023 22:13:20 gmt"))
        #expect(got.head.contains("accept-ranges: bytes"))
        #expect(host.requests.all.first?.path == "/models/a%20b.caffemodel")
        #expect(host.requests.all.first?.bodyBytesSent == 300_000)
        await host.stop()
    }

    @Test(arguments: [("0-9", 0..<10), ("299990-", 299_990..<300_000), ("-5", 299_995..<300_000), ("299999-400000", 299_999..<300_000)])
    func `a range is answered by exactly that range`(_ range: String, _ bytes: Range<Int>) async throws {
        let host = try await LoopbackFileHost.start()
        let got = try await curl("--range", range, host.serve(content, at: "f"))
        #expect(got.code == 206)
        #expect(got.body == (try content.bytes(in: bytes)))
        #expect(got.head.contains("content-range: bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/300000"))
        await host.stop()
    }

    @Test func `a range behind the end is a 416 that tells the size`() async throws {
        let host = try await LoopbackFileHost.start()
        let got = try await curl("--range", "300000-", host.serve(content, at: "f"))
        #expect(got.code == 416)
        #expect(got.head.contains("content-range: bytes */300000"))
        await host.stop()
    }

    @Test(arguments: [
        ("\"g7-300000\"", 206), ("\"other\"", 200), ("W/\"g7-300000\"", 200), ("Tue, 14 Nov 2023 22:13:20 GMT", 206),
        ("Tue, 14 Nov 2023 22:13:21 GMT", 200),
    ])
    func `If-Range decides between the range and everything`(_ condition: String, _ code: Int) async throws {
        let host = try await LoopbackFileHost.start()
        let got = try await curl("--range", "5-9", "--header", "If-Range: \(condition)", host.serve(content, at: "f"))
        #expect(got.code == code)
        #expect(got.body.count == (code == 206 ? 5 : 300_000))
        await host.stop()
    }

    @Test func `a weak or missing ETag never validates a range`() async throws {
        let host = try await LoopbackFileHost.start()
        let weak = host.serve(ServedFile(content, etag: .weak), at: "weak")
        let none = host.serve(ServedFile(content, etag: .none, lastModified: nil), at: "none")
        #expect(try await curl("--range", "5-9", "--header", "If-Range: W/\"g7-300000\"", weak).code == 200)
        let got = try await curl("--head", none)
        #expect(!got.head.contains("etag") && !got.head.contains("last-modified"))
        await host.stop()
    }

    @Test func `HEAD tells the length and sends no body`() async throws {
        let host = try await LoopbackFileHost.start()
        let got = try await curl("--head", host.serve(content, at: "f"))
        #expect(got.code == 200 && got.head.contains("content-length: 300000"))
        #expect(host.requests.all.map(\.bodyBytesSent) == [0])
        await host.stop()
    }

    @Test func `a file on disk is served as it is at that moment`() async throws {
        let host = try await LoopbackFileHost.start()
        let file = FileManager.default.temporaryDirectory.appending(path: "zoo-served-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("one".utf8).write(to: file)
        let url = host.serve(.file(.init(file.path)), at: "f")
        #expect(try await curl(url).body == Array("one".utf8))
        try Data("three".utf8).write(to: file)
        #expect(try await curl("--range", "2-", url).body == Array("ree".utf8))
        await host.stop()
    }

    @Test func `content can change between two requests, and its ETag with it`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(content, at: "f")
        host.replace("f", with: ServedFile(.generated(seed: 8, byteCount: 300_000)), afterRequests: 1)
        #expect(try await curl(url).head.contains("g7-300000"))
        #expect(try await curl(url).head.contains("g8-300000"))
        await host.stop()
    }

    @Test func `the rate limit holds for a connection`() async throws {
        let host = try await LoopbackFileHost.start()
        host.limit(bytesPerSecond: 500_000)
        let start = ContinuousClock.now
        _ = try await curl(host.serve(content, at: "f"))
        #expect(ContinuousClock.now - start >= .milliseconds(550))
        await host.stop()
    }

    @Test func `two paths that redirect to each other are a loop`() async throws {
        let host = try await LoopbackFileHost.start()
        host.redirect("a", to: host.url("b"))
        host.redirect("b", to: host.url("a"))
        #expect(try await curl("--location", "--max-redirs", "5", host.url("a")).exitStatus == 47)
        #expect(host.requests.count == 6)
        await host.stop()
    }
}
