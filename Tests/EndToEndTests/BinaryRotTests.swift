import Testing
import ZooTestSupport

/// Rot and edits side by side. `make torture OF=binaries` makes 1,000 and 200 of them.
@Suite struct BinaryRotTests {
    @Test func `whatever rots is found in the next pass and repaired, and no edit that a person made is touched`() async throws {
        let size = RotAndEditRun.Size(
            seed: UInt64(TortureSize.number("SEED", 5)), rounds: TortureSize.number("ROUNDS", 3), edits: TortureSize.number("EDITS", 44))
        let start = ContinuousClock.now
        let run = try await RotAndEditRun(size)
        var problems: [String] = []
        do { try await run.run() } catch { problems.append("\(error)") }
        problems += run.problems
        print(
            """
            rot: seed \(size.seed), \(size.rounds * 20) hits, \(run.found) found, \(run.repaired) repaired, \(size.edits) edits, \
            \((ContinuousClock.now - start).components.seconds) s
            """)
        #expect(problems.isEmpty, "seed \(size.seed)\n\(problems.joined(separator: "\n"))")
    }
}
