import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

/// A model is left alone while somebody saves in it; what zood puts there itself is nobody's saving.
struct BinarySettleTests {
    private static let long = ["watch": "{ settle: 1m, settle_max: 2m }"]

    @Test func `a fetch, a repair and an import are over when the file is there, however long a model settles`() async throws {
        let bench = try await BinaryBench(Self.long)
        let content = FileContent.generated(seed: 4101, byteCount: 300_000)
        let other = FileContent.generated(seed: 4103, byteCount: 200_000)
        try bench.makeModel(serving: content)
        try bench.makeModel("byhand", serving: other, url: "http://127.0.0.1:9/byhand.bin")
        var daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        #expect(try await daemon.zooctl("fetch", "tiny").status == 0)
        _ = try await daemon.terminate()
        try await bench.zoo.rot(bench.binary(), at: 1000)

        daemon = try await RunningDaemon.start(in: bench.zoo)
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        try await daemon.waitForBinary(.verified)
        #expect(bench.kept("trash").count == 1)
        let event = try #require(try await daemon.events(of: "binary-repaired").first)
        #expect(event.model == "tiny")

        let file = bench.zoo.directory.appending("weights").string
        try Data(other.bytes(in: 0..<200_000)).write(to: URL(filePath: file))
        #expect(try await daemon.zooctl("import", "byhand", file).status == 0)
        #expect(try await daemon.model("byhand")?.binaries.first?.state == .verified)
    }

    @Test func `what somebody renames onto a name that zood has just given is looked at soon`() async throws {
        let bench = try await BinaryBench(Self.long)
        let content = FileContent.generated(seed: 4102, byteCount: 300_000)
        try bench.makeModel(serving: content)
        try bench.zoo.write("mine", to: "other")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await eventually("the file has its name") { try bench.zoo.bytes(of: bench.binary())?.count == 300_000 }
        try await bench.zoo.shell("mv -f other \(bench.binary())")
        try await daemon.waitForBinary(.modified)
        #expect(try bench.zoo.text(of: bench.binary()) == "mine")
    }
}
