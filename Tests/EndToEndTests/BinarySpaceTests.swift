import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct BinarySpaceTests {
    @Test func `a full disk stops one model with a clear word, the others go on, and so does it when there is room`() async throws {
        let bench = try await BinaryBench(["binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 0B }"])
        try await withSmallDisk(on: bench.zoo) {
            try bench.zoo.write(.generated(seed: 41, byteCount: 4 << 20), to: "ballast")
            let large = FileContent.generated(seed: 40, byteCount: 6 << 20)
            try bench.makeModel("large", serving: large)
            // Does not say how much comes: the disk itself is what is full.
            bench.host.inject(.chunked, on: .path("/large.bin"), times: .max)
            try bench.makeModel("small", serving: .generated(seed: 42, byteCount: 100_000))
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            let full = try await daemon.waitForBinary(.failed, of: "large")
            #expect(full.note?.contains("No space left") == true, "\(full.note ?? "")")
            #expect(try await daemon.model("large")?.hint?.contains("room") == true)
            let line = try await daemon.waitForHealth("no-space")
            #expect(line.text.contains("large") && line.hint?.contains("min_free") == true)
            #expect(try bench.zoo.bytes(of: bench.binary("large")) == nil)
            let fetch = try await daemon.zooctl("fetch", "large")
            #expect(fetch.status == 9, "\(fetch.status) \(fetch.standardError)")

            try FileManager.default.removeItem(atPath: bench.zoo.path("ballast").string)
            let again = try await daemon.zooctl("fetch", "large")
            #expect(again.status == 0, "\(again.standardError)")
            try await daemon.waitForBinary(.verified, of: "large")
            #expect(bench.requests("large").last?.header("range") != nil)
            try await daemon.waitForBinary(.verified, of: "small")
            try await eventually("the line is gone") { try await daemon.status().health.isEmpty }
            _ = try await daemon.terminate()
        }
    }

    @Test func `a fetch that would leave less than min_free is not begun`() async throws {
        let bench = try await BinaryBench(["binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 4MiB }"])
        try await withSmallDisk(on: bench.zoo) {
            try bench.makeModel("small", serving: .generated(seed: 45, byteCount: 100_000))
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            try await daemon.waitForBinary(.verified, of: "small")
            try bench.makeModel("large", serving: .generated(seed: 43, byteCount: 5 << 20))
            bench.host.inject(.chunked, on: .path("/unsized.bin"), times: .max)
            try bench.makeModel("unsized", serving: .generated(seed: 44, byteCount: 5 << 20))
            for id in ["large", "unsized"] {
                let refused = try await daemon.waitForBinary(.failed, of: id)
                #expect(refused.note?.contains("min_free") == true, "\(refused.note ?? "")")
            }
            _ = try await daemon.terminate()
        }
    }

    /// Runs `body` while the zoo is a file system of 8 MiB.
    private func withSmallDisk(on zoo: TemporaryZoo, _ body: () async throws -> Void) async throws {
        try await ProgramRun.succeed("mount", ["-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", zoo.zoo.string])
        var failure: (any Error)?
        do { try await body() } catch { failure = error }
        // Lazily: a daemon that a failed test left may still be there.
        try await ProgramRun.succeed("umount", ["--lazy", zoo.zoo.string])
        if let failure { throw failure }
    }
}
