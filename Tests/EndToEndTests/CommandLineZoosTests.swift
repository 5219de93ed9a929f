import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

/// Several zoos that hold the same path.
@Suite struct CommandLineZoosTests {
    @Test func `where several zoos hold a path, every command in a hint names the zoo and can be run`() async throws {
        let files = try await LoopbackFileHost.start()
        let url = files.serve(.bytes(Array("other weights".utf8)), at: "w.caffemodel")
        let zoo = try TemporaryZoo()
        try zoo.configure([
            "zoos": "[{ path: \(zoo.path("one")), name: one }, { path: \(zoo.path("two")), name: two }]",
            "binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 1MiB, fetch: manual }",
        ])
        let readme = ReadmeText(url: url, sha1: ContentDigests(of: Array("weights".utf8)).sha1)
        try zoo.makeModel("one/net", readme)
        try zoo.makeModel("two/net", readme)
        try zoo.makeModel("two/alone", readme)
        let daemon = try await RunningDaemon.start(in: zoo)

        // Which of the two was looked at first must not matter.
        for id in ["one:net", "two:net", "alone"] {
            _ = try await daemon.waitForModel(id, "names itself in its hint") { $0.hint == "zooctl fetch \(id)" }
        }
        let plan = try await daemon.zooctl("plan", "one:net")
        #expect(plan.standardOutput.contains("zooctl fetch one:net"), "\(plan)")

        // What a failure leaves behind as a hint, too.
        let fetch = try await daemon.zooctl("fetch", "one:net")
        #expect(fetch.status == 7, "\(fetch)")
        let failed = try await daemon.waitForModel("one:net", "has failed") { $0.binaries.first?.state == .mismatch }
        #expect(failed.hint?.hasSuffix("then: zooctl fetch one:net") == true, "\(failed)")

        // A namesake that comes later, and goes again.
        try zoo.makeModel("one/alone", readme)
        _ = try await daemon.waitForModel("two:alone", "is no longer called by its path") { $0.hint == "zooctl fetch two:alone" }
        try await zoo.shell("rm -r one/alone")
        _ = try await daemon.waitForModel("alone", "is called by its path") { $0.hint == "zooctl fetch alone" }
        await files.stop()
    }
}
