import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import Testing
import ZooTestSupport

@Suite struct BinaryFetchTests {
    @Test func `a missing binary is fetched below .zood, verified, and only then gets its name, mode and group`() async throws {
        let bench = try await BinaryBench(["files": "{ binary_mode: \"0440\" }"])
        let content = FileContent.generated(seed: 1, byteCount: 3 << 20)
        bench.host.limit(bytesPerSecond: 1 << 20)
        try bench.makeModel(serving: content)
        try await ProgramRun.succeed("chgrp", ["4242", bench.zoo.path("tiny").string])
        let daemon = try await RunningDaemon.start(in: bench.zoo)

        let name = bench.zoo.path(bench.binary()).string
        try await eventually("bytes arrive in staging") { (bench.stagedByteCount ?? 0) > 200_000 }
        let fetching = try await daemon.waitForBinary(.fetching)
        #expect(fetching.progress?.totalBytes == 3 << 20)
        #expect(!FileManager.default.fileExists(atPath: name))
        let directory = try FileManager.default.attributesOfItem(atPath: bench.zoo.path(".zood").string)
        #expect((directory[.posixPermissions] as? NSNumber)?.intValue == 0o700)

        let verified = try await daemon.waitForBinary(.verified)
        let digests = try content.digests()
        #expect(verified.sha256 == digests.sha256 && verified.sha1 == digests.sha1 && verified.size == 3 << 20)
        #expect(verified.verifiedAt != nil && verified.nextVerifyAt != nil)
        #expect(try bench.zoo.bytes(of: bench.binary()) == content.bytes(in: 0..<(3 << 20)))
        let attributes = try FileManager.default.attributesOfItem(atPath: name)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o440)
        #expect((attributes[.groupOwnerAccountID] as? NSNumber)?.intValue == 4242)
        #expect(bench.kept("downloads").isEmpty && bench.requests().count == 1)
    }

    @Test func `what has no checksum is fetched only on request, and its digest is recorded`() async throws {
        let bench = try await BinaryBench()
        let content = FileContent.generated(seed: 2, byteCount: 100_000)
        try bench.makeModel(serving: content, hasChecksum: false)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let missing = try await daemon.waitForBinary(.missing)
        #expect(missing.note?.contains("sha1") == true)
        #expect(try await daemon.model("tiny")?.hint?.contains("zooctl fetch tiny") == true)
        _ = try await daemon.zooctl("sync", "tiny")
        #expect(bench.host.requests.count == 0)

        let fetch = try await daemon.zooctl("fetch", "tiny")
        #expect(fetch.status == 0, "\(fetch.standardError)")
        let binary = try await daemon.waitForBinary(.unverifiable)
        #expect(try binary.sha256 == content.digests().sha256)
        #expect(try bench.zoo.bytes(of: bench.binary()) == content.bytes(in: 0..<100_000))
    }

    @Test func `a name that is no regular file is left alone, and so is what a link leads to`() async throws {
        let bench = try await BinaryBench()
        let content = FileContent.generated(seed: 3, byteCount: 10_000)
        try bench.zoo.write("mine", to: "elsewhere")
        for id in ["link", "dangling", "folder"] { try bench.makeModel(id, serving: content) }
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: bench.zoo.path(bench.binary("link")).string, withDestinationPath: "../elsewhere")
        try manager.createSymbolicLink(atPath: bench.zoo.path(bench.binary("dangling")).string, withDestinationPath: "../nowhere")
        try manager.createDirectory(atPath: bench.zoo.path(bench.binary("folder")).string, withIntermediateDirectories: false)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        for (id, reason) in [("link", "symbolic link"), ("dangling", "symbolic link"), ("folder", "directory")] {
            let binary = try await daemon.waitForBinary(.blocked, of: id)
            #expect(binary.note?.contains(reason) == true)
            #expect(try await daemon.model(id)?.hint != nil)
            #expect(try await daemon.zooctl("fetch", id).status == 8)
        }
        #expect(try bench.zoo.text(of: "elsewhere") == "mine")
        #expect(!manager.fileExists(atPath: bench.zoo.path("nowhere").string) && bench.host.requests.count == 0)
    }

    @Test func `a zood of another user leaves alone what it may not or should not write to, and says why`() async throws {
        let bench = try await BinaryBench()
        let identity = ProcessIdentity(uid: 4343)
        let outside = bench.zoo.directory.appending("outside")
        let refusals = [
            ("link", "ln -s ../../outside/file link/\(BinaryBench.file)", "symbolic link"),
            ("pipe", "mkfifo pipe/\(BinaryBench.file)", "no regular file"),
            ("folder", "mkdir folder/\(BinaryBench.file)", "directory"),
            ("device", "mknod device/\(BinaryBench.file) c 1 3", "no regular file"),
        ]
        for (number, id) in (refusals.map(\.0) + ["closed", "behind", "sticky", "fine"]).enumerated() {
            // Each another one: what is here already would be copied.
            try bench.makeModel(id, serving: .generated(seed: 400 + UInt64(number), byteCount: 10_000))
        }
        try FileManager.default.createDirectory(atPath: outside.string, withIntermediateDirectories: false)
        // A file name with a directory in it, which is a link that leads out of the zoo.
        try await bench.zoo.shell(
            "sed -i 's|^caffemodel: .*|caffemodel: sub/net.caffemodel|' behind/readme.md; ln -s ../../outside behind/sub")
        // A file of somebody else, in a directory where only owners may move their files away: outdated, so that it should be replaced.
        try bench.zoo.write("theirs", to: bench.binary("sticky"))
        try await bench.zoo.give(to: identity)
        for (_, command, _) in refusals { try await bench.zoo.shell(command) }
        try await bench.zoo.shell("chown root:root closed sticky sticky/\(BinaryBench.file); chmod 755 closed; chmod 1777 sticky")
        let daemon = try await RunningDaemon.start(in: bench.zoo, identity: identity)
        for (id, _, reason) in refusals {
            let binary = try await daemon.waitForBinary(.blocked, of: id)
            #expect(binary.note?.contains(reason) == true, "\(id): \(binary.note ?? "")")
            #expect(try await daemon.model(id)?.hint != nil)
            #expect(try await daemon.zooctl("fetch", id).status == 8)
        }
        let behind = try await daemon.waitForBinary(.blocked, of: "behind")
        #expect(behind.note?.contains("symbolic link") == true, "\(behind.note ?? "")")
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.string).isEmpty)

        let closed = try await daemon.waitForBinary(.failed, of: "closed")
        #expect(closed.note?.contains("Permission denied") == true, "\(closed.note ?? "")")
        #expect(try await daemon.model("closed")?.hint?.contains("write there") == true)
        #expect(try await daemon.zooctl("fetch", "closed").status == 1)
        let modified = try await daemon.waitForBinary(.modified, of: "sticky")
        #expect(modified.note != nil)
        #expect(try await daemon.zooctl("fetch", "sticky").status == 7)
        #expect(try bench.zoo.text(of: bench.binary("sticky")) == "theirs")

        try await daemon.waitForBinary(.verified, of: "fine")
        try await bench.zoo.shell("chmod 777 closed")
        #expect(try await daemon.zooctl("fetch", "closed").status == 0)
        #expect(bench.requests("link").isEmpty && bench.requests("pipe").isEmpty && bench.requests("sticky").isEmpty)
        #expect(try await daemon.terminate().status == 0)
    }

    @Test func `an outdated file that the daemon may not move away stays, and that is told`() async throws {
        let bench = try await BinaryBench()
        let identity = ProcessIdentity(uid: 4343)
        let (old, new) = (FileContent.generated(seed: 5, byteCount: 10_000), FileContent.generated(seed: 6, byteCount: 10_000))
        try bench.makeModel(serving: old)
        try bench.zoo.write(old, to: bench.binary())
        try await bench.zoo.give(to: identity)
        try await bench.zoo.shell("chown root:root tiny; chmod 755 tiny")
        let daemon = try await RunningDaemon.start(in: bench.zoo, identity: identity)
        try await daemon.waitForBinary(.verified)
        try bench.makeModel(serving: new)
        let told = try await daemon.waitForModel("tiny", "tells why") { $0.binaries.first?.note?.contains("ermission denied") == true }
        #expect(told.binaries.first?.state == .outdated && told.hint?.contains("write there") == true, "\(told)")
        #expect(try await daemon.zooctl("fetch", "tiny").status == 1)
        #expect(try bench.zoo.bytes(of: bench.binary()) == old.bytes(in: 0..<10_000) && bench.kept("trash").isEmpty)
        try await bench.zoo.shell("chmod 777 tiny")
        #expect(try await daemon.zooctl("fetch", "tiny").status == 0)
        #expect(try bench.zoo.bytes(of: bench.binary()) == new.bytes(in: 0..<10_000))
        #expect(try bench.trash() == [old.bytes(in: 0..<10_000)])
    }
}
