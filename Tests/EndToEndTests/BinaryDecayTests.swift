import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import Testing
import ZooTestSupport

@Suite struct BinaryDecayTests {
    private static let byteCount = 300_000
    private static let good = FileContent.generated(seed: 30, byteCount: byteCount)

    private func goodBytes() throws -> [UInt8] { try Self.good.bytes(in: 0..<Self.byteCount) }

    @Test func `bytes that rot are found by verify and repaired from the URL; the bad copy goes to the trash`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        try await bench.zoo.rot(bench.binary(), at: 150_000, byteCount: 3)
        let bad = try #require(try bench.zoo.bytes(of: bench.binary()))
        let verify = try await daemon.zooctl("verify", "tiny")
        #expect(verify.status == 7 && verify.standardError.contains("rotted"), "\(verify.status) \(verify.standardError) \(daemon.log)")
        try await daemon.waitForBinary(.verified)
        #expect(try bench.zoo.bytes(of: bench.binary()) == goodBytes() && bad != goodBytes())
        #expect(try bench.trash() == [bad])
        #expect(bench.requests().count == 2 && bench.kept("downloads").isEmpty)
    }

    @Test func `with repair: report, or when the URL serves something else, a corrupt file stays and verify ends with 7`() async throws {
        let bench = try await BinaryBench(["verify": "{ repair: report }"])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        try await bench.zoo.rot(bench.binary(), at: 0)
        let bad = try bench.zoo.bytes(of: bench.binary())
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        let corrupt = try await daemon.waitForBinary(.corrupt)
        #expect(corrupt.note != nil && bench.requests().count == 1)
        #expect(try await daemon.model("tiny")?.state == .failed)

        bench.host.serve(FileContent.generated(seed: 31, byteCount: 5), at: "tiny.bin")
        try bench.configure(["verify": "{ repair: refetch }"])
        #expect(try await daemon.zooctl("reload").status == 0)
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        let served = try await daemon.waitForBinary(.corrupt)
        #expect(served.note?.contains("serves") == true, "\(served.note ?? "")")
        #expect(try bench.zoo.bytes(of: bench.binary()) == bad && bench.kept("trash").isEmpty && bench.kept("downloads").isEmpty)
    }

    @Test(arguments: [
        "verify.read", "verify.recorded", "fetch.received", "place.prepared", "place.renamed", "place.synced", "place.exchanged",
        "trash.recorded", "trash.kept", "fetch.recorded",
    ])
    func `a crash between any two steps of a repair loses neither copy`(point: String) async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.good)
        let first = try await RunningDaemon.start(in: bench.zoo)
        try await first.waitForBinary(.verified)
        try await first.kill9()
        try await bench.zoo.rot(bench.binary(), at: 7)
        let bad = try #require(try bench.zoo.bytes(of: bench.binary()))
        let crashing = try await RunningDaemon.start(in: bench.zoo, crashAt: point)
        _ = try await crashing.zooctl("verify", "tiny", "--no-wait")
        #expect(try await crashing.exitStatus() == 137)
        let found = try bench.zoo.bytes(of: bench.binary())
        #expect(try found == bad || found == goodBytes())
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        _ = try await daemon.zooctl("verify", "tiny")
        try await daemon.waitForBinary(.verified)
        #expect(try bench.zoo.bytes(of: bench.binary()) == goodBytes())
        #expect(try bench.trash() == [bad])
        #expect(bench.kept("downloads").isEmpty)
    }

    @Test func `an edit is modified and never overwritten`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        try await ProgramRun.succeed("chmod", ["644", bench.zoo.path(bench.binary()).string])
        try bench.zoo.write("fine-tuned", to: bench.binary())
        let modified = try await daemon.waitForBinary(.modified)
        #expect(modified.note?.contains("left as it is") == true)
        let keep = try "sha1=\(FileContent.bytes(Array("fine-tuned".utf8)).digests().sha1)"
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        #expect(try await daemon.zooctl("fetch", "tiny").status == 7)
        #expect(try bench.zoo.text(of: bench.binary()) == "fine-tuned" && bench.requests().count == 1)
        // However often it was read, what is printed can be run, and ends it.
        #expect(try await daemon.model("tiny")?.hint?.hasPrefix("to keep it: zooctl set \(bench.zoo.path("tiny")) \(keep); ") == true)
        #expect(try await daemon.zooctl("set", bench.zoo.path("tiny").string, keep).status == 0)
        try await daemon.waitForBinary(.verified)
    }

    @Test func `a changed sha1 makes the old file outdated until the new one is verified; then the old is in the trash`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        let better = FileContent.generated(seed: 32, byteCount: 1 << 20)
        bench.host.limit(bytesPerSecond: 1 << 20)
        try bench.makeModel(serving: better)
        try await eventually("the new one arrives") { (bench.stagedByteCount ?? 0) > 100_000 }
        #expect(try bench.zoo.bytes(of: bench.binary()) == goodBytes())
        let verified = try await eventually("the new one is verified") { () -> BinaryStatus? in
            guard let binary = try await daemon.model("tiny")?.binaries.first, binary.state == .verified else { return nil }
            return try binary.sha1 == better.digests().sha1 ? binary : nil
        }
        #expect(try verified.sha256 == better.digests().sha256)
        #expect(try bench.zoo.bytes(of: bench.binary()) == better.bytes(in: 0..<(1 << 20)))
        #expect(try bench.trash() == [goodBytes()])
    }

    @Test func `every byte is read again by itself when it is due, and due times survive a restart`() async throws {
        let bench = try await BinaryBench(["verify": "{ every: 1h }"])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let before = try await daemon.waitForBinary(.verified)
        _ = try await daemon.terminate()
        let again = try await RunningDaemon.start(in: bench.zoo)
        let after = try await again.waitForBinary(.verified)
        #expect(after.verifiedAt == before.verifiedAt && after.nextVerifyAt == before.nextVerifyAt)
        let (verifiedAt, nextVerifyAt) = (try #require(after.verifiedAt), try #require(after.nextVerifyAt))
        #expect((1600...3600).contains(nextVerifyAt.timeIntervalSince(verifiedAt)))

        try bench.configure(["verify": "{ every: 1s }"])
        try await bench.zoo.rot(bench.binary(), at: 5)
        _ = try await again.terminate()
        // Nobody asks; what was due while it was down is read at once.
        let last = try await RunningDaemon.start(in: bench.zoo)
        try await eventually("the rot is found and repaired", within: .seconds(30)) { bench.kept("trash").count == 1 }
        let repaired = try await last.waitForBinary(.verified, .verifying)
        try await eventually("it is read again and again", within: .seconds(30)) {
            guard let now = try await last.model("tiny")?.binaries.first?.verifiedAt, let then = repaired.verifiedAt else { return false }
            return now > then
        }
        #expect(bench.requests().count == 2)
    }

    @Test func `a file that cannot be read is told, and is read once it can be`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.good)
        try bench.zoo.write(Self.good, to: bench.binary())
        try await bench.zoo.give(to: ProcessIdentity(uid: 4343))
        let path = bench.zoo.path(bench.binary()).string
        try await ProgramRun.succeed("chown", ["root:root", path])
        try await ProgramRun.succeed("chmod", ["600", path])
        let daemon = try await RunningDaemon.start(in: bench.zoo, identity: ProcessIdentity(uid: 4343))
        let failed = try await daemon.waitForBinary(.failed)
        #expect(failed.note?.contains("Permission denied") == true, "\(failed.note ?? "")")
        #expect(try await daemon.zooctl("verify", "tiny").status == 1)
        try await ProgramRun.succeed("chmod", ["644", path])
        let verify = try await daemon.zooctl("verify", "tiny")
        #expect(verify.status == 0, "\(verify.standardError)")
        try await daemon.waitForBinary(.verified)
        #expect(bench.host.requests.count == 0)
    }
}
