import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// `zooctl plan`: what would be done now, and what is left to people.
@Suite struct CommandLinePlanTests {
    private func plan(_ daemon: RunningDaemon, _ model: String) async throws -> ModelPlan {
        try #require(try await daemon.client.send(.plan(model)).models.first)
    }

    @Test func `the plan names the commands that would set more in motion, and what they would do`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        let host = try await LoopbackFileHost.start()
        let content = FileContent.generated(seed: 3, byteCount: 1000)
        let readme = ReadmeText(url: host.serve(content, at: "tiny.caffemodel"), sha1: try content.digests().sha1)
        try zoo.makeModel("my net", readme, files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("my net", "is there") { _ in true }

        let before = try await plan(daemon, "my net")
        #expect(before.choices.map(\.command) == ["zooctl fetch 'my net'", "zooctl publish 'my net'"])
        #expect(before.choices.first?.actions.map(\.action) == ["fetch tiny.caffemodel"])
        #expect(before.choices.last?.actions.map(\.action) == ["create a secret gist of 2 files"])
        #expect(host.requests.count == 0, "to plan is to ask nobody")

        #expect(try await daemon.zooctl("publish", "my net").status == 0)
        #expect(try await daemon.zooctl("fetch", "my net").status == 0)
        // What the two wrote is looked at once more.
        let after = try await eventually("the model comes to rest") {
            let plan = try await plan(daemon, "my net")
            return plan.actions.count == 1 ? plan : nil
        }
        #expect(after.choices.isEmpty && after.note == nil)
        // The only thing left is the next verification, with its date.
        #expect(after.actions.count == 1 && after.actions.allSatisfy { $0.notBefore.map { $0 > Date() } ?? false })
        let text = try await daemon.zooctl("plan", "my net").standardOutput
        #expect(text.contains("nothing to do now") && text.contains("tiny.caffemodel is to be read and checked again"), "\(text)")
        await host.stop()
    }

    @Test func `the plan says what automatic publication and a dry run are held up by`() async throws {
        let zoo = try TemporaryZoo()
        for number in 1...12 { try zoo.makeModel("m\(number)") }
        try zoo.configure(["gists": "{ create: automatic }"])
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("m1", "is held by the brake") { $0.gist.state == .held }
        let held = try await plan(daemon, "m1")
        #expect(held.actions.isEmpty && held.note?.contains("11 others") == true && held.hint?.contains("--all-held") == true)
        #expect(held.choices.first?.actions.first?.action == "create a secret gist of 1 file")

        try zoo.configure(["gists": "{ host: none }"])
        #expect(try await daemon.zooctl("reload").status == 0)
        try await daemon.waitForModel("m1", "is off") { $0.gist.state == .off }
        #expect(try await plan(daemon, "m1").choices.isEmpty)
        let dry = try await daemon.zooctl("publish", "m1", "--dry-run")
        #expect(dry.status == 8)
        #expect(dry.standardOutput.contains("would not go") && dry.standardOutput.contains("gists.host is none"), "\(dry.standardOutput)")
    }
}
