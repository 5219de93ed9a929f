import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import Testing
import ZooTestSupport

@Suite struct BinaryTrashTests {
    private static let good = FileContent.generated(seed: 60, byteCount: 100_000)

    /// What `zooctl trash list` shows.
    private func items(_ daemon: RunningDaemon) async throws -> [TrashedFile] {
        let list = try await daemon.zooctl("trash", "list", "--json")
        #expect(list.status == 0, "\(list.standardError)")
        return try ControlCoding.decode(TrashReport.self, from: Array(list.standardOutput.utf8)).items
    }

    /// Lets the binary rot while zood is stopped, so that nothing reads it before it is asked to, and then be repaired.
    /// - Returns: The bad bytes, and zood as it runs again.
    private func repair(_ bench: BinaryBench, _ stopping: RunningDaemon) async throws -> ([UInt8], RunningDaemon) {
        _ = try await stopping.terminate()
        try await bench.zoo.rot(bench.binary(), at: 7)
        let bad = try #require(try bench.zoo.bytes(of: bench.binary()))
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        if try await daemon.model("tiny")?.binaries.first?.state == .corrupt { _ = try await daemon.zooctl("fetch", "tiny") }
        try await daemon.waitForBinary(.verified)
        return (bad, daemon)
    }

    @Test func `what a repair moved away is listed, goes back where its place is free, and is never repaired away again`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.good)
        let first = try await RunningDaemon.start(in: bench.zoo)
        try await first.waitForBinary(.verified)
        #expect(try await first.zooctl("trash", "list").standardOutput == "nothing in the trash\n")
        let (bad, daemon) = try await repair(bench, first)
        let item = try #require(try await items(daemon).first)
        #expect(item.model == "tiny" && item.file == BinaryBench.file && item.reason == "corrupt" && item.byteCount == 100_000)
        #expect(item.keptUntil == item.movedAt.addingTimeInterval(30 * 86400))
        let list = try await daemon.zooctl("trash", "list").standardOutput
        #expect(list.contains(item.item) && list.contains("corrupt") && list.contains(/in (29|30) d/), "\(list)")

        let taken = try await daemon.zooctl("trash", "restore", item.item)
        #expect(taken.status == 8 && taken.standardError.contains("hint: move that one away first: mv -n "), "\(taken.standardError)")
        #expect(try await daemon.zooctl("trash", "restore", "0123456789ab").status == 4)
        // Nothing that fits can be fetched meanwhile, so that the place stays free.
        bench.host.serve(FileContent.generated(seed: 61, byteCount: 5), at: "tiny.bin")
        try await bench.zoo.shell("mv -n tiny/\(BinaryBench.file) tiny/OTHER")
        let restored = try await daemon.zooctl("trash", "restore", item.item)
        #expect(restored.status == 0 && restored.standardOutput == "tiny: \(BinaryBench.file) is back\n", "\(restored.standardError)")
        bench.host.serve(Self.good, at: "tiny.bin")
        try await daemon.waitForBinary(.modified)
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        #expect(try await daemon.zooctl("fetch", "tiny").status == 7)
        #expect(try bench.zoo.bytes(of: bench.binary()) == bad)
        #expect(try await items(daemon).isEmpty && bench.kept("trash").isEmpty)
        let events = try await daemon.zooctl("events", "--since", "0", "--json").standardOutput
        #expect(events.contains(#""kind":"trash-restored""#) && events.contains(#""verb":"restore""#))
        try await bench.zoo.shell("rm tiny/\(BinaryBench.file); mv tiny/OTHER tiny/\(BinaryBench.file)")
        try await daemon.waitForBinary(.verified)
    }

    @Test func `a member takes a file of their own back, and nobody else's`() async throws {
        let bench = try await BinaryBench(["control": "{ roles: { member: [staff] } }"])
        let (member, stranger) = (ProcessIdentity(uid: 4712, groups: [50]), ProcessIdentity(uid: 4713, groups: [50]))
        try bench.makeModel(serving: Self.good)
        try bench.zoo.write(Self.good, to: bench.binary())
        try await bench.zoo.shell("chown 4712:4712 tiny/\(BinaryBench.file)")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        try await bench.zoo.rot(bench.binary(), at: 7)
        let bad = try #require(try bench.zoo.bytes(of: bench.binary()))
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        // What is somebody's own only they have replaced.
        let weights = bench.zoo.directory.appending("weights.bin").string
        try Data(try Self.good.bytes(in: 0..<Self.good.byteCount)).write(to: URL(filePath: weights))
        #expect(try await daemon.zooctl(["import", "tiny", weights], identity: member).status == 0)
        try await daemon.waitForBinary(.verified)
        let item = try #require(try await items(daemon).first)
        #expect(item.owner == 4712 && item.reason == "corrupt")
        try await bench.zoo.shell("sed -i 's/^caffemodel_url:.*//' tiny/readme.md; mv tiny/\(BinaryBench.file) tiny/OTHER")
        let refused = try await daemon.zooctl(["trash", "restore", item.item], identity: stranger)
        #expect(refused.status == 6 && refused.standardError.contains("a file of uid 4712 needs the role operator"), "\(refused)")
        let restored = try await daemon.zooctl(["trash", "restore", item.item], identity: member)
        #expect(restored.status == 0, "\(restored.standardError)")
        #expect(try bench.zoo.bytes(of: bench.binary()) == bad)
        let attributes = try FileManager.default.attributesOfItem(atPath: bench.zoo.path(bench.binary()).string)
        #expect((attributes[.ownerAccountID] as? NSNumber)?.intValue == 4712)
    }

    @Test func `what an exchange of a lost state left under a staged name is in the trash, and half a download is not`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.good)
        let first = try await RunningDaemon.start(in: bench.zoo)
        try await first.waitForBinary(.verified)
        _ = try await first.terminate()
        try bench.zoo.write("saved by a person", to: ".zood/downloads/0123456789ab.part")
        try bench.zoo.write("half a download", to: ".zood/downloads/ba9876543210.part")
        try await bench.zoo.shell("chmod 644 .zood/downloads/0*; chmod 600 .zood/downloads/b*; touch -d '1 year ago' .zood/downloads/*")
        let database = bench.zoo.state.appending("zood.sqlite").string
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + suffix) }
        try Data(repeating: 0x5a, count: 40_000).write(to: URL(filePath: database))
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        _ = try await daemon.waitForHealth("state-set-aside")
        #expect(try bench.trash() == [Array("saved by a person".utf8)] && bench.kept("downloads").isEmpty)
        let item = try #require(try await items(daemon).first)
        #expect(item.reason == "unknown" && item.keptUntil == nil)
        _ = try await daemon.zooctl("gc", "--outdated")
        #expect(bench.kept("trash").count == 1)
    }

    @Test(arguments: ["trash.recorded", "trash.kept"])
    func `killed while it moves a file away, zood knows afterwards what the file was`(point: String) async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.good)
        let first = try await RunningDaemon.start(in: bench.zoo)
        try await first.waitForBinary(.verified)
        _ = try await first.terminate()
        try await bench.zoo.rot(bench.binary(), at: 7)
        let crashing = try await RunningDaemon.start(in: bench.zoo, crashAt: point)
        _ = try await crashing.zooctl("verify", "tiny", "--no-wait")
        #expect(try await crashing.exitStatus() == 137)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        let items = try await items(daemon)
        #expect(items.map(\.reason) == ["corrupt"] && items.map(\.file) == [BinaryBench.file], "\(items)")
        #expect(bench.kept("trash").count == 1)
    }

    @Test(arguments: ["restore.intended", "restore.renamed", "restore.moved", "restore.recorded"])
    func `killed while it gives a file back, zood has it in the trash or in its place, and never twice`(point: String) async throws {
        let bench = try await BinaryBench([
            "binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"
        ])
        try bench.makeModel(serving: Self.good)
        let first = try await RunningDaemon.start(in: bench.zoo)
        #expect(try await first.zooctl("fetch", "tiny").status == 0)
        let (bad, second) = try await repair(bench, first)
        let item = try #require(try await items(second).first)
        _ = try await second.terminate()
        try await bench.zoo.shell("rm tiny/\(BinaryBench.file)")
        let crashing = try await RunningDaemon.start(in: bench.zoo, crashAt: point)
        _ = try await crashing.zooctl("trash", "restore", item.item)
        #expect(try await crashing.exitStatus() == 137)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        if point == "restore.intended" {
            #expect(try await items(daemon) == [item])
            #expect(try await daemon.zooctl("trash", "restore", item.item).status == 0)
        }
        try await daemon.waitForBinary(.modified)
        #expect(try await items(daemon).isEmpty && bench.kept("trash").isEmpty)
        #expect(try await daemon.zooctl("fetch", "tiny").status == 7)
        #expect(try bench.zoo.bytes(of: bench.binary()) == bad)
    }
}
