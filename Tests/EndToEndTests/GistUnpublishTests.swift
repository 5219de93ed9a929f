import Foundation
import Testing
import ZooTestSupport

/// `zooctl unpublish`: the only thing that deletes a gist.
struct GistUnpublishTests {
    static let points = ["gist.before-delete", "localgist.deleted", "gist.deleted", "gist.delete-recorded"]

    @Test(arguments: points)
    func `killed at any point, a deleted gist is gone, its id is out of the readme and it is not published again by itself`(point: String)
        async throws
    {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        var readme = ReadmeText()
        readme.lineEnd = "\r\n"
        readme.body = "Trailing blanks  \n\n\tand no line end"
        try zoo.makeModel("tiny", readme, files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let doomed = try await RunningDaemon.start(in: zoo, crashAt: point)
        let gist = try #require(try await doomed.waitUntilInSync().gist.id).description
        _ = try await doomed.zooctl("unpublish", "tiny", "--yes", "--no-wait")
        #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")

        let daemon = try await RunningDaemon.start(in: zoo)
        try await eventually("the id leaves the readme") { try zoo.text(of: "tiny/readme.md") == readme.text }
        try await daemon.waitForModel("tiny", "is unpublished") { $0.gist.state == .unpublished }
        try await eventually("the job is over") { try await daemon.client.send(.jobs).jobs.allSatisfy { $0.state.isFinal } }
        #expect(try await daemon.client.send(.jobs).jobs.first { $0.kind == .unpublish }?.state == .done)
        try await daemon.lookAgain()
        #expect(try zoo.localGists.ids.isEmpty && zoo.text(of: "tiny/readme.md") == readme.text)
        #expect(try await daemon.events(of: "gist-deleted").map { $0.details["gist"] } == [gist])

        #expect(try await daemon.zooctl("publish", "tiny").status == 0)
        let ids = try zoo.localGists.ids
        #expect(ids.count == 1 && ids != [gist])
    }

    @Test func `a gist on GitHub is deleted by one request, only when a person says yes`() async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let gist = try #require(try await daemon.waitUntilInSync().gist.id).description
            let unasked = try await daemon.zooctl("unpublish", "tiny")
            #expect(unasked.status == 2 && unasked.standardError.contains("--yes"))
            #expect(scene.github.gist(gist) != nil)

            let zooctl = try BuildProducts.path(of: "zooctl")
            for (answer, isDeleted) in [("no", false), ("yes", true)] {
                let command = "\(zooctl) --help >/dev/null; ZOOD_SOCKET=\(scene.zoo.socket) \(zooctl) unpublish tiny"
                let asked = try await ProgramRun.run(
                    "sh", ["-c", "echo \(answer) | script --quiet --return --command '\(command)' /dev/null"], limit: .seconds(60))
                #expect(asked.standardOutput.contains("Delete gist \(gist) (secret, 2 files, 2 revisions)?"), "\(asked.standardOutput)")
                #expect((asked.status == 0) == isDeleted && (scene.github.gist(gist) == nil) == isDeleted)
            }
            #expect(scene.writeCounts["DELETE"] == 1)
            #expect(try await daemon.zooctl("unpublish", "tiny", "--yes").status == 8)
            try await daemon.lookAgain()
            #expect(scene.github.gists().isEmpty && scene.writeCounts["DELETE"] == 1)
        }
    }

    @Test func `the gist of somebody else is never deleted`() async throws {
        try await GistGitHubScene.with { scene in
            scene.github.addAccount(login: "bair", token: "ghp_" + String(repeating: "zZ9yY8xX7", count: 4), scopes: ["gist"])
            let gist = scene.github.addGist(owner: "bair", texts: ["readme.md": ReadmeText().text, "a.prototxt": TemporaryZoo.prototxt])
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            #expect(try await daemon.zooctl("add", gist).status == 0)
            let refused = try await daemon.zooctl("unpublish", "tiny_model", "--yes")
            #expect(refused.status == 8 && refused.standardError.contains("bair"))
            #expect(scene.github.gist(gist) != nil && scene.writeCounts.isEmpty)
        }
    }

    @Test func `a gist that GitHub only says not to have when it is to be deleted is not called deleted`() async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            scene.github.inject(
                .status(404, headers: [("content-type", "application/json")], body: #"{"message":"Not Found"}"#), on: .delete)
            #expect(try await daemon.zooctl("unpublish", "tiny", "--yes").status != 0)
            #expect(scene.github.gist(id) != nil)
            #expect(try await daemon.model("tiny")?.gist.id?.description == id)
            #expect(try scene.zoo.text(of: "tiny/readme.md")?.contains("gist_id: \(id)") == true)
            #expect(try await daemon.zooctl("unpublish", "tiny", "--yes").status == 0)
            #expect(scene.github.gist(id) == nil)
        }
    }
}

/// `zooctl cancel` of what goes to the gist host.
struct GistCancelTests {
    @Test func `what waits for its turn at the host is not sent once it is cancelled, and what was sent cannot be cancelled`() async throws
    {
        try await GistGitHubScene.with(create: "manual") { scene in
            for id in ["first", "second", "kept", "new"] { try scene.makeModel(id, name: "Net \(id)") }
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            #expect(try await daemon.zooctl("publish", "kept").status == 0)
            let kept = try #require(try await daemon.waitUntilInSync("kept").gist.id).description
            func start(_ arguments: String...) async throws -> String {
                try await daemon.zooctl(arguments + ["--no-wait"]).standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
            }
            scene.github.inject(.delay(.seconds(12)), on: .post)
            let first = try await start("publish", "first")
            try await eventually("the first is on its way") { scene.writeCounts["POST"] == 2 }
            let jobs = [try await start("publish", "second"), try await start("unpublish", "kept", "--yes")]
            for job in jobs {
                let cancelled = try await daemon.zooctl("cancel", job)
                #expect(cancelled.status == 0 && cancelled.standardOutput.contains("cancelled"), "\(cancelled)")
            }
            let sent = try await daemon.client.send(.job(first))
            #expect(sent.state == .running && !sent.mayCancel)
            let refused = try await daemon.zooctl("cancel", first)
            #expect(refused.status == 8 && refused.standardError.contains("cannot be cancelled any more"), "\(refused)")

            try await daemon.waitUntilInSync("first")
            try await daemon.waitForModel("second", "is unpublished") { $0.gist.state == .unpublished && $0.state == .ok }
            try await daemon.waitUntilInSync("kept")
            try await daemon.lookAgain()
            #expect(scene.github.gists().count == 2 && scene.github.gist(kept) != nil)
            #expect(scene.writeCounts["DELETE"] == nil && scene.writeCounts["POST"] == 2)
            // Nothing is left of it that a later wish would stumble over.
            #expect(try await daemon.zooctl("publish", "second", "--public").status == 0)
            #expect(try await daemon.zooctl("unpublish", "kept", "--yes").status == 0)
            #expect(scene.github.gist(kept) == nil && scene.github.gists().count == 2)
        }
    }

    @Test func `who finds a gist is shown, and is not changed by publishing it again`() async throws {
        try await GistGitHubScene.with(create: "manual") { scene in
            for (id, option) in [("open", "--public"), ("closed", "--secret")] {
                try scene.makeModel(id, name: "Net \(id)")
                let other = option == "--public" ? "--secret" : "--public"
                let daemon = try await RunningDaemon.start(in: scene.zoo)
                #expect(try await daemon.zooctl("publish", id, option).status == 0)
                let word = option.dropFirst(2)
                #expect(try await daemon.zooctl("show", id).standardOutput.contains("Visibility:  \(word)\n"))
                for more in [[], ["--dry-run"]] {
                    let refused = try await daemon.zooctl(["publish", id, other] + more)
                    #expect(refused.status == 8 && refused.standardError.contains("is \(word), and that cannot be changed"), "\(refused)")
                }
                #expect(try await daemon.zooctl("publish", id, option).status == 0)
                #expect(try await daemon.zooctl("publish", id).status == 0)
                _ = try await daemon.terminate()
            }
        }
    }

    @Test func `where nothing is sent no gist is deleted`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ host: local, create: manual }"])
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        #expect(try await daemon.zooctl("publish", "tiny").status == 0)
        try zoo.configure(["gists": "{ host: local, create: manual, direction: pull }"])
        #expect(try await daemon.zooctl("reload").status == 0)
        let refused = try await daemon.zooctl("unpublish", "tiny", "--yes")
        #expect(refused.status == 8 && refused.standardError.contains("gists.direction is pull"), "\(refused)")
        #expect(refused.standardError.contains("is not deleted"))
        try await daemon.lookAgain()
        #expect(try zoo.localGists.ids.count == 1 && zoo.text(of: "tiny/readme.md")?.contains("gist_id: ") == true)
    }
}
