import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// Several places that a binary may come from, and what is remembered of them.
@Suite struct BinaryMirrorTests {
    private static let byteCount = 100_000
    private static let content = FileContent.generated(seed: 80, byteCount: byteCount)

    /// Its own URL is on another host than the mirror.
    private func bench(_ mirror: LoopbackFileHost, _ template: String = "{sha1}/{file}") async throws -> BinaryBench {
        try await BinaryBench([
            // The mirror's own address is exempt, since the configuration names it.
            "binaries": "{ allow_addresses: [127.0.0.1/32], min_free: 1MiB, mirrors: ['\(mirror.origin)/\(template)'] }"
        ])
    }

    private var mirrored: String { get throws { "\(try Self.content.digests().sha1)/tiny.caffemodel" } }

    @Test func `a mirror is asked before the model's own URL, and what it lacks comes from there`() async throws {
        let mirror = try await LoopbackFileHost.start(address: "127.0.0.2")
        let bench = try await bench(mirror)
        mirror.serve(Self.content, at: try mirrored)
        try bench.makeModel("one", serving: Self.content)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified, of: "one")
        #expect(mirror.requests.count == 1 && bench.host.requests.count == 0)
        try bench.makeModel("two", serving: .generated(seed: 81, byteCount: 10))
        try await daemon.waitForBinary(.verified, of: "two")
        #expect(mirror.requests.count == 2 && bench.requests("two").count == 1)
        // It failed lately, so that the model's own host is asked first; what works stays in order.
        try bench.makeModel("three", serving: .generated(seed: 82, byteCount: 10))
        try await daemon.waitForBinary(.verified, of: "three")
        #expect(mirror.requests.count == 2 && bench.requests("three").count == 1)
        await mirror.stop()
    }

    @Test func `a mirror that lacks a file costs nothing of what its own URL has brought`() async throws {
        let mirror = try await LoopbackFileHost.start(address: "127.0.0.2")
        let bench = try await bench(mirror)
        let byteCount = 3 << 20
        bench.host.inject(.reset(atBodyByte: 2 << 20))
        bench.host.inject(.status(503))
        try bench.makeModel(serving: .generated(seed: 86, byteCount: byteCount))
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        // Its own URL has a hiccup, and the mirror, asked in its place, does not have the file.
        try await eventually("it is there") { try await daemon.zooctl("fetch", "tiny").status == 0 }
        #expect(mirror.requests.count >= 2 && bench.requests().count == 3)
        #expect(bench.requests().dropFirst().allSatisfy { $0.header("range") != nil })
        #expect(bench.sentByteCount() < byteCount + (1 << 20))
        #expect(bench.kept("downloads").isEmpty)
        await mirror.stop()
    }

    @Test func `another source takes over as soon as it has more than a promise, and nothing of the first one is left`() async throws {
        let mirror = try await LoopbackFileHost.start(address: "127.0.0.2")
        let bench = try await bench(mirror)
        let content = FileContent.generated(seed: 87, byteCount: 3 << 20)
        bench.host.inject(.reset(atBodyByte: 2 << 20))
        bench.host.inject(.status(503), times: .max)
        try bench.makeModel(serving: content)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await eventually("its own URL has brought something") { bench.requests().count >= 2 }
        mirror.serve(content, at: "\(try content.digests().sha1)/tiny.caffemodel")
        try await eventually("it is there") { try await daemon.zooctl("fetch", "tiny").status == 0 }
        #expect(mirror.requests.all.allSatisfy { $0.header("range") == nil })
        #expect(bench.kept("downloads").isEmpty)
        await mirror.stop()
    }

    @Test func `a source that served other bytes is not asked for them again by itself, also after a restart, but when asked by name`()
        async throws
    {
        let mirror = try await LoopbackFileHost.start(address: "127.0.0.2")
        let bench = try await bench(mirror)
        mirror.serve(FileContent.generated(seed: 83, byteCount: Self.byteCount), at: try mirrored)
        try bench.makeModel(serving: Self.content)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        #expect(mirror.requests.count == 1 && bench.requests().count == 1)
        let told = try await daemon.events(of: "binary-mismatch")
        let served = mirror.url(try mirrored)
        #expect(told.count == 1 && told.first?.message.contains(served) == true, "\(told)")
        _ = try await daemon.terminate()

        let again = try await RunningDaemon.start(in: bench.zoo)
        try bench.zoo.remove(bench.binary())
        try await eventually("it is fetched again") { bench.requests().count == 2 }
        try await again.waitForBinary(.verified)
        #expect(mirror.requests.count == 1)
        _ = try await again.terminate()

        try bench.zoo.remove(bench.binary())
        try bench.configure([
            "binaries":
                "{ fetch: manual, allow_addresses: [127.0.0.1/32], min_free: 1MiB, mirrors: ['\(mirror.origin)/{sha1}/{file}'] }"
        ])
        let last = try await RunningDaemon.start(in: bench.zoo)
        try await last.waitForBinary(.missing)
        mirror.serve(Self.content, at: try mirrored)
        #expect(try await last.zooctl("fetch", "tiny").status == 0)
        #expect(mirror.requests.count == 2 && bench.requests().count == 2)
        await mirror.stop()
    }

    @Test func `a host that asks to wait is left alone by all models until then, also after a restart, and by who asks by name`()
        async throws
    {
        let bench = try await BinaryBench()
        try bench.makeModel("one", serving: Self.content)
        bench.host.inject(.status(429, headers: [("retry-after", "10")]), on: .path("/one.bin"))
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let one = try await daemon.waitForBinary(.failed, of: "one")
        #expect(one.note?.contains("429; 127.0.0.1:\(bench.host.port) asked for a pause until ") == true, "\(one.note ?? "")")
        #expect(try await daemon.model("one")?.hint == "it is tried by itself then")
        try bench.makeModel("two", serving: .generated(seed: 84, byteCount: 10))
        let words = "127.0.0.1:\(bench.host.port) asked for a pause until "
        let two = try await daemon.waitForModel("two", "waits for its host") { $0.note?.hasPrefix(words) == true }
        #expect(two.state == .busy && two.binaries.first?.state == .queued)
        let next = try await daemon.zooctl("plan", "two").standardOutput
        #expect(next.contains("tried again") && !next.contains("zooctl fetch"), "\(next)")
        let asked = try await daemon.zooctl("fetch", "two")
        #expect(asked.status == 10 && asked.standardError.contains("asked for a pause until"), "\(asked.status) \(asked.standardError)")
        #expect(!asked.standardError.contains("zooctl fetch") && !asked.standardError.contains("0 B"), "\(asked.standardError)")
        // Its own word stays told.
        #expect(try await daemon.zooctl("fetch", "one").standardError.contains("asked for a pause until"))
        #expect(try await daemon.waitForBinary(.failed, of: "one").note?.contains("429") == true)
        try await daemon.kill9()
        let again = try await RunningDaemon.start(in: bench.zoo)
        try await again.waitForBinary(.verified, of: "two")
        try await again.waitForBinary(.verified, of: "one")
        let requests = bench.host.requests.all
        #expect(requests.count == 3)
        for request in requests.dropFirst() { #expect(request.receivedAt - requests[0].receivedAt >= .seconds(10)) }
    }

    @Test func `a host that is down is tried for one model at a time, ever more seldom, and at once for who asks by name`() async throws {
        let bench = try await BinaryBench()
        let down = try await LoopbackFileHost.start(address: "127.0.0.3")
        let port = down.port
        let url = down.url("x.bin")
        await down.stop()
        for id in 1...4 {
            try bench.makeModel("m\(id)", serving: .generated(seed: UInt64(90 + id), byteCount: 10), url: "\(url)?\(id)")
        }
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        for id in 1...4 { try await daemon.waitForBinary(.failed, .queued, of: "m\(id)") }
        try await eventually("all of them wait") { try await daemon.status().models.allSatisfy { $0.binaries.first?.note != nil } }
        let notes = try await daemon.status().models.compactMap { $0.binaries.first?.note }
        // Two at once may find out together; the others are told of it.
        #expect(notes.filter { $0.hasPrefix("127.0.0.3:\(port) did not take requests") }.count >= 2, "\(notes)")
        let up = try await LoopbackFileHost.start(address: "127.0.0.3", port: port)
        up.serve(FileContent.generated(seed: 94, byteCount: 10), at: "x.bin")
        #expect(try await daemon.zooctl("fetch", "m4").status == 0)
        await up.stop()
    }
}
