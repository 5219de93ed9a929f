import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import Testing
import ZooTestSupport

@Suite struct BinaryPlacementTests {
    private static let byteCount = 2_500_000
    private static let old = FileContent.generated(seed: 60, byteCount: byteCount)
    private static let new = FileContent.generated(seed: 61, byteCount: byteCount)

    /// Nothing hidden lies beside the binary, and nothing is left in staging.
    private func expectTidy(_ bench: BinaryBench) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.zoo.path("tiny").string)
        #expect(names.sorted() == ["deploy.prototxt", "readme.md", BinaryBench.file])
        #expect(bench.kept("downloads").isEmpty)
    }

    private func replaceByNew(_ bench: BinaryBench, _ daemon: RunningDaemon) async throws {
        try bench.makeModel(serving: Self.new)
        try await eventually("the new one is in place") {
            try bench.zoo.bytes(of: bench.binary()) == Self.new.bytes(in: 0..<Self.byteCount)
        }
        try await daemon.waitForBinary(.verified)
        #expect(try bench.trash() == [Self.old.bytes(in: 0..<Self.byteCount)])
        try expectTidy(bench)
    }

    @Test func `several binaries of one base name get the directories that their names ask for`() async throws {
        let bench = try await BinaryBench(["files": "{ directory_mode: \"0750\" }"])
        let contents = ["rgb/net.caffemodel": Self.old, "flow/deep/net.caffemodel": Self.new]
        var readme = "# Two nets\n\n## Information\n\nname: Two nets\n"
        for (file, content) in contents.sorted(by: { $0.key > $1.key }) {
            let url = bench.host.serve(content, at: file)
            readme += try "\n### \(file)\ncaffemodel: \(file)\ncaffemodel_url: \(url)\nsha1: \(content.digests().sha1)\n"
        }
        try bench.zoo.write(TemporaryZoo.prototxt, to: "tiny/deploy.prototxt")
        try bench.zoo.write(readme, to: "tiny/readme.md")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForModel("tiny", "both are verified") {
            $0.binaries.count == 2 && $0.binaries.allSatisfy { $0.state == .verified }
        }
        for (file, content) in contents {
            #expect(try bench.zoo.bytes(of: "tiny/\(file)") == content.bytes(in: 0..<Self.byteCount), "\(file)")
        }
        let made = try FileManager.default.attributesOfItem(atPath: bench.zoo.path("tiny/flow/deep").string)
        #expect((made[.posixPermissions] as? NSNumber)?.intValue == 0o750)
    }

    @Test func `a daemon that may not give the directory's group lets the directory give it`() async throws {
        let bench = try await BinaryBench()
        let identity = ProcessIdentity(uid: 4343)
        try bench.makeModel(serving: Self.old)
        try await bench.zoo.give(to: identity)
        let directory = bench.zoo.path("tiny").string
        try await ProgramRun.succeed("chgrp", ["4244", directory])
        try await ProgramRun.succeed("chmod", ["2775", directory])
        let daemon = try await RunningDaemon.start(in: bench.zoo, identity: identity)
        try await daemon.waitForBinary(.verified)
        let attributes = try FileManager.default.attributesOfItem(atPath: bench.zoo.path(bench.binary()).string)
        #expect((attributes[.groupOwnerAccountID] as? NSNumber)?.intValue == 4244)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o444)
        try expectTidy(bench)
        try await replaceByNew(bench, daemon)
    }

    @Test func `a model on another file system gets its binary by a copy, and its old one is copied to the trash`() async throws {
        let bench = try await BinaryBench()
        let directory = bench.zoo.path("tiny").string
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        try await ProgramRun.succeed("mount", ["-t", "tmpfs", "-o", "size=16m,mode=755", "tmpfs", directory])
        var failure: (any Error)?
        do {
            try bench.makeModel(serving: Self.old)
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            try await daemon.waitForBinary(.verified)
            try expectTidy(bench)
            try await replaceByNew(bench, daemon)
            try await bench.zoo.shell("sed -i 's/^caffemodel_url:.*//' tiny/readme.md; mv tiny/\(BinaryBench.file) tiny/OTHER")
            let list = try await daemon.zooctl("trash", "list", "--json").standardOutput
            let item = try #require(try ControlCoding.decode(TrashReport.self, from: Array(list.utf8)).items.first)
            let refused = try await daemon.zooctl("trash", "restore", item.item)
            #expect(item.reason == "outdated" && item.keptUntil == nil && refused.status == 8)
            #expect(refused.standardError.contains("on another file system\nhint: move it by hand: mv -n "), "\(refused.standardError)")
            _ = try await daemon.terminate()
        } catch { failure = error }
        try await ProgramRun.succeed("umount", ["--lazy", directory])
        if let failure { throw failure }
    }

    @Test(arguments: ["copy.named", "copy.made", "place.renamed", "place.exchanged", "trash.kept", "copy.placed"])
    func `a crash between any two steps of a copy leaves nothing behind`(point: String) async throws {
        let bench = try await BinaryBench()
        let identity = ProcessIdentity(uid: 4343)
        try bench.makeModel(serving: Self.old)
        try await bench.zoo.give(to: identity)
        try await ProgramRun.succeed("chgrp", ["4244", bench.zoo.path("tiny").string])
        try await ProgramRun.succeed("chmod", ["2775", bench.zoo.path("tiny").string])
        let first = try await RunningDaemon.start(in: bench.zoo, identity: identity)
        try await first.waitForBinary(.verified)
        _ = try await first.terminate()
        try bench.makeModel(serving: Self.new)
        let crashing = try await RunningDaemon.start(in: bench.zoo, crashAt: point, identity: identity, within: .zero)
        #expect(try await crashing.exitStatus() == 137)
        let daemon = try await RunningDaemon.start(in: bench.zoo, identity: identity)
        try await eventually("the new one is in place") {
            try bench.zoo.bytes(of: bench.binary()) == Self.new.bytes(in: 0..<Self.byteCount)
        }
        try await daemon.waitForBinary(.verified)
        #expect(try bench.trash() == [Self.old.bytes(in: 0..<Self.byteCount)])
        try expectTidy(bench)
    }
}
