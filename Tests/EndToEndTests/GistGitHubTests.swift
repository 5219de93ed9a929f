import Foundation
import Testing
import ZooTestSupport

/// Publishing to GitHub.
struct GistGitHubTests {
    @Test func `a new model is one POST and one PATCH, and the token is in those requests and nowhere else`() async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let status = try await daemon.waitUntilInSync()
            try await daemon.lookAgain()
            try scene.zoo.write(try #require(try scene.zoo.bytes(of: "tiny/readme.md")), to: "tiny/readme.md")
            try await daemon.lookAgain(times: 1)

            #expect(scene.writeCounts == ["POST": 1, "PATCH": 1])
            let gist = try #require(scene.github.gists().first)
            #expect(scene.github.gists().count == 1 && gist.id == status.gist.id?.description && !gist.isPublic)
            #expect(gist.revisions.count == 2)
            #expect(try gist.files["readme.md"] == scene.zoo.bytes(of: "tiny/readme.md"))
            #expect(gist.description?.wholeMatch(of: /Tiny model \[zood:[0-9a-f]{12}\]/) != nil)

            for request in scene.github.requests.all {
                let mentions = request.headers.filter { $0.value.contains(GistGitHubScene.token) }
                #expect(mentions.map { $0.name.lowercased() } == ["authorization"])
                #expect(!request.target.contains(GistGitHubScene.token) && !request.text.contains(GistGitHubScene.token))
            }
            #expect(!scene.github.rawRequests.mentions(GistGitHubScene.token))
            _ = try await daemon.terminate()
            #expect(!daemon.log.contains(GistGitHubScene.token) && !String(describing: status).contains(GistGitHubScene.token))
            // Searched byte by byte, compressed git objects aside: only the token file itself may hold it.
            let found = try await ProgramRun.run("grep", ["-rlaF", GistGitHubScene.token, scene.zoo.directory.string])
            #expect(found.standardOutput == scene.tokenPath + "\n")
        }
    }

    @Test(arguments: [Fault.hangUpAfterHandling, .hangUp(atBodyByte: 10)])
    func `when the answer to the POST is lost, the gist it made is found by its mark and adopted`(fault: Fault) async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            scene.github.inject(fault, on: .post)
            // Another one of the same account, with a mark that is not this intent's.
            _ = scene.github.addGist(owner: "octo", description: "Tiny model [zood:000000000000]", texts: ["readme.md": "other"])
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try await daemon.waitUntilInSync().gist.id?.description
            #expect(scene.writeCounts == ["POST": 1, "PATCH": 1])
            #expect(scene.github.gists().count == 2)
            #expect(id.flatMap(scene.github.gist)?.revisions.count == 2)
            #expect(try await daemon.gistEvents().map(\.kind) == ["gist-adopted", "readme-edited", "gist-updated"])
        }
    }

    @Test func `what somebody else wrote to the gist is not written over: the state is conflict`() async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            scene.github.push("theirs\n", as: "readme.md", to: id)
            try scene.edit("tiny")
            let model = try await daemon.waitForModel("tiny", "is in conflict") { $0.gist.state == .conflict }
            #expect(model.state == .attention && model.note?.contains("somebody else") == true && model.hint != nil)
            // Not by another edit nor by asking for it either.
            try scene.edit("tiny", "Still more.")
            #expect(try await daemon.zooctl("publish", "tiny").status == 8)
            #expect(scene.github.gist(id)?.text("readme.md") == "theirs\n" && scene.writeCounts["PATCH"] == 1)
        }
    }
}
