import Foundation
import Testing
import ZooTestSupport

@testable import Transfers

@Suite struct `Resuming a download` {
    private let content = pattern(200_000)
    private let kept = 80_000

    /// Fetches `m`, of which `kept` bytes are there, and tells what came out.
    private func resume(
        _ host: LoopbackFileHost, have: [UInt8]? = nil, keeping byteCount: Int? = nil, validator: EntityValidator? = nil,
        total: Int64? = nil, starts: Recorder<DownloadStart> = Recorder(), _ change: (inout DownloadRequest) -> Void = { _ in }
    ) async throws -> (result: DownloadResult, bytes: [UInt8]) {
        let file = try ScratchFile(have ?? Array(content.prefix(kept)))
        let partial = PartialContent(
            byteCount: Int64(byteCount ?? kept), validator: validator ?? .entityTag(tag(content)), totalByteCount: total)
        var request = request(host.url("m")) { $0.resume = partial }
        change(&request)
        let result = try await fetch(request, to: file) { starts.append($0) }
        return (result, try file.bytes())
    }

    private func tag(_ content: [UInt8]) -> String { "\"\(ContentDigests(of: content).sha1)\"" }

    private func serving(_ content: [UInt8]) async throws -> LoopbackFileHost {
        let host = try await LoopbackFileHost.start()
        host.serve(.bytes(content), at: "m")
        return host
    }

    private func expectWhole(_ outcome: (result: DownloadResult, bytes: [UInt8]), _ content: [UInt8], resumedAt: Int) {
        #expect(outcome.bytes.elementsEqual(content))
        #expect(outcome.result.byteCount == content.count)
        #expect(outcome.result.sha1 == ContentDigests(of: content).sha1)
        #expect(outcome.result.sha256 == ContentDigests(of: content).sha256)
        #expect(outcome.result.firstBytes == Array(content.prefix(LooksLike.byteCount)))
        #expect(outcome.result.resumedAt == resumedAt)
    }

    @Test func `only what is missing is asked for, guarded by the validator`() async throws {
        let host = try await serving(content)
        let starts = Recorder<DownloadStart>()
        let outcome = try await resume(host, starts: starts)
        expectWhole(outcome, content, resumedAt: kept)
        #expect(outcome.result.validator == .entityTag(tag(content)))
        let sent = try #require(host.requests.all.first)
        #expect(host.requests.count == 1)
        #expect(sent.header("range") == "bytes=80000-")
        #expect(sent.header("if-range") == tag(content))
        #expect(sent.bodyBytesSent == 120_000)
        #expect(starts.all.map(\.totalByteCount) == [200_000])
    }

    @Test func `a date validates as well`() async throws {
        let host = try await serving(content)
        expectWhole(try await resume(host, validator: .lastModified("Tue, 14 Nov 2023 22:13:20 GMT")), content, resumedAt: kept)
        #expect(host.requests.all[0].header("if-range") == "Tue, 14 Nov 2023 22:13:20 GMT")
    }

    @Test func `content that changed in between is fetched anew, never mixed`() async throws {
        let newer = pattern(200_000, seed: 7)
        let host = try await serving(newer)
        let starts = Recorder<DownloadStart>()
        expectWhole(try await resume(host, starts: starts), newer, resumedAt: 0)
        #expect(host.requests.count == 1)
        #expect(starts.all.map(\.validator) == [.entityTag(tag(newer))])
    }

    @Test func `content that changed is fetched anew also from a server that ignores If-Range`() async throws {
        let newer = pattern(200_000, seed: 7)
        let host = try await serving(newer)
        // Such a server answers 206 to whatever tag: here because it is asked with its own.
        host.inject(.header("etag", "\"other\""))
        expectWhole(try await resume(host, validator: .entityTag(tag(newer))), newer, resumedAt: 0)
        #expect(host.requests.all.map { $0.header("range") } == ["bytes=80000-", nil])
    }

    @Test func `content that changed is fetched anew also where only its date tells, from a server that ignores If-Range`() async throws {
        let host = try await serving(content)
        host.inject(.header("last-modified", "Wed, 15 Nov 2023 22:13:20 GMT"))
        let other = pattern(kept, seed: 7)
        expectWhole(
            try await resume(host, have: other, validator: .lastModified("Tue, 14 Nov 2023 22:13:20 GMT")), content, resumedAt: 0)
        #expect(host.requests.all.map { $0.header("range") } == ["bytes=80000-", nil])
    }

    @Test func `a part that tells no length is no end of a file that nothing else would show to be cut`() async throws {
        let host = try await serving(content)
        host.inject(.header("content-range", "bytes 80000-199999/*"))
        expectWhole(try await resume(host) { $0.wantsLength = true }, content, resumedAt: 0)
        #expect(host.requests.all.map { $0.header("range") } == ["bytes=80000-", nil])
    }

    // Hosts that refuse parts.

    @Test(arguments: [400, 403, 404, 405, 406, 501]) func `a host that refuses parts is asked for the whole`(status: Int) async throws {
        let host = try await serving(content)
        host.inject(.status(status), on: .ranged, times: .max)
        expectWhole(try await resume(host, have: pattern(80_000, seed: 3)), content, resumedAt: 0)
        #expect(host.requests.all.map { $0.header("range") } == ["bytes=80000-", nil])
    }

    @Test(arguments: [Fault.status(503), .status(429), .hangUpBeforeHandling])
    func `a host that is busy keeps what is there, and only one that was so several times is asked for the whole`(
        fault: Fault
    ) async throws {
        let host = try await serving(content)
        host.inject(fault, on: .ranged, times: 2)
        let file = try ScratchFile(Array(content.prefix(kept)))
        let partial = PartialContent(byteCount: Int64(kept), validator: .entityTag(tag(content)))
        _ = try await failure(request(host.url("m")) { $0.resume = partial }, to: file)
        #expect(try file.holds(content.prefix(kept)) && host.requests.count == 1)
        expectWhole(try await resume(host) { $0.doubtsParts = true }, content, resumedAt: 0)
        // As soon as it serves parts again they are taken.
        expectWhole(try await resume(host) { $0.doubtsParts = true }, content, resumedAt: kept)
    }

    @Test func `a host that refuses the whole as well leaves what is there`() async throws {
        let host = try await serving(content)
        host.inject(.status(404), times: 2)
        let file = try ScratchFile(Array(content.prefix(kept)))
        let partial = PartialContent(byteCount: Int64(kept), validator: .entityTag(tag(content)))
        #expect(try await failure(request(host.url("m")) { $0.resume = partial }, to: file).word == "httpStatus")
        #expect(try file.holds(content.prefix(kept)))
    }

    @Test func `a 200 to a range begins anew`() async throws {
        let host = try await serving(content)
        host.inject(.ignoreRange)
        expectWhole(try await resume(host, have: pattern(80_000, seed: 3)), content, resumedAt: 0)
        #expect(host.requests.count == 1)
    }

    @Test(arguments: [Fault.shiftRange(by: 1), .shiftRange(by: -1), .header("content-range", nil), .header("content-range", "bytes x")])
    func `a 206 that does not begin where the file ends begins anew`(fault: Fault) async throws {
        let host = try await serving(content)
        host.inject(fault)
        expectWhole(try await resume(host), content, resumedAt: 0)
        #expect(host.requests.all.map { $0.header("range") } == ["bytes=80000-", nil])
    }

    @Test func `a 206 of a file of another length begins anew`() async throws {
        let host = try await serving(content)
        host.inject(.rangeTotal(200_001))
        expectWhole(try await resume(host, total: 200_000), content, resumedAt: 0)
    }

    @Test func `a 416 with the length that is there means complete`() async throws {
        let host = try await serving(content)
        expectWhole(try await resume(host, have: content, keeping: content.count), content, resumedAt: content.count)
        #expect(host.requests.count == 1)
    }

    @Test func `a 416 with another length begins anew`() async throws {
        let host = try await serving(content)
        host.inject(.rangeNotSatisfiable)
        expectWhole(try await resume(host), content, resumedAt: 0)
        let longer = content + [1, 2, 3]
        expectWhole(try await resume(host, have: longer, keeping: longer.count), content, resumedAt: 0)
    }

    @Test func `a file longer than what may be kept is cut, a shorter one is believed`() async throws {
        let host = try await serving(content)
        expectWhole(try await resume(host, have: Array(content.prefix(80_000)) + pattern(500, seed: 5)), content, resumedAt: 80_000)
        expectWhole(try await resume(host, have: Array(content.prefix(100))), content, resumedAt: 100)
        expectWhole(try await resume(host, have: []), content, resumedAt: 0)
        #expect(host.requests.all.map { $0.header("range") } == ["bytes=80000-", "bytes=100-", nil])
    }

    @Test func `a prefix that rotted on disk shows in the digests`() async throws {
        let host = try await serving(content)
        var rotten = Array(content.prefix(kept))
        rotten[1234] ^= 1
        let outcome = try await resume(host, have: rotten)
        #expect(outcome.result.sha1 == ContentDigests(of: outcome.bytes).sha1)
        #expect(outcome.result.sha1 != ContentDigests(of: content).sha1)
    }

    @Test func `an interrupted download continues behind a redirect`() async throws {
        let host = try await LoopbackFileHost.start()
        host.serve(.bytes(content), at: "real")
        host.redirect("m", to: "/real")
        expectWhole(try await resume(host), content, resumedAt: kept)
        #expect(host.requests.all.map { $0.header("range") } == ["bytes=80000-", "bytes=80000-"])
    }

    @Test func `what one download kept, the next one completes`() async throws {
        let host = try await serving(content)
        host.inject(.reset(atBodyByte: 64_000))
        let file = try ScratchFile()
        let starts = Recorder<DownloadStart>()
        await #expect(throws: TransferFailure.self) { try await fetch(request(host.url("m")), to: file) { starts.append($0) } }
        let begun = try #require(starts.all.last)
        let there = try file.bytes().count
        let partial = PartialContent(
            byteCount: Int64(there), validator: try #require(begun.validator), totalByteCount: begun.totalByteCount)
        let result = try await fetch(request(host.url("m")) { $0.resume = partial }, to: file)
        #expect(result.sha1 == ContentDigests(of: content).sha1)
        #expect(result.resumedAt == there)
    }
}
