import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct BinaryJobTests {
    private static let content = FileContent.generated(seed: 50, byteCount: 6 << 20)

    @Test func `a cancelled fetch keeps what came, stays cancelled, and goes on when it is asked for`() async throws {
        let bench = try await BinaryBench()
        bench.host.limit(bytesPerSecond: 512 << 10)
        try bench.makeModel(serving: Self.content)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.fetching)
        let accepted = try await daemon.zooctl("fetch", "tiny", "--no-wait")
        #expect(accepted.status == 0)
        try await eventually("some of it is there") { (bench.stagedByteCount ?? 0) > 300_000 }
        let jobs = try await daemon.client.send(.jobs)
        let job = try #require(jobs.jobs.first)
        #expect(job.kind == .fetch && job.model == "tiny" && job.state == .running && job.progress?.totalBytes == 6 << 20)
        #expect(try await daemon.zooctl("jobs").standardOutput.contains("tiny"))

        #expect(try await daemon.zooctl("cancel", job.id).status == 0)
        let missing = try await daemon.waitForBinary(.missing)
        #expect(missing.note?.contains("cancelled") == true, "\(missing.note ?? "")")
        #expect(try await daemon.model("tiny")?.hint?.contains("zooctl fetch tiny") == true)
        // It is not ok without them, for nobody who asks.
        let told = try await daemon.waitForModel("tiny", "needs a person") { $0.state == .attention }
        #expect(told.gist.state == .off && told.note?.contains("cancelled") == true)
        #expect(try await daemon.zooctl("wait", "tiny", "--timeout", "0s").status == 11)
        #expect(try await daemon.zooctl("status", "--check").status == 1)
        #expect(try await daemon.zooctl("status").standardOutput.contains("# next, tiny: zooctl fetch tiny\n"))
        let over = try await daemon.zooctl("cancel", job.id)
        #expect(over.status == 0 && over.standardOutput == "fetch tiny: was over before: cancelled\n", "\(over)")
        let had = try #require(bench.stagedByteCount)
        #expect(had > 300_000 && had < 6 << 20)
        _ = try await daemon.zooctl("sync", "tiny")
        let cancelled = try await daemon.client.send(.jobs).jobs.first { $0.id == job.id }
        #expect(cancelled?.state == .cancelled)
        #expect(bench.requests().count == 1)

        bench.host.limit(bytesPerSecond: nil)
        #expect(try await daemon.zooctl("fetch", "tiny").status == 0)
        #expect(bench.requests().last?.header("range") == "bytes=\(had)-")
    }

    @Test func `two people who fetch the same model share one transfer`() async throws {
        let bench = try await BinaryBench(["binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        bench.host.limit(bytesPerSecond: 4 << 20)
        try bench.makeModel(serving: Self.content)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.missing)
        async let one = daemon.zooctl("fetch", "tiny")
        async let other = daemon.zooctl("fetch", "tiny")
        let results = try await [one, other]
        #expect(results.allSatisfy { $0.status == 0 }, "\(results.map(\.standardError))")
        #expect(bench.requests().count == 1)
        #expect(try await daemon.client.send(.jobs).jobs.filter { $0.kind == .fetch && $0.state == .done }.count == 2)
    }

    @Test func `verify of all counts what has a file, and names what failed`() async throws {
        let bench = try await BinaryBench(["verify": "{ repair: report }"])
        for (number, id) in ["a", "b", "c"].enumerated() {
            try bench.makeModel(id, serving: .generated(seed: UInt64(96 + number), byteCount: 1000))
        }
        try bench.makeModel("none", serving: Self.content, url: bench.host.url("nothing.bin"))
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        for id in ["a", "b", "c"] { try await daemon.waitForBinary(.verified, of: id) }
        try await daemon.waitForBinary(.failed, of: "none")
        for id in ["a", "c"] { try await bench.zoo.rot(bench.binary(id), at: 10) }
        let verified = try await daemon.zooctl("verify")
        #expect(
            verified.standardError == """
                zooctl: verify: 2 of 3 failed: a, c; a: \(BinaryBench.file) rotted: its bytes changed although nobody wrote to it
                hint: zooctl status -x lists them

                """, "\(verified.standardError)")
        #expect(verified.status == 3)
    }
}
