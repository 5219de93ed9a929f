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

    @Test func `content that was swapped between kill and restart is never mixed with the old`() async throws {
        let swapped = FileContent.generated(seed: 21, byteCount: Self.byteCount)
        // A server that says so, and one that claims that it is the same file.
        for lies in [false, true] {
            let bench = try await BinaryBench()
            try bench.makeModel(serving: Self.content, promised: swapped)
            let etag = ServedFile.ETag.text("\"same\"")
            if lies { bench.host.serve(ServedFile(Self.content, etag: etag), at: "tiny.bin") }
            bench.host.limit(bytesPerSecond: 1 << 20)
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            try await eventually("some of it is there") { (bench.stagedByteCount ?? 0) >= 500_000 }
            try await daemon.kill9()
            bench.host.serve(ServedFile(swapped, etag: lies ? etag : .strong), at: "tiny.bin")
            bench.host.limit(bytesPerSecond: nil)
            let again = try await RunningDaemon.start(in: bench.zoo)
            try await again.waitForBinary(.verified)
            #expect(try bench.zoo.bytes(of: bench.binary()) == swapped.bytes(in: 0..<Self.byteCount))
            #expect(bench.kept("downloads").isEmpty)
        }
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
