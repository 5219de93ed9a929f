import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// `zooctl gc`, and what zood removes by itself.
@Suite struct BinaryGarbageTests {
    private static let old = FileContent.generated(seed: 90, byteCount: 100_000)
    private static let new = FileContent.generated(seed: 91, byteCount: 120_000)

    private func gc(_ daemon: RunningDaemon, _ options: String...) async throws -> GarbageReport {
        let run = try await daemon.zooctl(["gc", "--json"] + options)
        #expect(run.status == 0, "\(run)")
        return try ControlCoding.decode(GarbageReport.self, from: Array(run.standardOutput.utf8))
    }

    /// A model whose readme came to name another checksum: the old file is in the trash.
    private func outdated(_ bench: BinaryBench, crashAt: String? = nil) async throws -> RunningDaemon {
        try bench.makeModel(serving: Self.old)
        let daemon = try await RunningDaemon.start(in: bench.zoo, crashAt: crashAt)
        try await daemon.waitForBinary(.verified)
        try bench.makeModel(serving: Self.new)
        try await eventually("the old one is in the trash") { bench.kept("trash").count == 1 }
        try await daemon.waitForBinary(.verified)
        return daemon
    }

    @Test func `old good files go only when a person says so, a dry run says the same and changes nothing`() async throws {
        let bench = try await BinaryBench()
        let daemon = try await outdated(bench)
        #expect(try await daemon.zooctl("gc").standardOutput == "nothing to remove\n")
        let planned = try await gc(daemon, "--outdated", "--dry-run")
        let item = try #require(planned.items.first)
        #expect(planned.dryRun && planned.items.count == 1 && planned.byteCount == 100_000)
        #expect(item.kind == "trash" && item.model == "tiny" && item.name == BinaryBench.file && item.reason == "outdated")
        let page = try await daemon.zooctl("gc", "--outdated", "--dry-run").standardOutput
        #expect(page.contains("another checksum is wanted"), "\(page)")
        #expect(page.contains("97.7 KiB would be freed; to do it: zooctl gc --outdated\n"), "\(page)")
        #expect(bench.kept("trash").count == 1)
        #expect(try await daemon.events(of: "trash-removed").isEmpty)

        // Who may not change things may not do this either.
        #expect(try await daemon.zooctl("gc", "--outdated", identity: ProcessIdentity(uid: 4713)).status == 6)
        let done = try await gc(daemon, "--outdated")
        #expect(done.items == planned.items && !done.dryRun && bench.kept("trash").isEmpty)
        let event = try #require(try await daemon.events(of: "trash-removed").first)
        #expect(event.details["reason"] == "outdated" && event.uid == geteuid() && event.model == "tiny")
        #expect(try await daemon.zooctl("trash", "list").standardOutput == "nothing in the trash\n")
        #expect(try await gc(daemon, "--outdated").items.isEmpty)
    }

    @Test(arguments: ["gc.before-remove", "gc.removed", "gc.recorded"])
    func `killed while it removes from the trash, the file is there whole or gone, and its removal is told once`(point: String) async throws
    {
        let bench = try await BinaryBench()
        let doomed = try await outdated(bench, crashAt: point)
        _ = try await doomed.zooctl("gc", "--outdated")
        #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let isThere = point == "gc.before-remove"
        #expect(try bench.trash() == (isThere ? [Self.old.bytes(in: 0..<100_000)] : []))
        #expect(try await gc(daemon, "--outdated").items.count == (isThere ? 1 : 0))
        #expect(bench.kept("trash").isEmpty)
        #expect(try await daemon.zooctl("trash", "list").standardOutput == "nothing in the trash\n")
        let told = try await daemon.events(of: "trash-removed")
        #expect(told.count == 1 && told.first?.model == "tiny", "\(told)")
    }

    @Test func `what rotted goes by itself when its time is over, and a kill in the middle puts that off by a day at most`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.old)
        let first = try await RunningDaemon.start(in: bench.zoo)
        try await first.waitForBinary(.verified)
        _ = try await first.terminate()
        try await bench.zoo.rot(bench.binary(), at: 7)
        let second = try await RunningDaemon.start(in: bench.zoo)
        _ = try await second.zooctl("verify", "tiny")
        try await eventually("the bad one is in the trash") { bench.kept("trash").count == 1 }
        try await second.waitForBinary(.verified)
        _ = try await second.terminate()
        let database = bench.zoo.state.appending("zood.sqlite").string
        func sql(_ statement: String) async throws { try await ProgramRun.succeed("sqlite3", [database, statement]) }
        try await sql("UPDATE trash SET at = '2020-01-01 00:00:00.000'")

        let doomed = try await RunningDaemon.start(in: bench.zoo, crashAt: "gc.before-remove", within: .zero)
        #expect(try await doomed.exitStatus() == 137)
        #expect(bench.kept("trash").count == 1)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        #expect(try await daemon.zooctl("gc", "--dry-run").standardOutput.contains("kept long enough"))
        #expect(bench.kept("trash").count == 1, "no sooner than a day after the last time")
        _ = try await daemon.terminate()
        try await sql("DELETE FROM setting WHERE key = 'trashSweptAt'")
        let last = try await RunningDaemon.start(in: bench.zoo)
        try await eventually("it is gone") { bench.kept("trash").isEmpty }
        try await eventually("it is told") { try await last.events(of: "trash-removed").map { $0.details["reason"] } == ["expired"] }
        #expect(try await last.events(of: "trash-removed").first?.uid == nil)
    }

    /// Has a download begin, ends zood in the middle, and lets the rest look a day older.
    private func interrupted(_ bench: BinaryBench) async throws {
        try await bench.zoo.shell("true")
        bench.host.limit(bytesPerSecond: 256 << 10)
        try bench.makeModel(serving: .generated(seed: 92, byteCount: 4 << 20))
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        _ = try await daemon.zooctl("fetch", "tiny", "--no-wait")
        try await eventually("some of it is there") { (bench.stagedByteCount ?? 0) > 100_000 }
        let jobs = try await daemon.client.send(.jobs).jobs
        for job in jobs where !job.state.isFinal { _ = try await daemon.zooctl("cancel", job.id) }
        try await daemon.waitForBinary(.missing)
        // Young, and wanted: nothing of it may go.
        #expect(try await gc(daemon, "--outdated").items.isEmpty)
        _ = try await daemon.terminate()
        try await bench.zoo.shell("touch -d '2 days ago' .zood/downloads/*")
    }

    private static let manual = ["binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"]

    @Test(arguments: ["vanished", "changed", "wanted"])
    func `of downloads goes what nobody will go on with`(standing: String) async throws {
        let bench = try await BinaryBench(Self.manual)
        try await interrupted(bench)
        switch standing {
        case "vanished": try await bench.zoo.shell("mv tiny ../tiny.away")
        case "changed": try await bench.zoo.shell("sed -i 's/^sha1:.*/sha1: 0123456789012345678901234567890123456789/' tiny/readme.md")
        default: break
        }
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        if standing != "vanished" { try await daemon.waitForBinary(.missing) }
        let done = try await gc(daemon)
        #expect(done.items.map(\.reason) == (standing == "wanted" ? [] : [standing]), "\(done)")
        #expect(done.items.allSatisfy { $0.kind == "download" && $0.name == BinaryBench.file && $0.byteCount > 100_000 })
        #expect(bench.kept("downloads").isEmpty == (standing != "wanted"))
        #expect(try await daemon.events(of: "download-removed").map { $0.details["reason"] } == done.items.map(\.reason))
        if standing == "wanted" {
            bench.host.limit(bytesPerSecond: nil)
            #expect(try await daemon.zooctl("fetch", "tiny").status == 0)
            #expect(bench.requests().last?.header("range") != nil, "it went on where it was")
        }
    }

    @Test(arguments: ["gc.download-forgotten", "gc.download-recorded"])
    func `killed while it removes a download, nothing of it is left after the next start`(point: String) async throws {
        let bench = try await BinaryBench(Self.manual)
        try await interrupted(bench)
        try await bench.zoo.shell("mv tiny ../tiny.away")
        let doomed = try await RunningDaemon.start(in: bench.zoo, crashAt: point)
        _ = try await doomed.zooctl("gc")
        #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        #expect(bench.kept("downloads").isEmpty)
        #expect(try await gc(daemon).items.isEmpty)
        // The model comes back, and its binary from the first byte on.
        try await bench.zoo.shell("mv ../tiny.away tiny")
        bench.host.limit(bytesPerSecond: nil)
        try await daemon.waitForBinary(.missing)
        #expect(try await daemon.zooctl("fetch", "tiny").status == 0)
    }

    @Test func `killed while it drops versions, they are dropped and told, or neither`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let first = try await RunningDaemon.start(in: zoo)
        try await first.waitUntilInSync()
        _ = try await first.terminate()
        // As if they had been kept years ago.
        let rows = (1...60).map { _ in "('zoo', 'tiny', '2020-01-01 00:00:00.000', 'sent')" }.joined(separator: ",")
        try await ProgramRun.succeed(
            "sqlite3", [zoo.state.appending("zood.sqlite").string, "INSERT INTO version (zoo, path, at, reason) VALUES \(rows)"])
        let doomed = try await RunningDaemon.start(in: zoo, crashAt: "gc.versions-dropped")
        _ = try await doomed.zooctl("gc")
        #expect(try await doomed.exitStatus() == 137)
        let daemon = try await RunningDaemon.start(in: zoo)
        #expect(try await gc(daemon).items.isEmpty)
        #expect(try await daemon.events(of: "versions-dropped").count == 1)
    }

    @Test func `every crash point of removing is among those that are tried`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var named: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            named.formUnion(text.matches(of: /CrashPoint\.reach\("(gc\.[a-z-]+)"\)/).map { String($0.1) })
        }
        #expect(
            named == [
                "gc.before-remove", "gc.removed", "gc.recorded", "gc.download-forgotten", "gc.download-recorded", "gc.versions-dropped",
            ])
    }
}
