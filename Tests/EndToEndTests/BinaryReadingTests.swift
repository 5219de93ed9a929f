import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import Testing
import ZooTestSupport

/// Reading again: how far a large file was read is kept, windows are kept to, and what is late is said.
@Suite struct BinaryReadingTests {
    private static let megabytes = 640
    private static let size = Int64(megabytes) << 20

    /// A model whose binary is a large hole, without a checksum: its digest is recorded when it was read.
    private func bench(_ verify: String) async throws -> BinaryBench {
        let bench = try await BinaryBench(["verify": verify])
        try bench.zoo.makeModel("tiny", ReadmeText(url: "http://127.0.0.1:1/tiny.bin"))
        try bench.zoo.write("", to: bench.binary())
        let file = try FileDescriptor.open(bench.zoo.path(bench.binary()), .writeOnly)
        try file.closeAfter { try file.resize(to: Self.size) }
        return bench
    }

    /// SHA-256 of that file, by another program.
    private func digest(of bench: BinaryBench) async throws -> String {
        String(try await ProgramRun.succeed("sha256sum", [bench.zoo.path(bench.binary()).string]).standardOutput.prefix(64))
    }

    private func metric(_ name: String, of daemon: RunningDaemon) async throws -> Double? {
        let answer = try await daemon.client.exchange("GET", "/v1/metrics", deadline: .seconds(5))
        let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix(name + " ") }?.split(separator: " ").last.flatMap { Double($0) }
    }

    private func waitUntilRead(_ megabytes: Int64, by daemon: RunningDaemon) async throws {
        _ = try await daemon.wait(for: "tiny", "is read up to \(megabytes) MiB", within: .seconds(60)) { model in
            (model.binaries.first?.progress?.doneBytes ?? 0) > megabytes << 20 ? true : nil
        }
    }

    @Test func `killed in the middle of a large file, zood reads on from where that was kept`() async throws {
        let bench = try await bench("{ bandwidth: 150MiB/s }")
        let first = try await RunningDaemon.start(in: bench.zoo)
        try await waitUntilRead(280, by: first)
        try await first.kill9()
        let second = try await RunningDaemon.start(in: bench.zoo)
        let binary = try await second.waitForBinary(.unverifiable, within: .seconds(60))
        let read = try #require(try await metric("zood_verify_read_bytes_total", of: second))
        #expect(Int64(read) <= Self.size - (256 << 20), "\(read) bytes were read")
        #expect(try await binary.sha256?.description == digest(of: bench))
    }

    @Test func `stopped in the middle of a large file, zood reads on from that very place, unless it is another file by now`() async throws
    {
        let bench = try await bench("{ bandwidth: 150MiB/s }")
        let first = try await RunningDaemon.start(in: bench.zoo)
        try await waitUntilRead(100, by: first)
        _ = try await first.terminate()
        let second = try await RunningDaemon.start(in: bench.zoo)
        try await waitUntilRead(200, by: second)
        let read = try #require(try await metric("zood_verify_read_bytes_total", of: second))
        let done = try await second.model("tiny")?.binaries.first?.progress?.doneBytes ?? Self.size
        #expect(Int64(read) <= done - (100 << 20))
        _ = try await second.terminate()
        // Nothing but its status changes, and that is enough to begin anew.
        try await ProgramRun.succeed("chmod", ["640", bench.zoo.path(bench.binary()).string])
        let third = try await RunningDaemon.start(in: bench.zoo)
        let binary = try await third.waitForBinary(.unverifiable, within: .seconds(60))
        #expect(Int64(try #require(try await metric("zood_verify_read_bytes_total", of: third))) == Self.size)
        #expect(try await binary.sha256?.description == digest(of: bench))
    }

    @Test func `all is read for whoever asks, also while zood starts and has not looked at it yet`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel("zz", serving: .generated(seed: 80, byteCount: 1000))
        let first = try await RunningDaemon.start(in: bench.zoo)
        try await first.waitForBinary(.verified, of: "zz")
        _ = try await first.terminate()
        // So that the first walk takes its time.
        try await bench.zoo.shell("mkdir -p a/{1..3000}")
        let daemon = try await RunningDaemon.start(in: bench.zoo, within: .zero)
        var accepted: AcceptedJob?
        for _ in 0..<100_000 where accepted == nil {
            accepted = try? await daemon.client.send(.verify(nil))
            await Task.yield()
        }
        let job = try #require(accepted).job
        try await eventually("the job is over") { try await daemon.client.send(.job(job)).state == .done }
        #expect(try await metric("zood_verify_read_bytes_total", of: daemon) == 1000)
        #expect(try await daemon.events(of: "binary-verified").isEmpty, "it is as it was")
    }

    @Test func `a crash right after a place was kept goes on from there`() async throws {
        let bench = try await bench("{ bandwidth: off }")
        let crashing = try await RunningDaemon.start(in: bench.zoo, crashAt: "verify.kept")
        #expect(try await crashing.exitStatus() == 137)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let binary = try await daemon.waitForBinary(.unverifiable, within: .seconds(60))
        #expect(Int64(try #require(try await metric("zood_verify_read_bytes_total", of: daemon))) == Self.size - (256 << 20))
        #expect(try await binary.sha256?.description == digest(of: bench))
    }

    @Test func `a reading stops when the window closes and goes on in the next; verify works at any time and at full speed`() async throws {
        let bench = try await bench("{ every: 30d }")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        #expect(try await daemon.zooctl("verify", "tiny").status == 0)
        // A day that is neither today nor near.
        let closed = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][(Calendar.current.component(.weekday, from: Date()) + 1) % 7]
        func configure(_ verify: String) async throws {
            try bench.configure(["verify": verify])
            #expect(try await daemon.zooctl("reload").status == 0)
        }
        try await configure("{ every: 1s, bandwidth: 50MiB/s }")
        try await waitUntilRead(20, by: daemon)
        let idle = try await eventually("a thread reads at idle priority") { idleThreadCount(of: daemon) }
        #expect(idle > 0)
        try await configure("{ every: 1s, bandwidth: 50MiB/s, window: \"\(closed) 00:00-24:00\" }")
        let waiting = try await daemon.wait(for: "tiny", "waits for the window", within: .seconds(30)) { model in
            model.binaries.first.flatMap { $0.state == .unverifiable ? $0 : nil }
        }
        #expect(try #require(waiting.nextVerifyAt) > Date().addingTimeInterval(3600))
        // It is late now, and said to be.
        let status = try await daemon.status()
        #expect(status.verification.overdue == 1 && status.verification.coverage == 0 && status.daemon.state == .degraded)
        #expect(status.health.map(\.code) == ["verify-overdue"])
        #expect(try await metric("zood_verify_overdue", of: daemon) == 1)
        #expect(try #require(try await metric("zood_verify_oldest_seconds", of: daemon)) >= 1)
        let before = try #require(waiting.verifiedAt)
        let start = ContinuousClock.now
        #expect(try await daemon.zooctl("verify", "tiny").status == 0)
        // At verify.bandwidth it would take 12.8 s.
        #expect(ContinuousClock.now - start < .seconds(12))
        #expect(try #require(try await daemon.model("tiny")?.binaries.first?.verifiedAt) >= before)
        try await configure("{ every: 30d }")
        let settled = try await daemon.status()
        #expect(settled.verification.overdue == 0 && settled.verification.coverage == 1 && settled.health.isEmpty)
        let page = try await daemon.zooctl("status").standardOutput
        #expect(page.contains("Verify: 100 % of 640 MiB read in 30 d, on schedule; next in "), "\(page)")
    }

    /// Nil when there is none.
    private func idleThreadCount(of daemon: RunningDaemon) -> Int? {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.pid)/task")) ?? []
        let count = tasks.filter { task in
            let text = (try? String(contentsOfFile: "/proc/\(daemon.pid)/task/\(task)/stat", encoding: .utf8)) ?? ""
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 16 && fields[16] == "19"
        }.count
        return count > 0 ? count : nil
    }
}
