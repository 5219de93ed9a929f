import ControlProtocol
import Foundation
import SystemPackage
import Testing
import ZooTestSupport

@testable import SyncEngine

struct DownloadLimitTests {
    @Test(arguments: [
        ("20MiB/s", 20 << 20), ("20MiB", 20 << 20), ("20M", 20 << 20), ("20m", 20 << 20), ("1500KB/s", 1_500_000), ("512K/s", 512 << 10),
        ("1GiB/s", 1 << 30), ("2048B/s", 2048),
    ])
    func `a rate is as in the configuration, also without its end, also with a letter`(text: String, bytesPerSecond: Int) throws {
        #expect(try LimitWish(text) == .rate(ByteRate(bytesPerSecond: bytesPerSecond)))
    }

    @Test(arguments: [("off", LimitWish.off), ("0", .off), ("default", .asConfigured)])
    func `off, 0 and default are words`(text: String, wish: LimitWish) throws { #expect(try LimitWish(text) == wish) }

    @Test(arguments: ["", "20", "fast", "-1M", "1.5M", "1B/s", "1000T", "20MiB/s/s", "M", "OFF\u{1B}[2J"])
    func `what some take for bytes and others for KiB is refused, as is nonsense`(text: String) {
        let error = #expect(throws: ControlError.self) { try LimitWish(text) }
        #expect(error?.code == .badRequest && error?.hint?.contains("20MiB/s") == true)
    }

    @Test func `what an operator said counts before the configuration, over a restart, until it is given back`() async throws {
        let zoo = try TemporaryZoo()
        let store = try StateStore(directory: zoo.state, now: Date())
        let limit = try await DownloadLimit(store: store) { 1000 }
        #expect(limit.bytesPerSecond == 1000 && limit.report == LimitReport(bandwidth: 1000, source: .configuration, configured: 1000))
        let at = Date(timeIntervalSince1970: 1_800_000_000)
        try await limit.set(.init(bytesPerSecond: 7, at: at, by: 4711))
        #expect(limit.report == LimitReport(bandwidth: 7, source: .operator, configured: 1000, setAt: at, setBy: 4711))
        try await limit.set(.init(bytesPerSecond: nil, at: at, by: 0))
        #expect(limit.bytesPerSecond == nil)
        let restarted = try await DownloadLimit(store: store) { nil }
        #expect(restarted.report == LimitReport(bandwidth: nil, source: .operator, configured: nil, setAt: at, setBy: 0))
        try await restarted.set(nil)
        #expect(try await DownloadLimit(store: store) { 5 }.report.source == .configuration)
    }

    @Test(arguments: [
        (Int64(0), "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1 KiB"), (33_412, "32.6 KiB"), (1_048_575, "1 MiB"),
        (243_862_418, "233 MiB"), (5_368_709_120, "5 GiB"), (.max, "8 EiB"), (-1, "0 B"),
    ])
    func `sizes are said in the units of the configuration`(byteCount: Int64, words: String) {
        #expect(SizeWords.of(byteCount) == words)
    }
}
