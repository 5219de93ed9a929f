import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

struct ProcessReloadTests {
    @Test func `a reload takes the whole new configuration, or nothing of it and says where it is wrong`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel("waiting")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("waiting", "waits to be published") { $0.gist.state == .unpublished }

        // The first section would do, the second would not: neither may count.
        try zoo.configure(["gists": "{ create: automatic }", "verify": "{ evry: 30d }"])
        daemon.send(SIGHUP)
        let refused = try await daemon.waitForHealth("reload-refused")
        #expect(refused.text.contains("zood.yaml:3:11: verify: unknown key 'evry'; did you mean 'every'?"), "\(refused.text)")
        #expect(refused.hint != nil)
        let asked = try await daemon.zooctl("reload")
        #expect(asked.status == 1)
        #expect(asked.standardError.contains("zood.yaml:3:11: "), "\(asked.standardError)")
        #expect(asked.standardError.contains("old configuration stays in force"))
        _ = try await daemon.zooctl("sync", "waiting")
        #expect(try await daemon.model("waiting")?.gist.state == .unpublished)

        try zoo.configure(["gists": "{ create: automatic }"])
        daemon.send(SIGHUP)
        try await daemon.waitForSync("waiting")
        #expect(try await daemon.status().health.isEmpty)

        try zoo.configure(["gists": "{ create: automatic }", "watch": "{ settle: 40ms }"])
        let taken = try await daemon.zooctl("reload")
        #expect(taken.status == 0)
        #expect(taken.standardOutput.contains("watch"), "\(taken.standardOutput)")
    }
}
