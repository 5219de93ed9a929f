import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// The real zooctl against the real zood: what scripts rely on.
@Suite struct CommandLineTests {
    private let zoo: TemporaryZoo

    init() throws { zoo = try TemporaryZoo() }

    /// A model for each way in which a command can end.
    private func makeModels(_ host: LoopbackFileHost) throws {
        let content = FileContent.generated(seed: 1, byteCount: 30_000)
        let right = host.serve(content, at: "right.caffemodel")
        let wrong = host.serve(FileContent.generated(seed: 2, byteCount: 30_000), at: "wrong.caffemodel")
        let (sha1, network) = (try content.digests().sha1, ["deploy.prototxt": TemporaryZoo.prototxt])
        try zoo.makeModel("vision/good", ReadmeText(url: right, sha1: sha1), files: network)
        // Each has a checksum of its own, since what is here already would be copied.
        let others = try (3...4).map { try FileContent.generated(seed: $0, byteCount: 30_000).digests().sha1 }
        try zoo.makeModel("wrong", ReadmeText(url: wrong, sha1: others[0]), files: network)
        try zoo.makeModel("unreachable", ReadmeText(url: "http://127.0.0.1:1/gone.caffemodel", sha1: others[1]), files: network)
        try zoo.makeModel("abroad", ReadmeText(gistID: GistID(bare: "034c6ac3865563b69e60")), files: network)
        var broken = ReadmeText(url: right)
        broken["sha1"] = "0123456789"
        try zoo.makeModel("broken", broken, files: network)
    }

    @Test func `the exit code says what became of it`() async throws {
        let host = try await LoopbackFileHost.start()
        try makeModels(host)
        let daemon = try await RunningDaemon.start(in: zoo)
        let expected: [(code: Int32, arguments: [String])] = [
            (0, ["fetch", "vision/good"]), (0, ["wait", "vision/good", "--timeout", "30s"]), (0, ["sync"]),
            (0, ["publish", "vision/good"]), (0, ["verify", "vision/good"]), (0, ["plan"]),
            (2, ["publish", "vision/good", "--public", "--secret"]), (2, ["frobnicate"]), (2, ["fetch"]),
            (4, ["show", "vision/god"]), (4, ["cancel", "4711"]),
            (7, ["fetch", "wrong"]), (10, ["fetch", "unreachable"]),
            (8, ["publish", "abroad"]), (8, ["publish", "abroad", "--dry-run"]),
            (11, ["wait", "wrong", "--timeout", "1s"]),
            (12, ["publish", "broken"]), (12, ["lint", zoo.path("broken").string]),
        ]
        for (code, arguments) in expected {
            let result = try await daemon.zooctl(arguments)
            #expect(result.status == code, "zooctl \(arguments): \(result.standardOutput)\(result.standardError)")
            // stdout is data: what went wrong stands elsewhere, with the way out.
            if code != 0, arguments[0] != "lint" { #expect(!result.standardError.isEmpty || arguments.contains("--dry-run")) }
        }
        let stranger = try await daemon.zooctl("sync", identity: ProcessIdentity(uid: 4713))
        #expect(stranger.status == 6)
        #expect(stranger.standardError.contains("needs the role"))
        #expect(try await daemon.zooctl("status", identity: ProcessIdentity(uid: 4713)).status == 0)
        #expect(try await daemon.zooctl("status", "--check").status == 2)
        _ = try await daemon.terminate()
        #expect(try await daemon.zooctl("status").status == 5)
        await host.stop()
    }

    @Test func `every answer is one JSON document with its schema when JSON is asked for`() async throws {
        let host = try await LoopbackFileHost.start()
        try makeModels(host)
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("vision/good", "is ok") { $0.state == .ok }
        let expected: [(schema: String, arguments: [String])] = [
            ("zood.status/1", ["status"]), ("zood.status/1", ["status", "-x"]), ("zood.check/1", ["status", "--check"]),
            ("zood.model/1", ["show", "vision/good"]), ("zood.plan/1", ["plan"]), ("zood.plan/1", ["plan", "vision/good"]),
            ("zood.jobs/1", ["sync"]), ("zood.publish/1", ["publish", "vision/good", "--dry-run"]),
            ("zood.publish/1", ["publish", "vision/good"]), ("zood.jobs/1", ["fetch", "vision/good"]),
            ("zood.jobs/1", ["verify", "vision/good", "--no-wait"]), ("zood.set/1", ["fetch", "vision/good", "--pin"]),
            ("zood.jobs/1", ["jobs"]), ("zood.job/1", ["api", "GET", "/v1/jobs/1"]), ("zood.model/1", ["wait", "vision/good"]),
            ("zood.lint/1", ["lint", zoo.path("vision/good").string]), ("zood.set/1", ["set", zoo.path("broken").string, "name=b"]),
            ("zood.reload/1", ["reload"]), ("zood.version/1", ["version"]),
        ]
        for (schema, arguments) in expected {
            let result = try await daemon.zooctl(arguments + (arguments[0] == "api" ? [] : ["--json"]))
            #expect(try Self.schema(result.standardOutputBytes) == schema, "zooctl \(arguments): \(result.standardError)")
        }
        for line in try await daemon.zooctl("events", "--json").standardOutput.split(separator: "\n") {
            #expect(try Self.schema(Array(line.utf8)) == "zood.event/1")
        }
        let refused = try await daemon.zooctl("show", "vision/god", "--json")
        let envelope = try JSONDecoder().decode(ErrorEnvelope.self, from: Data(refused.standardErrorBytes))
        #expect(envelope.error.code == .noSuchModel && refused.standardOutput.isEmpty)
        await host.stop()
    }

    private static func schema(_ bytes: [UInt8]) throws -> String? {
        (try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])?["schema"] as? String
    }

    @Test func `a word that is nearly right is answered with the right one`() async throws {
        try zoo.makeModel("vision/alexnet")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("vision/alexnet", "is there") { _ in true }
        for word in ["vision/alexnte", "alexnet"] {
            #expect(try await daemon.zooctl("show", word).standardError.contains("did you mean vision/alexnet?"))
        }
        #expect(try await daemon.zooctl("statsu").standardError.contains("did you mean 'zooctl status'?"))
        #expect(try await daemon.zooctl("status", "--jsno").standardError.contains("'--json'"))
        try zoo.configure(["gists": "{ creat: automatic }"])
        let refused = try await daemon.zooctl("reload")
        #expect(refused.status == 1 && refused.standardError.contains("create"), "\(refused.standardError)")
    }

    @Test func `a model is named by its directory too`() async throws {
        try zoo.makeModel("vision/alexnet")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("vision/alexnet", "is there") { _ in true }
        for name in ["./vision/alexnet", zoo.path("vision/alexnet").string, "zoo:vision/alexnet"] {
            let shown = try await daemon.zooctl("show", name)
            #expect(shown.status == 0 && shown.standardOutput.contains("vision/alexnet"), "\(name): \(shown.standardError)")
        }
    }
}
