import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// What is here already is copied, and what several models want comes once.
@Suite struct BinaryLocalCopyTests {
    private static let byteCount = 3 << 20
    private static let content = FileContent.generated(seed: 70, byteCount: byteCount)

    private func expectCopied(_ id: String, _ bench: BinaryBench, _ daemon: RunningDaemon) async throws {
        let binary = try await daemon.waitForBinary(.verified, of: id)
        let digests = try Self.content.digests()
        #expect(binary.sha256 == digests.sha256 && binary.sha1 == digests.sha1)
        #expect(try bench.zoo.bytes(of: bench.binary(id)) == Self.content.bytes(in: 0..<Self.byteCount))
        #expect(bench.requests(id).isEmpty && bench.kept("downloads").isEmpty)
    }

    @Test func `what another model of any zoo has verified is copied, and nothing is asked of the network`() async throws {
        let bench = try await BinaryBench()
        let other = bench.zoo.directory.appending("other")
        try FileManager.default.createDirectory(atPath: other.string, withIntermediateDirectories: false)
        try bench.configure(["zoos": "[{ path: \(bench.zoo.zoo) }, { path: \(other), name: other }]"])
        try bench.makeModel("one", serving: Self.content)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified, of: "one")
        try bench.makeModel("two", serving: Self.content)
        try await expectCopied("two", bench, daemon)
        let told = try #require(try await daemon.events(of: "binary-fetched").last)
        #expect(told.message.contains("copied from one/tiny.caffemodel"), "\(told.message)")

        // Out of another zoo, without a URL that leads anywhere.
        let readme = ReadmeText(url: "http://127.0.0.1:1/nothing.bin", sha1: try Self.content.digests().sha1)
        try bench.zoo.write(readme.text, to: "../other/three/readme.md")
        try await daemon.waitForBinary(.verified, of: "three")
        let path = other.appending("three/tiny.caffemodel").string
        #expect(try Array(Data(contentsOf: URL(filePath: path))) == Self.content.bytes(in: 0..<Self.byteCount))
        #expect(bench.host.requests.count == 1)
    }

    @Test func `a local file that turned out different is no source, is read anew, and is repaired from the new one`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel("one", serving: Self.content)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified, of: "one")
        try await bench.zoo.rot(bench.binary("one"), at: 2_000_000)
        let bad = try #require(try bench.zoo.bytes(of: bench.binary("one")))
        try bench.makeModel("two", serving: Self.content)
        try await daemon.waitForBinary(.verified, of: "two")
        #expect(bench.requests("two").count == 1)
        try await eventually("the rotten file was found and repaired") {
            try bench.zoo.bytes(of: bench.binary("one")) == Self.content.bytes(in: 0..<Self.byteCount)
        }
        try await daemon.waitForBinary(.verified, of: "one")
        #expect(try bench.trash() == [bad])
        #expect(try bench.zoo.bytes(of: bench.binary("two")) == Self.content.bytes(in: 0..<Self.byteCount))
        #expect(bench.requests("one").count == 1 && bench.kept("downloads").isEmpty)
    }

    @Test func `who knows a checksum does not get its bytes from a directory that is closed to him`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel("closed/one", serving: Self.content)
        func give(_ path: String, _ group: String, _ mode: String) async throws {
            try await ProgramRun.succeed("chgrp", [group, bench.zoo.path(path).string])
            try await ProgramRun.succeed("chmod", [mode, bench.zoo.path(path).string])
        }
        try await give("closed", "4250", "0750")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified, of: "closed/one")
        try bench.makeModel("open", serving: Self.content)
        try await daemon.waitForBinary(.verified, of: "open")
        #expect(bench.requests("open").count == 1)

        // Out of an open place into a closed one, and from one closed place to another that is closed to the same people.
        try bench.zoo.remove("open")
        _ = try await daemon.zooctl("sync")
        try FileManager.default.createDirectory(atPath: bench.zoo.path("same").string, withIntermediateDirectories: false)
        try await give("same", "4250", "0750")
        try bench.makeModel("same/two", serving: Self.content)
        try await expectCopied("same/two", bench, daemon)
        try FileManager.default.createDirectory(atPath: bench.zoo.path("other").string, withIntermediateDirectories: false)
        try await give("other", "4251", "0750")
        try bench.makeModel("other/three", serving: Self.content)
        try await daemon.waitForBinary(.verified, of: "other/three")
        #expect(bench.requests("other/three").count == 1)
    }

    @Test func `two models that want the same bytes are one transfer, and the one goes on when the other is cancelled`() async throws {
        let bench = try await BinaryBench()
        bench.host.limit(bytesPerSecond: 1 << 20)
        for id in ["one", "two", "three"] { try bench.makeModel(id, serving: Self.content, url: bench.host.url("shared.bin")) }
        bench.host.serve(Self.content, at: "shared.bin")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let ids = ["one", "two", "three"]
        func states() async throws -> [String: BinaryStatus] {
            var found: [String: BinaryStatus] = [:]
            for id in ids { found[id] = try await daemon.model(id)?.binaries.first }
            return found
        }
        let waiting = try await eventually("two wait for the third") { () -> [String: BinaryStatus]? in
            let waiting = try await states().filter { $0.value.state == .queued && $0.value.note != nil }
            return waiting.count == 2 ? waiting : nil
        }
        let first = try #require(ids.first { waiting[$0] == nil })
        for binary in waiting.values { #expect(binary.note == "the same file is being fetched for \(first)") }
        #expect(try await daemon.zooctl("fetch", first, "--no-wait").status == 0)
        let job = try #require(try await daemon.client.send(.jobs).jobs.first { $0.kind == .fetch && $0.model == first })
        #expect(try await daemon.zooctl("cancel", job.id).status == 0)
        for id in ids where id != first { try await daemon.waitForBinary(.verified, of: id) }
        #expect(try await daemon.waitForBinary(.missing, of: first).note?.contains("cancelled") == true)
        #expect(bench.host.requests.requests("GET", path: "/shared.bin").count == 2)
        #expect(try await daemon.zooctl("fetch", first).status == 0)
        #expect(bench.host.requests.requests("GET", path: "/shared.bin").count == 2 && bench.kept("downloads").isEmpty)
    }

    @Test(arguments: ["copy.opened", "copy.synced", "copy.received", "place.renamed", "fetch.recorded"])
    func `a crash between any two steps of a copy from here leaves nothing half done`(point: String) async throws {
        let bench = try await BinaryBench()
        try bench.makeModel("one", serving: Self.content)
        let first = try await RunningDaemon.start(in: bench.zoo)
        try await first.waitForBinary(.verified, of: "one")
        _ = try await first.terminate()
        try bench.makeModel("two", serving: Self.content)
        let crashing = try await RunningDaemon.start(in: bench.zoo, crashAt: point, within: .zero)
        #expect(try await crashing.exitStatus() == 137)
        let found = try bench.zoo.bytes(of: bench.binary("two"))
        #expect(try found == nil || found == Self.content.bytes(in: 0..<Self.byteCount))
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await expectCopied("two", bench, daemon)
        try await daemon.waitForBinary(.verified, of: "one")
    }
}
