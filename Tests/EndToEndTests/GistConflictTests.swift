import Foundation
import Testing
import ZooTestSupport

/// What both sides of a gist changed: told, shown, and ended by a person.
struct GistConflictTests {
    /// The rules of a conflict, on whichever host.
    private func conflicts(
        _ daemon: RunningDaemon, _ zoo: TemporaryZoo, push: (String) async throws -> Void, remote: () async throws -> [UInt8]?
    ) async throws {
        let before = try #require(try zoo.text(of: "tiny/readme.md"))
        let (theirs, ours) = (before + "Theirs.\n", before + "Ours.\n")
        for (side, expected) in [("remote", theirs), ("merged", ours), ("local", ours)] {
            try await push(theirs)
            try zoo.write(ours, to: "tiny/readme.md")
            let model = try await daemon.waitForModel("tiny", "is in conflict", within: .seconds(30)) { $0.gist.state == .conflict }
            #expect(model.state == .attention && model.hint?.contains("zooctl resolve tiny --keep") == true)
            let diff = try await daemon.zooctl("diff", "tiny")
            #expect(diff.status == 0 && diff.standardOutput.contains("+Theirs.\n") && diff.standardOutput.contains("+Ours.\n"))
            for command in ["publish", "pull"] { #expect(try await daemon.zooctl(command, "tiny").status == 8) }
            let oldest = try #require(try await daemon.client.send(.log("tiny", limit: 100)).versions.last).number
            let rolledBack = try await daemon.zooctl("rollback", "tiny", String(oldest))
            #expect(rolledBack.status == 8 && rolledBack.standardError.contains("the same lines"), "\(rolledBack)")
            let preview = try await daemon.zooctl("publish", "tiny", "--dry-run")
            #expect(preview.status == 8 && preview.standardOutput.contains("changed the same lines"), "\(preview)")
            #expect(try await daemon.zooctl("plan", "tiny").standardOutput.contains("zooctl publish tiny") == false)
            #expect(try zoo.text(of: "tiny/readme.md") == ours)
            #expect(try await remote() == Array(theirs.utf8))

            let resolved = try await daemon.zooctl("resolve", "tiny", "--keep", side)
            #expect(resolved.status == 0, "\(resolved.standardError)")
            try await daemon.waitUntilInSync()
            #expect(try zoo.text(of: "tiny/readme.md") == expected)
            #expect(try await remote() == Array(expected.utf8))

            // Back to the beginning.
            try zoo.write(before, to: "tiny/readme.md")
            try await eventually("it is sent", within: .seconds(30)) { try await remote() == Array(before.utf8) }
            try await daemon.waitUntilInSync()
        }
        #expect(try await daemon.zooctl("resolve", "tiny", "--keep", "local").status == 0, "there is none any more")
        #expect(try await daemon.gistEvents().count { $0.kind == "gist-conflict" } == 3)
    }

    @Test func `a conflict with a local gist is told and shown, and ends as a person decides`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ host: local, create: automatic, poll: 7d }"])
        try zoo.makeModel("tiny")
        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync().gist.id).description
        try await conflicts(
            daemon, zoo, push: { try await zoo.localGists.push(["readme.md": $0], to: id) },
            remote: { try await zoo.localGists.bytes(of: "readme.md", in: id) })
    }

    @Test func `a conflict with a gist on GitHub is told and shown, and ends as a person decides`() async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            try await conflicts(
                daemon, scene.zoo, push: { scene.github.push($0, as: "readme.md", to: id, by: "ann") },
                remote: { scene.github.gist(id)?.files["readme.md"] })
        }
    }

    @Test func `what came for a file that zood may not write into waits, with what helps`() async throws {
        try await GistGitHubScene.with { scene in
            let daemonUser = ProcessIdentity(uid: 4711)
            try scene.makeModel("tiny")
            try await scene.zoo.give(to: daemonUser)
            let daemon = try await RunningDaemon.start(in: scene.zoo, identity: daemonUser)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            let readme = scene.zoo.path("tiny/readme.md").string
            let before = try #require(try scene.zoo.text(of: "tiny/readme.md"))
            try await ProgramRun.succeed("chown", ["4712", readme])
            scene.github.push(
                [
                    "readme.md": Array((before + "Theirs.\n").utf8), "new.prototxt": Array("name: \"new\"\n".utf8),
                ], to: id, by: "ann")
            let pull = try await daemon.zooctl("pull", "tiny")
            #expect(pull.status == 8 && pull.standardError.contains("belongs to uid 4712"), "\(pull.standardError)")
            #expect(pull.standardError.contains("hint: "))
            #expect(try scene.zoo.text(of: "tiny/readme.md") == before)
            #expect(try scene.zoo.names(in: "tiny") == ["readme.md", "deploy.prototxt"], "all of it or nothing")
            let resolved = try await daemon.zooctl("resolve", "tiny", "--keep", "remote")
            #expect(resolved.status == 8 && resolved.standardError.contains("belongs to uid 4712"), "\(resolved.standardError)")

            try await ProgramRun.succeed("chown", ["4711", readme])
            #expect(try await daemon.zooctl("pull", "tiny").status == 0)
            #expect(try scene.zoo.text(of: "tiny/readme.md") == before + "Theirs.\n")
            #expect(try scene.zoo.names(in: "tiny") == ["readme.md", "deploy.prototxt", "new.prototxt"])
        }
    }
}
