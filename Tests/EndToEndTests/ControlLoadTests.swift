import Foundation
import Testing
import ZooTestSupport

/// Many who ask at once.
struct ControlLoadTests {
    @Test func `many who read events at once are all answered, and zood goes on answering and stops when told`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitUntilInSync()
        let expected = try await daemon.zooctl("events", "--since", "0").standardOutput
        #expect(!expected.isEmpty)
        for _ in 0..<8 {
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { try await daemon.zooctl("events", "--since", "0", within: .seconds(20)).standardOutput }
                }
                for try await output in group { #expect(output == expected) }
            }
        }
        #expect(try await daemon.zooctl("status").status == 0)
        #expect(try await daemon.terminate().status == 0)
    }
}
