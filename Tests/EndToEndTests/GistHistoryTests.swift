import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// Kept versions of model info: listed, compared, brought back.
@Suite struct GistHistoryTests {
    private func versions(_ daemon: RunningDaemon, _ arguments: String...) async throws -> [KeptVersion] {
        let result = try await daemon.zooctl(["log", "--json"] + arguments)
        #expect(result.status == 0, "\(result.standardError)")
        return try ControlCoding.decode(LogReport.self, from: Array(result.standardOutput.utf8)).versions
    }

    /// The newest version that was sent with the text in its readme.
    private func sent(_ daemon: RunningDaemon, before text: String) async throws -> KeptVersion {
        try #require(try await versions(daemon, "tiny").first { $0.reason == "sent" }, "before \(text)")
    }

    @Test func `a version that was sent is listed, compared, and brought back as a new revision of the same gist`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync().gist.id)
        let first = try await sent(daemon, before: "the edit")
        let before = try #require(try zoo.text(of: "tiny/readme.md"))
        try zoo.write(before + "\nEdited.\n", to: "tiny/readme.md")
        try await eventually("the edit is sent") { try await versions(daemon, "tiny").first?.number != first.number }
        try await daemon.waitUntilInSync()
        let second = try await versions(daemon, "--limit", "1")[0]
        #expect(second.model == "tiny" && second.files.first { $0.name == "readme.md" }?.addedLines == 2)
        let count = try await zoo.localGists.revisionCount(of: id.description)

        let prefix = try #require(first.gistRevision?.prefix(12))
        let diff = try await daemon.zooctl("diff", "tiny", String(prefix), "--color", "always")
        #expect(diff.standardOutput.contains("\u{1B}[32m+Edited.\u{1B}[0m") && !diff.standardOutput.contains("deploy.prototxt"))
        try zoo.write("A new file.\n", to: "tiny/notes.txt")
        let rolledBack = try await daemon.zooctl("rollback", "tiny", String(first.number))
        #expect(rolledBack.status == 0, "\(rolledBack.standardError)")
        #expect(try zoo.text(of: "tiny/readme.md") == before)
        #expect(try zoo.text(of: "tiny/notes.txt") == "A new file.\n", "nothing is removed")
        try await daemon.waitUntilInSync()
        #expect(try await zoo.localGists.bytes(of: "readme.md", in: id.description) == Array(before.utf8))
        #expect(try await zoo.localGists.revisionCount(of: id.description) == count + 1)
        // And back again, from what the rollback kept.
        let kept = try #require(try await versions(daemon, "tiny").first { $0.reason == "rolled-back" })
        #expect(try await daemon.zooctl("rollback", "tiny", String(kept.number)).status == 0)
        #expect(try zoo.text(of: "tiny/readme.md") == before + "\nEdited.\n")
        #expect(try zoo.localGists.ids == [id.description])

        let unknown = try await daemon.zooctl("rollback", "tiny", "4711")
        #expect(unknown.status == 4 && unknown.standardError.contains("zooctl log tiny"), "\(unknown.standardError)")
    }

    @Test func `a rollback keeps the gist that the readme names now`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let before = try #require(try zoo.text(of: "tiny/readme.md"))
        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync().gist.id)
        // The first version went out before the readme had an id.
        let oldest = try #require(try await versions(daemon, "tiny").last)
        try zoo.write(try #require(try zoo.text(of: "tiny/readme.md")) + "\nEdited.\n", to: "tiny/readme.md")
        #expect(try await daemon.zooctl("rollback", "tiny", String(oldest.number)).status == 0)
        #expect(
            try zoo.bytes(of: "tiny/readme.md") == FrontmatterEditor.setting("gist_id", to: id.description, in: Array(before.utf8)).get())
        #expect(try await daemon.gistEvents().count { $0.kind == "readme-edited" } == 1, "written back with the id, not without it first")
        #expect(try zoo.localGists.ids == [id.description])
    }

    @Test(arguments: ["vision/tiny/readme.md", "vision/tiny", "vision"])
    func `what was deleted is compared with its versions and brought back from them, its directory too`(gone: String) async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("vision/tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync("vision/tiny").gist.id)
        let before = try #require(try zoo.text(of: "vision/tiny/readme.md"))
        // The oldest is of before the id was known.
        let version = try #require(try await versions(daemon, "vision/tiny").last).number
        try zoo.remove(gone)
        let told = try await daemon.waitUntilHeld("vision/tiny", "gone")
        #expect(told.hint?.contains("zooctl rollback vision/tiny VERSION") == true, "\(told)")
        let preview = try await daemon.zooctl("publish", "vision/tiny", "--dry-run")
        #expect(preview.status == 4 && preview.standardError.contains("is gone; its gist was left alone"), "\(preview)")
        let diff = try await daemon.zooctl("diff", "vision/tiny", String(version))
        #expect(diff.status == 0 && diff.standardOutput.contains("-A model for tests."), "\(diff)")
        let rolledBack = try await daemon.zooctl("rollback", "vision/tiny", String(version))
        #expect(rolledBack.status == 0, "\(rolledBack)")
        #expect(try zoo.text(of: "vision/tiny/readme.md") == before)
        try await daemon.waitUntilInSync("vision/tiny")
        #expect(try zoo.names(in: "vision/tiny") == ["readme.md", "deploy.prototxt"])
        #expect(try zoo.localGists.ids == [id.description])
        #expect(try await zoo.localGists.revisionCount(of: id.description) == 2)
        let unknown = try await daemon.zooctl("rollback", "vision/tiny", "4711")
        #expect(unknown.status == 4 && unknown.standardError.contains("no kept version"), "\(unknown)")
    }

    @Test(arguments: ["files.kept", "files.written", "rollback.before-record", "rollback.recorded"])
    func `killed anywhere in a rollback, the version is back once and what was there is kept`(point: String) async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let before = try await {
            let daemon = try await RunningDaemon.start(in: zoo)
            try await daemon.waitUntilInSync()
            let before = try #require(try zoo.text(of: "tiny/readme.md"))
            _ = try await daemon.terminate()
            return before
        }()
        let crashing = try await RunningDaemon.start(in: zoo, crashAt: point)
        try await crashing.waitUntilInSync()
        let number = try await sent(crashing, before: "the crash").number
        try zoo.write(before + "\nEdited.\n", to: "tiny/readme.md")
        _ = try await crashing.zooctl("rollback", "tiny", String(number), "--no-wait")
        #expect(try await crashing.exitStatus() == 137)

        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitUntilInSync()
        try await eventually("the version is back") { try zoo.text(of: "tiny/readme.md") == before }
        let kept = try #require(try await versions(daemon, "tiny").first { $0.reason == "rolled-back" })
        #expect(try await daemon.zooctl("rollback", "tiny", String(kept.number)).status == 0)
        #expect(try zoo.text(of: "tiny/readme.md") == before + "\nEdited.\n")
    }

    @Test func `a readme that zood may not write into is refused with what helps`() async throws {
        let zoo = try TemporaryZoo()
        let daemonUser = ProcessIdentity(uid: 4711)
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        try await zoo.give(to: daemonUser)
        let daemon = try await RunningDaemon.start(in: zoo, identity: daemonUser)
        try await daemon.waitUntilInSync()
        let number = try await sent(daemon, before: "the edit").number
        let edited = try #require(try zoo.text(of: "tiny/readme.md")) + "\nEdited.\n"
        try zoo.write(edited, to: "tiny/readme.md")
        try await ProgramRun.succeed("chown", ["4712", zoo.path("tiny/readme.md").string])
        let refused = try await daemon.zooctl("rollback", "tiny", String(number))
        #expect(refused.status == 8 && refused.standardError.contains("belongs to uid 4712"), "\(refused.standardError)")
        #expect(refused.standardError.contains("hint: "))
        #expect(try zoo.text(of: "tiny/readme.md") == edited)
    }
}
