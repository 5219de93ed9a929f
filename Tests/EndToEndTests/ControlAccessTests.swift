import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

struct ControlAccessTests {
    private let stranger = ProcessIdentity(uid: 4712)

    @Test func `others read, root and operators change things, and each changing call is kept with its uid`() async throws {
        let zoo = try TemporaryZoo()
        // A group that every Debian has, whose number is the same everywhere.
        try zoo.configure(["control": "{ roles: { operator: [staff] } }"])
        try zoo.makeModel("guarded")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("guarded", "is looked at") { $0.state != .busy }

        #expect(try await daemon.zooctl("status", identity: stranger).status == 0)
        #expect(try await daemon.zooctl("show", "guarded", identity: stranger).status == 0)
        for arguments in [
            ["sync"], ["sync", "guarded"], ["pull", "guarded"], ["publish", "guarded"], ["fetch", "guarded"], ["verify", "guarded"],
            ["add", "034c6ac3865563b69e60"], ["unpublish", "guarded", "--yes"], ["reload"],
        ] {
            let refused = try await ProgramRun.run(
                BuildProducts.path(of: "zooctl"), arguments, environment: ["ZOOD_SOCKET": zoo.socket.string], identity: stranger)
            #expect(refused.status == 6, "\(arguments)")
            let role = arguments[0] == "reload" ? "operator (group staff)" : "member (group models)"
            #expect(refused.standardError.contains("\(role); you are uid 4712"), "\(refused.standardError)")
        }
        let raw = try await ProgramRun.run(
            "curl",
            ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", zoo.socket.string, "-X", "POST", "http://zood/v1/sync"],
            identity: stranger)
        #expect(raw.standardOutput == "403")
        #expect(try await daemon.model("guarded")?.gist.state == .unpublished)

        let operating = ProcessIdentity(uid: 4713, groups: [50])
        #expect(try await daemon.zooctl("publish", "guarded", identity: operating).status == 0)
        #expect(try await daemon.zooctl("sync").status == 0)
        let events = try await daemon.zooctl("events", "--since", "0", "--json")
        let records = events.standardOutput.split(separator: "\n").compactMap {
            try? ControlCoding.decode(EventRecord.self, from: Array($0.utf8))
        }
        let requests = records.filter { $0.kind == "request" }
        let refusals = requests.filter { $0.uid == 4712 }
        #expect(refusals.count == 10 && refusals.allSatisfy { $0.details["error"] == "not-permitted" && $0.details["status"] == "403" })
        let publish = requests.filter { $0.uid == 4713 }
        #expect(publish.count == 1 && publish.allSatisfy { $0.details["verb"] == "publish" && $0.model == "guarded" })
        #expect(requests.contains { $0.uid == 0 && $0.details["verb"] == "sync" && $0.details["error"] == nil })
        #expect(records.map(\.seq) == (0..<records.count).map { Int64($0 + 1) }, "no number is left out")
    }

    @Test func `the daemon's own user changes things, and root does too`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel("owned")
        let own = ProcessIdentity(uid: 4711)
        try await zoo.give(to: own)
        let daemon = try await RunningDaemon.start(in: zoo, identity: own)
        #expect(try await daemon.zooctl("sync", identity: own).status == 0)
        #expect(try await daemon.zooctl("sync").status == 0)
        #expect(try await daemon.zooctl("sync", identity: stranger).status == 6)
    }

    @Test func `status --check ends like a monitoring plugin, and without a daemon zooctl says how to start one`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ create: automatic }"])
        try zoo.makeModel("healthy")
        let running = try await RunningDaemon.start(in: zoo)
        try await running.waitForSync("healthy")
        let ok = try await running.zooctl("status", "--check")
        #expect(ok.status == 0 && ok.standardOutput.hasPrefix("ZOOD OK - 1 model"), "\(ok.standardOutput)")

        try zoo.write("---\nname: never closed\n", to: "broken/readme.md")
        try zoo.write(TemporaryZoo.prototxt, to: "broken/deploy.prototxt")
        try await running.waitForModel("broken", "needs a person") { $0.state == .attention }
        let warning = try await running.zooctl("status", "--check")
        #expect(warning.status == 1 && warning.standardOutput.hasPrefix("ZOOD WARNING"), "\(warning.standardOutput)")

        let files = try await LoopbackFileHost.start()
        let sha1 = ContentDigests(of: [1, 2, 3]).sha1
        try zoo.makeModel("lost", ReadmeText(url: files.url("nowhere.caffemodel"), sha1: sha1))
        try await running.waitForModel("lost", "has failed") { $0.state == .failed }
        let critical = try await running.zooctl("status", "--check")
        #expect(critical.status == 2 && critical.standardOutput.hasPrefix("ZOOD CRITICAL"), "\(critical.standardOutput)")
        await files.stop()

        _ = try await running.terminate()
        let unknown = try await running.zooctl("status", "--check")
        #expect(unknown.status == 3 && unknown.standardOutput.hasPrefix("ZOOD UNKNOWN"), "\(unknown.standardOutput)")
        let gone = try await running.zooctl("status")
        #expect(gone.status == 5)
        #expect(
            gone.standardError.contains(zoo.socket.string) && gone.standardError.contains("hint: start it with: zood "),
            "\(gone.standardError)")
    }

    @Test func `an unknown route, model or method is told from the others, with a way on`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel("only")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("only", "is looked at") { $0.state != .busy }
        func refusal(_ method: String, _ target: String) async throws -> (Int, ControlError) {
            let answer = try await daemon.client.exchange(method, target, deadline: .seconds(10))
            return (answer.status, try ControlCoding.decode(ErrorEnvelope.self, from: answer.body).error)
        }
        let route = try await refusal("GET", "/v1/nowhere")
        #expect(route.0 == 404 && route.1.code == .noSuchRoute)
        let method = try await refusal("DELETE", "/v1/status")
        #expect(method.0 == 405 && method.1.code == .methodNotAllowed)
        let model = try await refusal("POST", "/v1/models/onyl/sync")
        #expect(model.0 == 404 && model.1.code == .noSuchModel && model.1.hint?.contains("only") == true)
        let job = try await refusal("GET", "/v1/jobs/99")
        #expect(job.0 == 404 && job.1.code == .noSuchJob)
        #expect(try await daemon.zooctl("sync", "onyl").status == 4)
    }
}
