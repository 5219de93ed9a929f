import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct BinarySpaceTests {
    @Test func `a full disk stops fetches with a clear word; when there is room they go on by themselves`() async throws {
        let bench = try await BinaryBench(["binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 0B }"])
        try await withSmallDisk(on: bench.zoo) {
            try bench.zoo.write(.generated(seed: 41, byteCount: 4 << 20), to: "ballast")
            try bench.makeModel("early", serving: .generated(seed: 46, byteCount: 10_000))
            // Below a hidden directory it is no model yet; on a full disk it could not be written.
            try bench.makeModel(".later/small", serving: .generated(seed: 42, byteCount: 100_000))
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            try await daemon.waitForBinary(.verified, of: "early")

            // Does not say how much comes: the disk itself is what is full.
            bench.host.inject(.chunked, on: .path("/large.bin"), times: .max)
            try bench.makeModel("large", serving: .generated(seed: 40, byteCount: 6 << 20))
            try await expectNoRoom(for: "large", daemon)
            #expect(try bench.zoo.bytes(of: bench.binary("large")) == nil)
            let fetch = try await daemon.zooctl("fetch", "large")
            #expect(fetch.status == 9, "\(fetch.status) \(fetch.standardError)")
            // Says how much comes, and meets the full disk too.
            try FileManager.default.moveItem(atPath: bench.zoo.path(".later/small").string, toPath: bench.zoo.path("small").string)
            try await expectNoRoom(for: "small", daemon)
            let line = try await daemon.waitForHealth("no-space")
            #expect(line.text.contains("large (and 1 more)") && line.hint?.contains("min_free") == true, "\(line)")
            #expect(try await daemon.model("early")?.binaries.first?.state == .verified)

            // Nobody asks.
            try FileManager.default.removeItem(atPath: bench.zoo.path("ballast").string)
            // Shorter than the first wait of a back-off for a full disk ever was.
            try await daemon.waitForBinary(.verified, of: "small", within: .seconds(45))
            try await daemon.waitForBinary(.verified, of: "large")
            #expect(bench.requests("large").last?.header("range") != nil)
            #expect(try await daemon.zooctl("fetch", "large").status == 0)
            try await eventually("the line is gone") { try await daemon.status().health.isEmpty }
            _ = try await daemon.terminate()
        }
    }

    private func expectNoRoom(for id: String, _ daemon: RunningDaemon) async throws {
        let full = try await daemon.waitForBinary(.failed, of: id)
        #expect(full.note?.contains(BinaryBench.tellsFullDisk) == true, "\(full.note ?? "")")
        #expect(try await daemon.model(id)?.hint?.contains("room") == true)
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
                #expect(refused.note?.contains("of which binaries.min_free keeps 4 MiB") == true, "\(refused.note ?? "")")
                #expect(refused.note?.contains("No space left") == false, "\(refused.note ?? "")")
            }
            let note = try await daemon.model("large")?.note ?? ""
            #expect(note.hasPrefix("5 MiB more are needed in \(bench.zoo.zoo), "), "\(note)")
            #expect(note.contains(/, [0-9.]+ MiB are free, .*; [0-9.]+ MiB too few$/), "\(note)")
            _ = try await daemon.terminate()
        }
    }

    @Test func `what another model has here waits for the room of a copy, whatever is to be had elsewhere`() async throws {
        let bench = try await BinaryBench(["binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        try await withSmallDisk(on: bench.zoo) {
            let content = FileContent.generated(seed: 49, byteCount: 3 << 20)
            try bench.makeModel("one", serving: content)
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            try await daemon.waitForBinary(.verified, of: "one")
            try bench.zoo.write(.generated(seed: 50, byteCount: 2 << 20), to: "ballast")
            try bench.makeModel("two", serving: content, url: bench.host.url("nowhere.bin"))
            let waiting = try await daemon.waitForBinary(.failed, of: "two")
            #expect(waiting.note?.contains("3 MiB more are needed in \(bench.zoo.zoo)") == true, "\(waiting.note ?? "")")
            let fetch = try await daemon.zooctl("fetch", "two")
            #expect(fetch.status == 9 && fetch.standardError.contains("make room"), "\(fetch.status) \(fetch.standardError)")
            try FileManager.default.removeItem(atPath: bench.zoo.path("ballast").string)
            try await daemon.waitForBinary(.verified, of: "two", within: .seconds(45))
            _ = try await daemon.terminate()
        }
    }

    @Test func `a fetch under way is parked when others use up what is to be left free, and goes on when there is room`() async throws {
        let bench = try await BinaryBench(["binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 2MiB }"])
        try await withSmallDisk(on: bench.zoo) {
            bench.host.limit(bytesPerSecond: 300_000)
            try bench.makeModel(serving: .generated(seed: 47, byteCount: 3 << 20))
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            try await eventually("it is under way") { (bench.stagedByteCount ?? 0) > 100_000 }
            try bench.zoo.write(.generated(seed: 48, byteCount: 7 << 19), to: "ballast")
            let parked = try await daemon.waitForBinary(.failed)
            #expect(parked.note?.contains("free, and binaries.min_free keeps 2 MiB") == true, "\(parked.note ?? "")")
            #expect((bench.stagedByteCount ?? 0) > 100_000, "what came is kept")
            _ = try await daemon.waitForHealth("no-space")
            bench.host.limit(bytesPerSecond: nil)
            try FileManager.default.removeItem(atPath: bench.zoo.path("ballast").string)
            try await daemon.waitForBinary(.verified, within: .seconds(45))
            #expect(bench.requests().last?.header("range") != nil)
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
