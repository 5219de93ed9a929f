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
}
