import Foundation
import Testing
import ZooTestSupport

/// Everything that goes wrong with downloads in the wild. `make torture OF=binaries` tries many more pairs.
@Suite struct BinaryFaultTests {
    @Test func `each fault of a download ends verified or in an honest word, is not hammered at, and names no wrong byte`() async throws {
        let run = try await DownloadFaultRun(DownloadFault.all, isLasting: true)
        let problems = try await run.faultsFound { daemon in
            await run.waitForEnds(daemon)
            try await run.ask(daemon)
            try await run.endFaults(daemon)
            try await run.fetchAll(daemon, asking: 1)
        }
        print(run.summary("faults of downloads"))
        #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    }

    @Test func `two faults of a download one after another end verified, and no wrong byte is named`() async throws {
        let seed = UInt64(TortureSize.number("SEED", 5))
        var chance = SeededGenerator(seed: seed)
        let single = DownloadFault.all.filter(\.isForPairs)
        let pairs = (0..<TortureSize.number("PAIRS", 12)).map { _ in
            DownloadFault(single.one(by: &chance), before: single.one(by: &chance))
        }
        let run = try await DownloadFaultRun(pairs, isLasting: false)
        let problems = try await run.faultsFound { daemon in try await run.fetchAll(daemon, asking: 8) }
        print(run.summary("pairs of faults, seed \(seed)"))
        #expect(problems.isEmpty, "seed \(seed)\n\(problems.joined(separator: "\n"))")
    }
}

/// What `make torture` asks for by `ZOOD_TORTURE_…`.
enum TortureSize {
    /// - Parameter usual: For the suite.
    static func number(_ name: String, _ usual: Int) -> Int {
        ProcessInfo.processInfo.environment["ZOOD_TORTURE_" + name].flatMap { Int($0) } ?? usual
    }
}
