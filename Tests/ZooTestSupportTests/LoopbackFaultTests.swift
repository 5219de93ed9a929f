import Foundation
import Testing
import ZooTestSupport

@Suite struct LoopbackFaultTests {
    private let content = FileContent.generated(seed: 3, byteCount: 300_000)

    private func fetch(_ fault: Fault, _ arguments: String...) async throws -> (Fetched, RecordedRequest) {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(content, at: "f")
        host.inject(fault)
        let got = try await curl(arguments + [url])
        let request = try #require(host.requests.all.first)
        await host.stop()
        return (got, request)
    }

    @Test func `a status is answered with its headers and body`() async throws {
        let (got, _) = try await fetch(.status(503, headers: [("retry-after", "7")], body: "<html>busy</html>"))
        #expect(got.code == 503 && got.head.contains("retry-after: 7") && got.body == Array("<html>busy</html>".utf8))
    }

    @Test func `a hang-up before the answer leaves the client without one`() async throws {
        let (before, request) = try await fetch(.hangUpBeforeHandling)
        #expect(before.exitStatus == 52 && request.status == nil)
        let (after, _) = try await fetch(.hangUpAfterHandling)
        #expect(after.exitStatus == 52)
    }

    @Test func `a hang-up in the middle leaves the first bytes`() async throws {
        let (got, request) = try await fetch(.hangUp(atBodyByte: 100_000))
        #expect(got.exitStatus == 18)
        #expect(got.body == (try content.bytes(in: 0..<100_000)))
        #expect(request.bodyBytesSent == 100_000)
    }

    @Test func `a reset in the middle leaves the first bytes`() async throws {
        let (got, _) = try await fetch(.reset(atBodyByte: 100_000))
        #expect(got.exitStatus == 56)
        #expect(got.body == (try content.bytes(in: 0..<100_000)))
    }

    @Test(arguments: [(Fault.stall(atBodyByte: 1000), 200 as Int?, 1000), (.stallAfterHandling, nil, 0), (.stallBeforeHandling, nil, 0)])
    func `a stall lasts until the client gives up`(_ fault: Fault, _ status: Int?, _ byteCount: Int) async throws {
        let host = try await LoopbackFileHost.start()
        host.inject(fault)
        let client = try await LeashedProcess.start("curl", ["--silent", "--noproxy", "*", host.serve(content, at: "f")])
        try await eventually("the server stalls") {
            host.requests.all.first.map { $0.status == status && $0.bodyBytesSent == byteCount } == true
        }
        #expect(host.requests.all.first?.isFinished == false && client.isRunning)
        client.kill9()
        try await eventually("the server lets go") { host.requests.all.first?.isFinished == true }
        #expect(host.requests.all.first?.bodyBytesSent == byteCount)
        await host.stop()
    }

    @Test func `a delay passes before the first byte`() async throws {
        let start = ContinuousClock.now
        let (got, _) = try await fetch(.delay(.milliseconds(400)))
        #expect(got.code == 200 && ContinuousClock.now - start >= .milliseconds(400))
    }

    @Test func `a login page is HTML with 200`() async throws {
        let (got, _) = try await fetch(.loginPage)
        #expect(got.code == 200 && got.head.contains("content-type: text/html") && got.body.starts(with: "<!DOCTYPE html>".utf8))
    }

    @Test func `lengths can lie`() async throws {
        let (long, _) = try await fetch(.contentLength(400_000))
        #expect(long.exitStatus == 18 && long.head.contains("content-length: 400000") && long.body.count == 300_000)
        let (short, _) = try await fetch(.contentLength(1000))
        #expect(short.body.count == 1000)
        let (double, _) = try await fetch(.secondContentLength(5))
        #expect(double.head.contains("content-length: 300000") && double.head.contains("content-length: 5\r\n"))
    }

    @Test func `a length can be missing`() async throws {
        let (chunked, _) = try await fetch(.chunked)
        #expect(chunked.head.contains("transfer-encoding: chunked") && !chunked.head.contains("content-length"))
        #expect(chunked.body.count == 300_000)
        let (ending, _) = try await fetch(.endsWithConnection)
        #expect(!ending.head.contains("transfer-encoding") && !ending.head.contains("content-length") && ending.body.count == 300_000)
    }

    @Test func `gzip comes although nobody asked`() async throws {
        let (got, _) = try await fetch(.gzip, "--header", "Accept-Encoding:")
        #expect(got.head.contains("content-encoding: gzip") && got.body.starts(with: [0x1f, 0x8b]))
        let (decoded, _) = try await fetch(.gzip, "--compressed")
        #expect(decoded.body == (try content.bytes(in: 0..<300_000)))
    }

    @Test func `ranges can be ignored, shifted, mistotalled, refused`() async throws {
        let (whole, _) = try await fetch(.ignoreRange, "--range", "100-199")
        #expect(whole.code == 200 && whole.body.count == 300_000)
        let (shifted, _) = try await fetch(.shiftRange(by: 10), "--range", "100-199")
        #expect(shifted.code == 206 && shifted.head.contains("content-range: bytes 110-209/300000"))
        #expect(shifted.body == (try content.bytes(in: 110..<210)))
        let (total, _) = try await fetch(.rangeTotal(5), "--range", "100-199")
        #expect(total.head.contains("content-range: bytes 100-199/5\r\n"))
        let (refused, _) = try await fetch(.rangeNotSatisfiable, "--range", "100-199")
        #expect(refused.code == 416)
    }

    @Test func `headers can be overridden, huge, preceded by hints`() async throws {
        let (bare, _) = try await fetch(.header("etag", nil))
        #expect(!bare.head.contains("etag"))
        let (other, _) = try await fetch(.header("etag", "\"x\""))
        #expect(other.head.contains("etag: \"x\""))
        let (huge, _) = try await fetch(.hugeHeader(byteCount: 50_000))
        #expect(huge.head.utf8.count > 50_000)
        let (early, _) = try await fetch(.earlyHints)
        #expect(early.head.hasPrefix("http/1.1 103") && early.code == 200 && early.body.count == 300_000)
        let (trailing, _) = try await fetch(.trailingGarbage([1, 2, 3]))
        #expect(trailing.body.count == 300_000)
    }

    @Test func `a fault waits for its request and is used up`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(content, at: "f")
        host.inject(.status(500), on: .ranged, times: 2, after: 1)
        var codes: [Int] = []
        codes.append(try await curl(url).code)
        for _ in 0..<4 { codes.append(try await curl("--range", "0-1", url).code) }
        #expect(codes == [200, 206, 500, 500, 206])
        host.inject(.status(500), times: .max)
        host.clearFaults()
        #expect(try await curl(url).code == 200)
        await host.stop()
    }
}
