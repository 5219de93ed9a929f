import ControlProtocol
import Foundation
import Synchronization
import Testing
import ZooTestSupport

@testable import zooctl

struct ProgressTests {
    private let progress = TransferProgress(doneBytes: 52_428_800, totalBytes: 243_862_418, bytesPerSecond: 12_582_912)

    @Test func `a line says done, total, percent, rate and time left, and less where there is less room`() {
        let forms = ProgressText(progress).forms("fetch a")
        #expect(
            forms == [
                "fetch a: 50 MiB of 233 MiB, 21.5 %, 12 MiB/s, 16 s left", "fetch a: 50 MiB of 233 MiB, 21.5 %, 16 s left",
                "fetch a: 21.5 %, 16 s left", "fetch a: 21.5 %", "21.5 %",
            ])
        let unsized = TransferProgress(doneBytes: 1024, totalBytes: nil, bytesPerSecond: 0)
        #expect(ProgressText(unsized).forms("fetch a").first == "fetch a: 1 KiB")
    }

    @Test func `several files are summed and counted, several jobs too`() {
        let half = TransferProgress(doneBytes: 10, totalBytes: 20, bytesPerSecond: 5)
        #expect(
            TransferProgress(sumOf: [half, half]) == TransferProgress(doneBytes: 20, totalBytes: 40, bytesPerSecond: 10, etaSeconds: 2))
        #expect(TransferProgress(sumOf: [half, TransferProgress(doneBytes: 1, totalBytes: nil, bytesPerSecond: 0)])?.totalBytes == nil)
        #expect(TransferProgress(sumOf: []) == nil)
        func job(_ id: String, _ state: JobState, _ progress: TransferProgress?, files: Int? = nil, model: String? = "a") -> JobReport {
            JobReport(id: id, kind: .fetch, model: model, state: state, createdAt: Samples.start, progress: progress, fileCount: files)
        }
        #expect(
            JobsProgress(jobs: [job("1", .running, half, files: 2)]).forms.first == "fetch a, 2 files: 10 B of 20 B, 50 %, 5 B/s, 2 s left")
        let several = JobsProgress(jobs: [job("1", .done, nil), job("2", .running, half), job("3", .running, half)])
        #expect(several.forms.first == "1 of 3 jobs done: 20 B of 40 B, 50 %, 10 B/s, 2 s left")
        #expect(JobsProgress(jobs: [job("1", .queued, nil)]).forms == ["fetch a: queued"])
        let nothing = TransferProgress(doneBytes: 0, totalBytes: nil, bytesPerSecond: 0)
        #expect(JobsProgress(jobs: [job("1", .running, nothing)]).forms == ["fetch a: running"], "0 B say nothing")
        #expect(JobsProgress(jobs: [job("1", .done, nil)]).forms.isEmpty)
    }

    @Test func `a rate is that of the last seconds, and goes down when nothing comes`() {
        var meter = RateMeter()
        let start = ContinuousClock.now
        #expect(meter.bytesPerSecond == 0)
        // What is there already is no speed.
        for second in 0...10 { meter.count(1 << 30 + Int64(second) * 1000, at: start + .seconds(second)) }
        #expect(meter.bytesPerSecond == 1000)
        meter.count(1 << 30 + 10_000, at: start + .seconds(13))
        #expect((1..<1000).contains(meter.bytesPerSecond), "\(meter.bytesPerSecond)")
        meter.count(1 << 30 + 10_000, at: start + .seconds(40))
        #expect(meter.bytesPerSecond == 0)
    }

    private func daemon(_ done: Shared<Int>, until last: Int) async throws -> ScriptedDaemon {
        let progress = progress
        return try await ScriptedDaemon { request, _ in
            if request.hasPrefix("POST") { return .accepted("7", model: "a") }
            if request.contains("/v1/jobs/7") {
                done.change { $0 += 1 }
                let isOver = done.value > last
                return .ok(
                    JobReport(
                        id: "7", kind: .fetch, model: "a", state: isOver ? .done : .running, createdAt: Samples.start,
                        progress: isOver ? nil : progress))
            }
            return .refused(ControlError(.noSuchRoute, request))
        }
    }

    @Test(arguments: [(100, "fetch a: 50 MiB of 233 MiB, 21.5 %, 12 MiB/s, 16 s left"), (40, "fetch a: 21.5 %, 16 s left"), (8, "21.5 %")])
    func `on a terminal there is one line, redrawn, as long as the window is wide, and gone in the end`(columns: Int, line: String)
        async throws
    {
        let asked = Shared(0)
        let daemon = try await daemon(asked, until: 3)
        let terminal = try PseudoTerminal(
            running: BuildProducts.path(of: "zooctl"), ["fetch", "a", "--socket", daemon.path], in: URL(filePath: "/tmp"), columns: columns)
        #expect(try await terminal.exitStatus() == 0)
        let text = terminal.text
        #expect(text.contains("\r\(line)\u{1B}[K"), "\(text.debugDescription)")
        #expect(text.contains("\r\u{1B}[Kfetch a: done"), "\(text.debugDescription)")
        #expect(!text.dropLast(2).contains("\n"))
        try await daemon.stop()
    }

    @Test func `an error on a terminal leaves no half line`() async throws {
        let (asked, progress) = (Shared(0), progress)
        let daemon = try await ScriptedDaemon { request, _ in
            if request.hasPrefix("POST") { return .accepted("7", model: "a") }
            asked.change { $0 += 1 }
            if asked.value > 2 { return .refused(ControlError(.noSuchJob, "there is no job 7")) }
            return .ok(JobReport(id: "7", kind: .fetch, model: "a", state: .running, createdAt: Samples.start, progress: progress))
        }
        let terminal = try PseudoTerminal(
            running: BuildProducts.path(of: "zooctl"), ["fetch", "a", "--socket", daemon.path], in: URL(filePath: "/tmp"), columns: 80)
        #expect(try await terminal.exitStatus() == 4)
        #expect(terminal.text.contains("\r\u{1B}[Kzooctl: there is no job 7"), "\(terminal.text.debugDescription)")
        try await daemon.stop()
    }

    @Test func `Ctrl-C on a terminal leaves the job running and no half line`() async throws {
        let asked = Shared(0)
        let daemon = try await daemon(asked, until: .max)
        let terminal = try PseudoTerminal(
            running: BuildProducts.path(of: "zooctl"), ["fetch", "a", "--socket", daemon.path], in: URL(filePath: "/tmp"), columns: 80)
        try await terminal.answer("233 MiB", "\u{3}")
        #expect(try await terminal.exitStatus() == 130)
        #expect(terminal.text.contains("\r\u{1B}[Kzooctl: interrupted; job 7 goes on"), "\(terminal.text.debugDescription)")
        #expect(!daemon.requests.all.contains { $0.hasPrefix("DELETE") })
        try await daemon.stop()
    }

    @Test func `why a job failed begins with what it was, also where the reason names the model`() async throws {
        let daemon = try await ScriptedDaemon { request, _ in
            if request.hasPrefix("POST") { return .accepted("7", model: "a") }
            return .ok(
                JobReport(
                    id: "7", kind: .fetch, model: "a", state: .failed, createdAt: Samples.start,
                    error: ControlError(.network, "http://files.example.org/fetch a/a.bin: no route")))
        }
        let result = try await ProgramRun.run(BuildProducts.path(of: "zooctl"), ["fetch", "a", "--socket", daemon.path])
        #expect(result.status == 10 && result.standardError == "zooctl: fetch a: http://files.example.org/fetch a/a.bin: no route\n")
        try await daemon.stop()
    }

    @Test func `without a terminal what is over at once has no beginning`() async throws {
        let daemon = try await daemon(Shared(0), until: 1)
        let result = try await ProgramRun.run(BuildProducts.path(of: "zooctl"), ["fetch", "a", "--socket", daemon.path])
        #expect(result.status == 0 && result.standardOutput == "fetch a: done\n" && result.standardError.isEmpty, "\(result.standardError)")
        try await daemon.stop()
    }

    @Test func `without a terminal there is a line now and then`() async throws {
        let asked = Shared(0)
        let daemon = try await daemon(asked, until: 4)
        let result = try await ProgramRun.run(BuildProducts.path(of: "zooctl"), ["fetch", "a", "--socket", daemon.path])
        #expect(result.status == 0 && result.standardOutput == "fetch a: done\n")
        #expect(result.standardError == "fetch a: 50 MiB of 233 MiB, 21.5 %, 12 MiB/s, 16 s left\n", "\(result.standardError)")
        #expect(daemon.requests.all.contains { $0.contains("wait=10s") })
        try await daemon.stop()
    }
}

/// A value that several threads change.
private final class Shared<Value: Sendable>: Sendable {
    private let held: Mutex<Value>

    init(_ value: Value) { held = Mutex(value) }

    var value: Value { held.withLock { $0 } }
    func change(_ body: (inout Value) -> Void) { held.withLock { body(&$0) } }
}
