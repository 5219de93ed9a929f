import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct BinaryParallelTests {
    @Test func `a changed number of fetches at once counts with the reload`() async throws {
        let few = ["binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 1MiB, parallel: 1 }"]
        let bench = try await BinaryBench(few)
        bench.host.limit(bytesPerSecond: 20_000)
        for (number, id) in ["a", "b", "c"].enumerated() {
            try bench.makeModel(id, serving: .generated(seed: 76 + UInt64(number), byteCount: 2 << 20))
        }
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        func states() async throws -> [BinaryState] { try await daemon.status().models.compactMap(\.binaries.first?.state) }
        try await eventually("one is fetched, two wait") {
            try await states().sorted { $0.rawValue < $1.rawValue } == [.fetching, .queued, .queued]
        }
        try bench.configure(["binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 1MiB, parallel: 3 }"])
        #expect(try await daemon.zooctl("reload").status == 0)
        try await eventually("all are fetched") {
            try await states() == [.fetching, .fetching, .fetching] && bench.host.requests.count >= 3
        }
        try await eventually("bytes of all come") {
            try await daemon.status().models.allSatisfy { ($0.binaries.first?.progress?.doneBytes ?? 0) > 0 }
        }
    }
}
