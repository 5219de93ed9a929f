import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// Binaries whose readme names no checksum.
@Suite struct BinaryUnverifiedTests {
    private static let byteCount = 200_000
    private static let content = FileContent.generated(seed: 110, byteCount: byteCount)

    @Test(arguments: [Fault.endsUnnoticed(atBodyByte: 100_000), .header("content-encoding", "br")])
    func `without a checksum nothing is taken that may be cut, or that was made into something else`(fault: Fault) async throws {
        let bench = try await BinaryBench()
        bench.host.inject(fault)
        try bench.makeModel(serving: Self.content, hasChecksum: false)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        #expect(try await daemon.zooctl("fetch", "tiny").status != 0)
        #expect(try bench.zoo.bytes(of: bench.binary()) == nil && bench.requests().count == 1)
        #expect(try await daemon.zooctl("fetch", "tiny").status == 0)
        #expect(try bench.zoo.bytes(of: bench.binary()) == Self.content.bytes(in: 0..<Self.byteCount))
    }

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
}
