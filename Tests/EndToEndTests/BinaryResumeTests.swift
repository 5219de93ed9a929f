import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct BinaryResumeTests {
    /// Just too little for several connections.
    private static let byteCount = (8 << 20) - 1
    private static let content = FileContent.generated(seed: 20, byteCount: byteCount)

    /// The last request asked for what was missing, on condition that the file is still the same, and got no more.
    private func expectContinued(_ bench: BinaryBench, from byteCount: Int) throws {
        let last = try #require(bench.requests().last)
        #expect(last.header("range") == "bytes=\(byteCount)-" && last.header("if-range") != nil)
        #expect(last.status == 206 && last.bodyBytesSent <= Self.byteCount - byteCount)
    }

    private func expectComplete(_ bench: BinaryBench, _ daemon: RunningDaemon) async throws {
        try await daemon.waitForBinary(.verified)
        #expect(try bench.zoo.bytes(of: bench.binary()) == Self.content.bytes(in: 0..<Self.byteCount))
        #expect(bench.kept("downloads").isEmpty && bench.kept("trash").isEmpty)
    }

    @Test func `a fetch that is killed at any moment goes on from the bytes that are there`() async throws {
        let bench = try await BinaryBench()
        bench.host.limit(bytesPerSecond: 512 << 10)
        try bench.makeModel(serving: Self.content)
        var daemon = try await RunningDaemon.start(in: bench.zoo)
        var had = 0
        for _ in 0..<3 {
            let next = had + Int.random(in: 10_000...300_000)
            try await eventually("\(next) bytes are there") { (bench.stagedByteCount ?? 0) >= next }
            try await daemon.kill9()
            had = try #require(bench.stagedByteCount)
            #expect(try bench.zoo.bytes(of: bench.binary()) == nil)
            let requests = bench.requests().count
            daemon = try await RunningDaemon.start(in: bench.zoo)
            try await eventually("it asks again") { bench.requests().count > requests && bench.requests().last?.status != nil }
            #expect(bench.requests().last?.header("range") == "bytes=\(had)-")
        }
        bench.host.limit(bytesPerSecond: nil)
        // A clean stop keeps them too.
        _ = try await daemon.terminate()
        had = try #require(bench.stagedByteCount)
        let last = try await RunningDaemon.start(in: bench.zoo)
        try await expectComplete(bench, last)
        try expectContinued(bench, from: had)
    }

    @Test(arguments: [
        "fetch.named", "fetch.started", "download.reserved", "download.received:9", "download.written:9", "download.synced",
        "fetch.received",
        "place.prepared", "place.renamed", "place.synced", "fetch.recorded",
    ])
    func `a crash between any two steps of a fetch leaves nothing half done`(point: String) async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.content)
        let crashing = try await RunningDaemon.start(in: bench.zoo, crashAt: point, within: .zero)
        #expect(try await crashing.exitStatus() == 137)
        let found = try bench.zoo.bytes(of: bench.binary())
        #expect(try found == nil || found == Self.content.bytes(in: 0..<Self.byteCount))
        #expect(bench.kept("downloads").count <= 1)
        let sent = bench.requests().count
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await expectComplete(bench, daemon)
        if found != nil { #expect(bench.requests().count == sent) }
    }

    @Test func `a host that serves the whole and refuses every part is asked for the whole, once it has refused four times`() async throws {
        let bench = try await BinaryBench()
        bench.host.inject(.reset(atBodyByte: 2 << 20))
        bench.host.inject(.status(503), on: .ranged, times: .max)
        try bench.makeModel(serving: Self.content)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await eventually("it is there") { try await daemon.zooctl("fetch", "tiny").status == 0 }
        let ranges = bench.requests().map { $0.header("range") != nil }
        #expect(ranges == [false, true, true, true, true, false])
        try await expectComplete(bench, daemon)
    }

    @Test func `content that was swapped between kill and restart is never mixed with the old`() async throws {
        let bench = try await BinaryBench(["binaries": "{ parallel: 16, connections: 16, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        let byteCount = 1 << 20
        func content(_ number: Int, isNew: Bool) -> FileContent {
            .generated(seed: UInt64(isNew ? 700 : 600) + UInt64(number), byteCount: byteCount)
        }
        // Each of them with a readme that promises what was swapped in, and with one that promises what was swapped out.
        let cases = SwappingServer.all.flatMap { [($0, true), ($0, false)] }.enumerated().map { ("m\($0)", $0, $1.0, $1.1) }
        bench.host.limit(bytesPerSecond: 256 << 10)
        for (id, number, server, isNew) in cases {
            try bench.makeModel(id, serving: content(number, isNew: false), promised: content(number, isNew: isNew))
            bench.host.serve(server.file(content(number, isNew: false), isNew: false), at: "\(id).bin")
        }
        let watch = FinalNameWatch(
            Dictionary(
                uniqueKeysWithValues: try cases.map {
                    (bench.zoo.path(bench.binary($0.0)), [try content($0.1, isNew: $0.3).digests().sha1])
                }
            ))
        let first = try await RunningDaemon.start(in: bench.zoo)
        try await eventually("some of each is there") {
            bench.kept("downloads").count == cases.count && cases.allSatisfy { bench.requests($0.0).first?.bodyBytesSent ?? 0 > 100_000 }
        }
        try await first.kill9()
        for (id, number, server, _) in cases {
            bench.host.serve(server.file(content(number, isNew: true), isNew: true), at: "\(id).bin")
        }
        bench.host.limit(bytesPerSecond: nil)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        for (id, _, server, isNew) in cases {
            let binary = try await daemon.waitForBinary(.verified, .mismatch, of: id)
            #expect(binary.state == (isNew ? .verified : .mismatch), "\(server.name): \(binary.note ?? "")")
            // A part, and the whole in its place.
            #expect(bench.requests(id).count <= 3, "\(server.name)")
        }
        #expect(watch.finish() == [] && watch.found == SwappingServer.all.count)
        #expect(bench.kept("downloads").isEmpty)
    }

    @Test func `five kills during a fetch of 64 MiB cost next to nothing, and no half file ever has its name`() async throws {
        let byteCount = 64 << 20
        let bench = try await BinaryBench(["binaries": "{ connections: 1, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        let content = FileContent.generated(seed: 22, byteCount: byteCount)
        try bench.makeModel(serving: content)
        let watch = FinalNameWatch([bench.zoo.path(bench.binary()): [try content.digests().sha1]])
        for _ in 1...5 {
            let pause = Int.random(in: 1...byteCount / 6)
            bench.host.inject(.pause(atBodyByte: pause, for: .seconds(60)), on: .get)
            let before = bench.stagedByteCount ?? 0
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            // What is on its way is lost with the process; how much that is the load of the machine decides.
            try await eventually("what was sent is in the file") { bench.stagedByteCount == before + pause }
            try await daemon.kill9()
            #expect(try bench.zoo.bytes(of: bench.binary()) == nil)
        }
        let last = try await RunningDaemon.start(in: bench.zoo)
        try await last.waitForBinary(.verified)
        #expect(watch.finish() == [] && watch.found == 1)
        let ratio = Double(bench.sentByteCount()) / Double(byteCount)
        #expect(ratio <= 1.02, "\(ratio) of it: \(bench.requests().map { ($0.header("range") ?? "-", $0.bodyBytesSent) })")
        #expect(bench.kept("downloads").isEmpty)
    }

    // Over several connections.

    private static let shared = FileContent.generated(seed: 22, byteCount: 24 << 20)

    /// A host where each connection is slow, so that several of them are used.
    private func slowBench(_ rate: Int) async throws -> BinaryBench {
        let bench = try await BinaryBench()
        bench.host.limit(bytesPerSecond: rate)
        try bench.makeModel(serving: Self.shared)
        return bench
    }

    private func expectShared(_ bench: BinaryBench, _ daemon: RunningDaemon) async throws {
        try await daemon.waitForBinary(.verified, within: .seconds(60))
        #expect(try bench.zoo.bytes(of: bench.binary()) == Self.shared.bytes(in: 0..<(24 << 20)))
        #expect(bench.kept("downloads").isEmpty && bench.kept("trash").isEmpty)
        #expect(Set(bench.requests().map(\.connection)).count > 2)
    }

    @Test(arguments: [
        "download.reserved", "download.asking", "download.asking:3", "download.scattered", "download.recorded", "download.recorded:9",
        "download.received:300", "download.written:700", "download.trimmed", "download.synced", "place.renamed",
    ])
    func `a crash between any two steps of a fetch over several connections leaves nothing half done`(point: String) async throws {
        let bench = try await slowBench(4 << 20)
        let crashing = try await RunningDaemon.start(in: bench.zoo, crashAt: point, within: .zero)
        #expect(try await crashing.exitStatus() == 137)
        let found = try bench.zoo.bytes(of: bench.binary())
        #expect(try found == nil || found == Self.shared.bytes(in: 0..<(24 << 20)))
        #expect(bench.kept("downloads").count <= 1)
        try await expectShared(bench, try await RunningDaemon.start(in: bench.zoo))
    }

    @Test func `a fetch over several connections that is killed five times repeats next to nothing`() async throws {
        let bench = try await slowBench(1 << 20)
        for number in 1...5 {
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            try await eventually("some more of it was sent") { bench.sentByteCount() >= number * (3 << 20) }
            try await daemon.kill9()
        }
        bench.host.limit(bytesPerSecond: 8 << 20)
        try await expectShared(bench, try await RunningDaemon.start(in: bench.zoo))
        #expect(bench.sentByteCount() <= (24 << 20) / 10 * 11)
    }
}

/// A way in which a server lets its files be known, and what that says when the content is another.
private struct SwappingServer: Sendable {
    let name: String
    var old = ServedFile.ETag.strong
    var new = ServedFile.ETag.strong
    var hasDate = false
    var ignoresIfRange = false
    var acceptsRanges = true

    static let all = [
        SwappingServer(name: "a tag for each content"),
        SwappingServer(name: "a tag for each content, If-Range ignored", ignoresIfRange: true),
        SwappingServer(name: "the same tag", old: .text("\"same\""), new: .text("\"same\"")),
        SwappingServer(name: "weak tags, If-Range ignored", old: .weak, new: .weak, ignoresIfRange: true),
        SwappingServer(name: "a strong tag, then a weak one, If-Range ignored", new: .weak, ignoresIfRange: true),
        SwappingServer(name: "the same date, If-Range ignored", old: .none, new: .none, hasDate: true, ignoresIfRange: true),
        SwappingServer(name: "nothing, If-Range ignored", old: .none, new: .none, ignoresIfRange: true),
        SwappingServer(name: "no ranges", acceptsRanges: false),
    ]

    func file(_ content: FileContent, isNew: Bool) -> ServedFile {
        var file = ServedFile(content, etag: isNew ? new : old, acceptsRanges: acceptsRanges)
        if !hasDate, old == .none { file.lastModified = nil }
        file.date = hasDate ? Date() : nil
        file.ignoresIfRange = ignoresIfRange
        return file
    }
}
