import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// `zooctl forget`: what is known of a model whose directory is gone, and nothing else.
struct GistForgetTests {
    @Test func `of a vanished model all that is known is dropped, its gist is left alone and followed no more`() async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            try scene.makeModel("other", name: "Other")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let gist = try #require(try await daemon.waitUntilInSync().gist.id).description
            try await daemon.waitUntilInSync("other")
            let kept = try #require(try scene.zoo.text(of: "tiny/readme.md"))
            try scene.zoo.remove("tiny")
            let told = try await daemon.waitForModel("tiny", "is gone") { $0.note?.contains("the directory is gone") == true }
            #expect(told.gist.state == .held && told.state == .attention)
            let (requests, content) = (scene.github.requests.count, scene.github.gist(gist)?.files)

            let forgotten = try await daemon.zooctl("forget", "tiny", "--json")
            #expect(forgotten.status == 0, "\(forgotten)")
            let report = try ControlCoding.decode(ForgetReport.self, from: Array(forgotten.standardOutput.utf8))
            #expect(report.model == "tiny" && report.gist?.description == gist)
            try await eventually("it is listed no more") { try await daemon.model("tiny") == nil }
            #expect(try await daemon.zooctl("log", "--json", "--limit", "100").standardOutput.contains("tiny") == false)
            #expect(scene.github.requests.count == requests && scene.github.gist(gist)?.files == content)
            let events = try await daemon.zooctl("events", "--since", "0", "--json").standardOutput.split(separator: "\n")
                .compactMap { try? ControlCoding.decode(EventRecord.self, from: Array($0.utf8)) }
            let event = try #require(events.first { $0.kind == "model-forgotten" })
            #expect(event.details["gist"] == gist && event.uid == geteuid())
            #expect(events.contains { $0.kind == "request" && $0.details["verb"] == "forget" && $0.details["status"] == "200" })

            // What others change in it is nobody's here, also after a restart.
            scene.github.push(kept + "Theirs.\n", as: "readme.md", to: gist, by: "ann")
            _ = try await daemon.terminate()
            let restarted = try await RunningDaemon.start(in: scene.zoo)
            try await restarted.lookAgain()
            #expect(try await restarted.model("tiny") == nil)
            #expect(try await restarted.zooctl("forget", "tiny").status == 4)
            #expect(!scene.github.requests.all.dropFirst(requests).contains { $0.path.contains(gist) })
            // The directory comes back with its line: a first contact, by which it gets what was changed meanwhile.
            try scene.zoo.write(TemporaryZoo.prototxt, to: "tiny/deploy.prototxt")
            try scene.zoo.write(kept, to: "tiny/readme.md")
            #expect(try await restarted.waitUntilInSync().gist.id?.description == gist)
            #expect(try scene.zoo.text(of: "tiny/readme.md") == kept + "Theirs.\n" && scene.github.gists().count == 2)
        }
    }

    @Test func `a model that is there is not forgotten, and of one that never was there is nothing to forget`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        let gist = try await daemon.waitUntilInSync().gist.id
        let refused = try await daemon.zooctl("forget", "tiny")
        #expect(refused.status == 8 && refused.standardError.contains("is there, so what is known of it is kept"), "\(refused)")
        #expect(refused.standardError.contains("zooctl unpublish tiny"))
        #expect(try await daemon.zooctl("forget", "nothing").status == 4)
        try await daemon.lookAgain()
        #expect(try await daemon.waitUntilInSync().gist.id == gist)
        #expect(try await daemon.events(of: "model-forgotten").isEmpty)
    }

    @Test func `what is under way for a vanished model ends when it is forgotten, and remembers nothing`() async throws {
        let bench = try await BinaryBench()
        bench.host.limit(bytesPerSecond: 256 << 10)
        try bench.makeModel(serving: .generated(seed: 81, byteCount: 8 << 20))
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.fetching)
        let job = try await daemon.zooctl("fetch", "tiny", "--no-wait").standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
        try await eventually("some of it is there") { (bench.stagedByteCount ?? 0) > 100_000 }
        try await bench.zoo.shell("mv tiny ../tiny.away")
        try await eventually("the job is over") { try await daemon.client.send(.job(job)).state == .failed }
        let report = try await daemon.client.send(.job(job))
        #expect(report.error?.code == .noSuchModel, "\(report)")
        // Nothing but a download that is under way is known of it: that is forgotten, too.
        let forgotten = try await daemon.zooctl("forget", "tiny")
        #expect([0, 4].contains(forgotten.status), "\(forgotten)")
        try await eventually("it is listed no more") { try await daemon.model("tiny") == nil }
        _ = try await daemon.terminate()
        let restarted = try await RunningDaemon.start(in: bench.zoo)
        #expect(try await restarted.model("tiny") == nil)
    }
}
