import Synchronization
import SystemIO
import Testing
import ZooTestSupport

@testable import Transfers

@Suite struct `Bandwidth` {
    @Test func `two downloads share one rate`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.generated(seed: 1, byteCount: 2 << 20), at: "m")
        let client = DownloadClient(bandwidth: SharedBandwidth { 4 << 20 })
        let elapsed = try await ContinuousClock().measure {
            try await withThrowingTaskGroup { group in
                for _ in 0..<2 { group.addTask { _ = try await fetch(request(url), by: client, to: ScratchFile()) } }
                try await group.waitForAll()
            }
        }
        #expect(elapsed >= .milliseconds(950))
    }

    @Test func `another rate counts at once, also for who waits already`() async throws {
        let rate = Mutex<Int?>(1000)
        let bandwidth = SharedBandwidth { rate.withLock { $0 } }
        let lane = BlockingLane(label: "test", width: 1)
        // At this rate it would take a quarter of an hour.
        let waiting = Task { try await lane.run { bandwidth.spend(1_000_000) { false } } }
        rate.withLock { $0 = nil }
        try await waiting.value
    }

    @Test func `who waits for bandwidth is cancelled at once, and does not stall`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.generated(seed: 1, byteCount: 9 << 20), at: "m")
        let client = DownloadClient(bandwidth: SharedBandwidth { 50_000 })
        let reports = Recorder<DownloadProgress>()
        let task = Task {
            try await fetch(
                request(url) { $0.stallLimit = .seconds(1) }, by: client, to: ScratchFile(), onProgress: { reports.append($0) })
        }
        // Twice the time without a byte that would be a stall, if it were the host's.
        try await eventually("some of it came") { (reports.all.last?.byteCount ?? 0) > 100_000 }
        let elapsed = await ContinuousClock().measure {
            task.cancel()
            await #expect(throws: TransferFailure(.cancelled, requestWasSent: true)) { try await task.value }
        }
        #expect(elapsed < .seconds(10), "the whole file would take three minutes")
    }

    @Test func `a pause earns no burst`() async throws {
        let bandwidth = SharedBandwidth { 1_000_000 }
        let clock = ContinuousClock()
        bandwidth.spend(1000) { false }
        try await Task.sleep(for: .milliseconds(300))  // no wait: the time that passes without a byte is what is tested
        let lane = BlockingLane(label: "test", width: 1)
        let elapsed = try await clock.measure { try await lane.run { bandwidth.spend(200_000) { false } } }
        #expect(elapsed >= .milliseconds(180))
    }
}
