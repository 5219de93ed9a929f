import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// Binaries whose readme names no checksum, and files that are not zood's to replace.
@Suite struct BinaryUnverifiedTests {
    private static let byteCount = 200_000
    private static let content = FileContent.generated(seed: 110, byteCount: byteCount)

    @Test
    func `without a checksum it is fetched by itself where that is allowed, watched by its first digest, and repaired by nothing else`()
        async throws
    {
        let bench = try await BinaryBench(["binaries": "{ allow_unverified: true, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        try bench.makeModel(serving: Self.content, hasChecksum: false)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let first = try await daemon.waitForBinary(.unverifiable)
        #expect(try first.sha256 == Self.content.digests().sha256)
        try await bench.zoo.rot(bench.binary(), at: 1000)
        let bad = try bench.zoo.bytes(of: bench.binary())

        // Other bytes are not what was first recorded, whatever is served.
        bench.host.serve(FileContent.generated(seed: 111, byteCount: Self.byteCount), at: "tiny.bin")
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        let corrupt = try await daemon.waitForModel("tiny", "tells what is served") { $0.binaries[0].note?.contains("serves") == true }
        #expect(corrupt.binaries[0].state == .corrupt && bench.requests().count == 2)
        #expect(try bench.zoo.bytes(of: bench.binary()) == bad && bench.kept("trash").isEmpty)

        bench.host.serve(Self.content, at: "tiny.bin")
        #expect(try await daemon.zooctl("fetch", "tiny").status == 0)
        #expect(try bench.zoo.bytes(of: bench.binary()) == Self.content.bytes(in: 0..<Self.byteCount))
        #expect(try await daemon.waitForBinary(.unverifiable).sha256 == first.sha256)
        #expect(try bench.trash() == [bad])
    }

    @Test func `a file that belongs to somebody else than the directory is never replaced, only told of`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.content)
        try bench.zoo.write(Self.content, to: bench.binary())
        try await ProgramRun.succeed("chown", ["4260", bench.zoo.path(bench.binary()).string])
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        try bench.makeModel(serving: .generated(seed: 112, byteCount: 10))
        let outdated = try await daemon.waitForBinary(.outdated)
        #expect(outdated.note?.contains("belongs to uid 4260") == true, "\(outdated.note ?? "")")
        #expect(try await daemon.zooctl("fetch", "tiny").status == 7)
        #expect(try bench.zoo.bytes(of: bench.binary()) == Self.content.bytes(in: 0..<Self.byteCount))
        #expect(bench.host.requests.count == 0 && bench.kept("trash").isEmpty)
    }
}
