import Foundation
import Testing
import ZooTestSupport

/// What somebody else changes in a gist arrives here, by itself or when asked for.
struct GistPollingTests {
    private func configure(_ scene: GistGitHubScene, poll: String) throws {
        try scene.zoo.configure([
            "gists":
                "{ host: github, create: automatic, poll: \(poll), api_url: '\(scene.github.apiURL)', token_file: \(scene.tokenPath) }"
        ])
    }

    @Test func `what somebody else changes arrives by itself; where nothing changes the host is asked for free and sent nothing`()
        async throws
    {
        try await GistGitHubScene.with { scene in
            try configure(scene, poll: "1s")
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            let prototxt = try scene.zoo.bytes(of: "tiny/deploy.prototxt")

            let theirs = try #require(scene.github.gist(id)?.text("readme.md")) + "Trained for a week.\n"
            scene.github.push(theirs, as: "readme.md", to: id, by: "ann")
            try await eventually("it arrives", within: .seconds(30)) { try scene.zoo.text(of: "tiny/readme.md") == theirs }
            try await daemon.waitUntilInSync()
            #expect(try scene.zoo.bytes(of: "tiny/deploy.prototxt") == prototxt)

            // Until the second of the change is surely over it is read once more; then only lists are asked for, and none of them counts.
            var used = scene.github.usedRequests(of: "octo")
            try await eventually("five polls in a row are free", within: .seconds(60)) {
                let (asked, counted) = (scene.github.requests.all.count, scene.github.usedRequests(of: "octo"))
                try await eventually("five polls", within: .seconds(30)) { scene.github.requests.all.count >= asked + 5 }
                defer { used = scene.github.usedRequests(of: "octo") }
                return counted == used && counted == scene.github.usedRequests(of: "octo")
            }
            #expect(scene.writeCounts == ["POST": 1, "PATCH": 1])
            #expect(try scene.zoo.text(of: "tiny/readme.md") == theirs)
        }
    }

    @Test func `while GitHub wants to be left alone not one request is sent, by polls and after a reload neither`() async throws {
        try await GistGitHubScene.with { scene in
            try configure(scene, poll: "1s")
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            try await daemon.waitUntilInSync()
            scene.github.inject(
                .status(429, headers: [("retry-after", "6")], body: "{\"message\":\"You have exceeded a secondary rate limit.\"}"))
            try await eventually("the host is limited", within: .seconds(30)) {
                try await daemon.zooctl("status").standardOutput.contains("takes no requests")
            }
            let asked = scene.github.requests.all.count
            let refusedAt = try #require(scene.github.requests.all.last).receivedAt
            #expect(try await daemon.zooctl("sync").status == 0)
            // Another pace is no other host.
            try configure(scene, poll: "2s")
            #expect(try await daemon.zooctl("reload").standardOutput.contains("gists"))
            #expect(try await daemon.zooctl("sync").status == 0)
            try await eventually("it is asked again", within: .seconds(30)) { scene.github.requests.all.count > asked }
            #expect(scene.github.requests.all[asked].receivedAt - refusedAt >= .seconds(5.9))
        }
    }

    @Test func `zooctl pull brings a change of a GitHub gist, byte for byte, says when there is none, and tells that a gist is gone`()
        async throws
    {
        try await GistGitHubScene.with { scene in
            try configure(scene, poll: "7d")
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            try await pulls(
                daemon, scene.zoo, change: { scene.github.push($0, as: "readme.md", to: id, by: "ann") },
                remove: { scene.github.deleteGist(id) })
            #expect(scene.writeCounts == ["POST": 1, "PATCH": 1])
        }
    }

    @Test func `zooctl pull does the same with a local gist`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ host: local, create: automatic, poll: 7d }"])
        try zoo.makeModel("tiny", ReadmeText(name: "Tiny model"), files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync().gist.id).description
        let repository = zoo.localGists.directory.appending("\(id).git").string
        try await pulls(
            daemon, zoo,
            change: { text in
                let copy = zoo.directory.appending("copy").string
                try await ProgramRun.succeed("git", ["clone", "-q", repository, copy])
                try Data(text.utf8).write(to: URL(filePath: copy + "/readme.md"))
                let person = ["-C", copy, "-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
                try await ProgramRun.succeed("git", person + ["commit", "-qam", "Tell how long"])
                try await ProgramRun.succeed("git", person + ["push", "-q"])
            },
            remove: { try FileManager.default.removeItem(atPath: repository) })
    }

    /// The rules of `pull`, on whichever host.
    private func pulls(
        _ daemon: RunningDaemon, _ zoo: TemporaryZoo, change: (String) async throws -> Void, remove: () async throws -> Void
    ) async throws {
        let (readme, prototxt) = (try #require(try zoo.text(of: "tiny/readme.md")), try zoo.bytes(of: "tiny/deploy.prototxt"))
        let nothing = try await daemon.zooctl("pull", "tiny")
        #expect(nothing.status == 0, "\(nothing.standardError)")
        #expect(try zoo.text(of: "tiny/readme.md") == readme)

        try await change(readme + "Trained for a week.\r\n")
        let pull = try await daemon.zooctl("pull", "tiny")
        #expect(pull.status == 0, "\(pull.standardError)")
        #expect(try zoo.text(of: "tiny/readme.md") == readme + "Trained for a week.\r\n")
        #expect(try zoo.bytes(of: "tiny/deploy.prototxt") == prototxt)

        try await remove()
        let gone = try await daemon.zooctl("pull", "tiny")
        #expect(gone.status == 8 && gone.standardError.contains("does not have the gist"), "\(gone.standardError)")
        #expect(try await daemon.model("tiny")?.gist.state == .gone)
        #expect(try zoo.text(of: "tiny/readme.md") == readme + "Trained for a week.\r\n")
    }
}
