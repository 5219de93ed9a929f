import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// zood killed on the way of each thing that is done with a gist on GitHub, and started again: done once, whole, by few requests. Making
/// one is `GistCrashTests`' matter.
struct GistGitHubCrashTests {
    /// The first two requests are those of the first contact.
    static let pullPoints = [
        "api.sending:3", "api.answered:3", "pull.read", "files.kept", "files.written:2", "pull.recorded", "api.sending:4",
        "gist.before-update", "api.answered:5", "gist.updated",
    ]

    @Test(arguments: pullPoints)
    func `killed anywhere in a pull from GitHub, both sides are brought together once and sent once`(point: String) async throws {
        try await GistGitHubScene.with { scene in
            let (gist, before) = try scene.makeSyncedModel()
            let doomed = try await RunningDaemon.start(in: scene.zoo, crashAt: point)
            try await doomed.waitUntilInSync()
            let theirs = before.replacing("A model for tests.", with: "Theirs.\n\nA model for tests.")
            scene.github.push(
                ["readme.md": Array(theirs.utf8), "new.prototxt": Array("name: \"new\"\n".utf8)], to: gist, by: "ann")
            try scene.zoo.write(before + "\nOurs.\n", to: "tiny/readme.md")
            _ = try await doomed.zooctl("pull", "tiny")
            #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")

            let daemon = try await RunningDaemon.start(in: scene.zoo)
            try await daemon.waitForModel("tiny", "was looked at") { _ in true }
            #expect(try await daemon.zooctl("pull", "tiny").status == 0)
            try await daemon.waitUntilInSync()
            let merged = theirs + "\nOurs.\n"
            #expect(try scene.zoo.text(of: "tiny/readme.md") == merged)
            #expect(try scene.zoo.names(in: "tiny") == ["readme.md", "deploy.prototxt", "new.prototxt"])
            #expect(scene.github.gist(gist)?.text("readme.md") == merged)
            #expect(scene.github.gist(gist)?.revisions.count == 4, "two at first, theirs, the merged one")
            let kinds = try await daemon.gistEvents().map(\.kind)
            #expect(kinds.count { $0 == "gist-changed" } == 1 && kinds.count { $0 == "gist-pulled" } == 1, "\(kinds)")
            scene.expectFewRequests(writes: ["PATCH"])
        }
    }

    static let sides: [(side: String, points: [String])] = [
        ("remote", ["files.kept", "files.written", "pull.before-record", "pull.recorded"]),
        ("merged", ["files.written", "pull.recorded", "gist.before-update", "gist.updated"]),
        ("local", ["pull.before-record", "pull.recorded", "gist.before-update", "api.answered:5", "gist.update-recorded"]),
    ]

    @Test(arguments: sides.flatMap { side, points in points.map { (side, $0) } })
    func `killed anywhere in ending a conflict, it is ended as was asked`(side: String, point: String) async throws {
        try await GistGitHubScene.with { scene in
            let (gist, before) = try scene.makeSyncedModel()
            let doomed = try await RunningDaemon.start(in: scene.zoo, crashAt: point)
            try await doomed.waitUntilInSync()
            // In one line both differ; in another only theirs does.
            let theirs = before.replacing("BSD-2-Clause", with: "MIT") + "Theirs.\n"
            scene.github.push(theirs, as: "readme.md", to: gist, by: "ann")
            try scene.zoo.write(before + "Ours.\n", to: "tiny/readme.md")
            _ = try await doomed.zooctl("pull", "tiny")
            try await doomed.waitForModel("tiny", "is in conflict") { $0.gist.state == .conflict }
            _ = try await doomed.zooctl("resolve", "tiny", "--keep", side)
            #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")

            let daemon = try await RunningDaemon.start(in: scene.zoo)
            try await daemon.waitUntilInSync()
            try await eventually("the job is over") { try await daemon.client.send(.jobs).jobs.allSatisfy { $0.state.isFinal } }
            #expect(try await daemon.client.send(.jobs).jobs.first { $0.kind == .resolve }?.state == .done)
            let expected = [
                "remote": theirs, "local": before + "Ours.\n", "merged": before.replacing("BSD-2-Clause", with: "MIT") + "Ours.\n",
            ]
            #expect(try scene.zoo.text(of: "tiny/readme.md") == expected[side])
            #expect(scene.github.gist(gist)?.text("readme.md") == expected[side])
            #expect(scene.github.gist(gist)?.revisions.count == (side == "remote" ? 3 : 4))
            let kinds = try await daemon.gistEvents().map(\.kind)
            #expect(kinds.count { $0 == "gist-conflict" } == 1 && kinds.count { $0 == "gist-resolved" } == 1, "\(kinds)")
            scene.expectFewRequests(writes: side == "remote" ? [] : ["PATCH"])
        }
    }

    @Test(arguments: [
        "gist.before-delete", "api.sending:4", "api.answered:4", "gist.deleted", "gist.delete-recorded", "readme.before-edit",
    ])
    func `killed anywhere in an unpublish at GitHub, the gist is gone, said once, and its id has left the readme`(point: String)
        async throws
    {
        try await GistGitHubScene.with { scene in
            let (gist, before) = try scene.makeSyncedModel()
            let doomed = try await RunningDaemon.start(in: scene.zoo, crashAt: point)
            try await doomed.waitUntilInSync()
            _ = try await doomed.zooctl("unpublish", "tiny", "--yes")
            #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")

            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let without = before.replacing("gist_id: \(gist)\n", with: "")
            try await eventually("the id leaves the readme") { try scene.zoo.text(of: "tiny/readme.md") == without }
            try await daemon.waitForModel("tiny", "is unpublished") { $0.gist.state == .unpublished }
            try await eventually("the job is over") { try await daemon.client.send(.jobs).jobs.allSatisfy { $0.state.isFinal } }
            #expect(try await daemon.client.send(.jobs).jobs.first { $0.kind == .unpublish }?.state == .done)
            try await daemon.lookAgain(times: 1)
            #expect(scene.github.gists().isEmpty && scene.writeCounts["POST"] == nil)
            #expect(try await daemon.events(of: "gist-deleted").map { $0.details["gist"] } == [gist])
            scene.expectFewRequests(writes: ["DELETE"])
        }
    }

    static let addPoints = [
        "api.sending", "api.answered", "clone.fetched", "add.read", "add.written", "add.staged", "add.intended", "add.named",
        "add.recorded",
    ]

    @Test(arguments: addPoints)
    func `killed anywhere in adding a gist from GitHub, the model is whole under its name, once`(point: String) async throws {
        try await GistGitHubScene.with { scene in
            scene.github.change { $0.fileLimit = 2 }
            scene.github.addAccount(login: "bair", token: "ghp_" + String(repeating: "zZ9yY8xX7", count: 4), scopes: ["gist"])
            // More files than are listed: git has to bring them.
            let files = ["readme.md": ReadmeText().text, "a.prototxt": TemporaryZoo.prototxt, "b.prototxt": TemporaryZoo.prototxt]
            let gist = scene.github.addGist(owner: "bair", isPublic: true, texts: files)
            let doomed = try await RunningDaemon.start(in: scene.zoo, crashAt: point)
            #expect(try await doomed.zooctl("add", gist).status != 0)
            #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")

            let daemon = try await RunningDaemon.start(in: scene.zoo)
            // The gist is looked at before there is a job: then who asked was told that it did not work, and asks again.
            if try await daemon.client.send(.jobs).jobs.isEmpty {
                #expect(["api.sending", "api.answered", "clone.fetched", "add.read"].contains(point))
                #expect(try await daemon.zooctl("add", gist).status == 0)
            }
            try await daemon.waitForModel("tiny_model", "is followed", within: .seconds(30)) { $0.gist.state == .readOnly }
            try await eventually("the job is over") { try await daemon.client.send(.jobs).jobs.allSatisfy { $0.state.isFinal } }
            #expect(try await daemon.client.send(.jobs).jobs.first { $0.kind == .add }?.state == .done)
            #expect(try scene.zoo.names(in: "") == [".zood", "tiny_model"])
            #expect(try scene.zoo.names(in: ".zood/incoming").isEmpty)
            #expect(try scene.zoo.names(in: "tiny_model") == Set(files.keys))
            #expect(try scene.zoo.text(of: "tiny_model/readme.md") == files["readme.md"])
            #expect(try await daemon.events(of: "model-added").count == 1)
            scene.expectFewRequests(writes: [])
        }
    }

    @Test func `every crash point of adding and of fetching by git is among those that are tried`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var named: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            named.formUnion(text.matches(of: /CrashPoint\.reach\("((?:add|clone)\.[a-z-]+)"\)/).map { String($0.1) })
        }
        // Only after a second crash: GistAddTests.
        #expect(named.subtracting(["add.taken-back"]).isSubset(of: Self.addPoints) && !named.isEmpty)
    }
}

extension GistGitHubScene {
    /// A model that is the newest revision of a gist of our own, so that the first look finds it in sync.
    func makeSyncedModel(_ id: String = "tiny") throws -> (gist: String, readme: String) {
        let gist = github.addGist(owner: "octo", texts: ["readme.md": "to be\n", "deploy.prototxt": TemporaryZoo.prototxt])
        let readme = ReadmeText(gistID: GistID(bare: gist))
        github.push(readme.text, as: "readme.md", to: gist)
        try zoo.makeModel(id, readme, files: ["deploy.prototxt": TemporaryZoo.prototxt])
        return (gist, readme.text)
    }

    /// Two lives, one kill: each kind of writing twice at most, and no storm of reading.
    func expectFewRequests(writes: Set<String>) {
        #expect(writeCounts.keys.allSatisfy(writes.contains) && writeCounts.values.allSatisfy { $0 <= 2 }, "\(writeCounts)")
        #expect(github.requests.count <= 24, "\(github.requests.all.map { "\($0.method) \($0.target)" })")
    }
}
