import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct BinaryRepairTests {
    private static let byteCount = 200_000
    private static let good = FileContent.generated(seed: 60, byteCount: byteCount)

    @Test func `repair replaces a corrupt file also where the policy only reports, and says when there is nothing to do`() async throws {
        let bench = try await BinaryBench(["verify": "{ repair: report }"])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        let idle = try await daemon.zooctl("repair", "tiny")
        #expect(idle.status == 0 && idle.standardOutput.contains("nothing to repair"), "\(idle.standardOutput) \(idle.standardError)")
        #expect(bench.requests().count == 1)

        try await bench.zoo.rot(bench.binary(), at: 100)
        let bad = try #require(try bench.zoo.bytes(of: bench.binary()))
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        try await daemon.waitForBinary(.corrupt)
        #expect(try await daemon.model("tiny")?.hint == "zooctl repair tiny")
        let repair = try await daemon.zooctl("repair", "tiny")
        #expect(repair.status == 0 && repair.standardOutput == "repair tiny: done\n", "\(repair.standardOutput) \(repair.standardError)")
        #expect(try bench.zoo.bytes(of: bench.binary()) == Self.good.bytes(in: 0..<Self.byteCount))
        #expect(try bench.trash() == [bad])
        #expect(try await daemon.zooctl("repair", "nowhere").status == 4)
    }

    @Test func `what belongs to somebody else is read and judged like all files, and never replaced by zood`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.good)
        try bench.zoo.write(Self.good, to: bench.binary())
        try await bench.zoo.shell("chown 4712:4712 \(bench.binary())")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        // Another checksum is wanted.
        try bench.makeModel(serving: .generated(seed: 61, byteCount: 1000))
        let outdated = try await daemon.waitForBinary(.outdated)
        #expect(outdated.note?.contains("belongs to uid 4712") == true, "\(outdated)")
        let fetch = try await daemon.zooctl("fetch", "tiny")
        #expect(fetch.status == 8, "\(fetch.standardError)")
        #expect(fetch.standardError.contains("hint: its owner or root moves it away: mv -n "), "\(fetch.standardError)")
        #expect(try bench.zoo.bytes(of: bench.binary()) == Self.good.bytes(in: 0..<Self.byteCount))

        try bench.makeModel(serving: Self.good)
        try await daemon.waitForBinary(.verified)
        try await bench.zoo.rot(bench.binary(), at: 100)
        let bad = try bench.zoo.bytes(of: bench.binary())
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        try await daemon.waitForBinary(.corrupt)
        let repair = try await daemon.zooctl("repair", "tiny")
        #expect(repair.status == 7 && repair.standardError.contains("belongs to uid 4712"), "\(repair.standardError)")
        #expect(try bench.zoo.bytes(of: bench.binary()) == bad && bench.kept("trash").isEmpty && bench.requests().isEmpty)

        try await bench.zoo.shell("chown 0:0 \(bench.binary())")
        try await daemon.waitForBinary(.verified)
        #expect(try bench.trash() == [bad] && bench.requests().count == 1)
    }

    @Test func `what cannot be repaired stays as it is and ends with 7, a host that is down with 10`() async throws {
        let bench = try await BinaryBench(["verify": "{ repair: report }"])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        try await bench.zoo.rot(bench.binary(), at: 100)
        let bad = try bench.zoo.bytes(of: bench.binary())
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)

        bench.host.serve(.generated(seed: 61, byteCount: 10), at: "tiny.bin")
        let other = try await daemon.zooctl("repair", "tiny")
        #expect(other.status == 7 && other.standardError.contains("serves"), "\(other.standardError)")
        await bench.host.stop()
        let down = try await daemon.zooctl("repair", "tiny")
        #expect(down.status == 10, "\(down.status) \(down.standardError)")
        #expect(try bench.zoo.bytes(of: bench.binary()) == bad && bench.kept("trash").isEmpty)

        try await ProgramRun.succeed("chmod", ["644", bench.zoo.path(bench.binary()).string])
        try bench.zoo.write("fine-tuned", to: bench.binary())
        try await daemon.waitForBinary(.modified)
        let edited = try await daemon.zooctl("repair", "tiny")
        #expect(edited.status == 7 && edited.standardError.contains("left as it is"), "\(edited.standardError)")
        #expect(try bench.zoo.text(of: bench.binary()) == "fine-tuned")
    }
}
