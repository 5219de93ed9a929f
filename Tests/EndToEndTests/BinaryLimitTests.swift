import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct BinaryLimitTests {
    private let member = ProcessIdentity(uid: 4720, groups: [50])

    private func report(_ daemon: RunningDaemon, _ arguments: String...) async throws -> LimitReport {
        let result = try await daemon.zooctl(["limit", "--json"] + arguments)
        #expect(result.status == 0, "\(result.standardError)")
        return try ControlCoding.decode(LimitReport.self, from: result.standardOutputBytes)
    }

    @Test func `an operator's limit counts before the configuration, over reload and restart, until it is given back`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["binaries": "{ bandwidth: 5MiB/s }", "control": "{ roles: { member: [staff] } }"])
        let daemon = try await RunningDaemon.start(in: zoo)
        #expect(try await report(daemon) == LimitReport(bandwidth: 5 << 20, source: .configuration, configured: 5 << 20))
        let set = try await report(daemon, "20M")
        #expect(set.bandwidth == 20 << 20 && set.source == .operator && set.configured == 5 << 20 && set.setBy == 0 && set.setAt != nil)
        let page = try await daemon.zooctl("status")
        #expect(page.standardOutput.contains("Downloads: 20 MiB/s at most (zooctl limit)\n"), "\(page.standardOutput)")
        #expect(try await daemon.status().limit == LimitStatus(bandwidth: 20 << 20, source: .operator))

        try zoo.configure(["binaries": "{ bandwidth: 6MiB/s }", "control": "{ roles: { member: [staff] } }"])
        #expect(try await daemon.zooctl("reload").status == 0)
        #expect(try await report(daemon).bandwidth == 20 << 20)
        _ = try await daemon.terminate()
        let again = try await RunningDaemon.start(in: zoo)
        #expect(try await report(again).source == .operator)
        #expect(try await report(again, "off").bandwidth == nil)
        let text = try await again.zooctl("limit")
        #expect(text.standardOutput.contains("no limit, set by uid 0") && text.standardOutput.contains("6 MiB/s at most"))

        #expect(try await report(again, "default") == LimitReport(bandwidth: 6 << 20, source: .configuration, configured: 6 << 20))
        #expect(try await again.zooctl("limit").standardOutput == "downloads: 6 MiB/s at most, as binaries.bandwidth says\n")

        for wrong in ["20", "fast", "1B/s"] { #expect(try await again.zooctl("limit", wrong).status == 2) }
        let refused = try await again.zooctl("limit", "1M", identity: member)
        #expect(refused.status == 6 && refused.standardError.contains("role operator"), "\(refused.standardError)")
        #expect(try await again.zooctl("limit", identity: member).status == 0)
    }

    @Test func `a limit counts at once, also for a download that is under way`() async throws {
        let bench = try await BinaryBench()
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        #expect(try await daemon.zooctl("limit", "512K").status == 0)
        // Half a minute at that rate.
        try bench.makeModel(serving: .generated(seed: 64, byteCount: 16 << 20))
        _ = try await daemon.wait(for: "tiny", "is being fetched", within: .seconds(30)) { model in
            model.binaries.first.flatMap { $0.state == .fetching && ($0.progress?.doneBytes ?? 0) > 0 ? true : nil }
        }
        #expect(try await daemon.model("tiny")?.binaries.first?.state == .fetching)
        #expect(try await daemon.zooctl("limit", "off").status == 0)
        try await daemon.waitForBinary(.verified)
    }
}
