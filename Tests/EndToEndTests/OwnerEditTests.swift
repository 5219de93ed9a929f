import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// A readme that belongs to somebody else than the daemon: a lab's usual case.
@Suite struct OwnerEditTests {
    private let daemonUser = ProcessIdentity(uid: 4711)
    private let zoo: TemporaryZoo

    /// With the line ends of another system, which an edit must keep.
    private static var readme: ReadmeText {
        var readme = ReadmeText()
        readme.lineEnd = "\r\n"
        return readme
    }

    init() async throws {
        zoo = try TemporaryZoo()
        try zoo.configure(["control": "{ roles: { member: [users] } }"])
    }

    /// The model's owner, whom the configuration makes a member by a group that every Debian has.
    private func owner() async throws -> ProcessIdentity {
        let entry = try await ProgramRun.succeed("getent", ["group", "users"]).standardOutput.split(separator: ":")
        return ProcessIdentity(uid: 4712, groups: [try #require(UInt32(entry[2]))])
    }

    private func makeModel(of owner: ProcessIdentity, _ readme: ReadmeText = Self.readme) async throws {
        try zoo.makeModel("lenet", readme, files: ["deploy.prototxt": TemporaryZoo.prototxt])
        try await zoo.give(to: daemonUser)
        try await ProgramRun.succeed("chown", ["--recursive", "\(owner.uid):\(owner.gid)", zoo.path("lenet").string])
    }

    /// The readme as the gist holds it.
    private func publishedReadme(_ id: GistID) async throws -> String {
        let repository = zoo.state.appending("gists/\(id).git").string
        return try await ProgramRun.succeed("git", ["-c", "safe.directory=*", "-C", repository, "show", "HEAD:readme.md"]).standardOutput
    }

    @Test func `where zood may not write, the gist gets the id all the same, and its owner's publish writes it into the readme`()
        async throws
    {
        let owner = try await owner()
        try await makeModel(of: owner)
        let before = try #require(try zoo.text(of: "lenet/readme.md"))
        let daemon = try await RunningDaemon.start(in: zoo, identity: daemonUser)

        // Somebody who is not the owner, and could write: it is not theirs to change.
        let first = try await daemon.zooctl("publish", "lenet")
        #expect(first.status == 0, "\(first.standardError)")
        let told = try await daemon.waitForModel("lenet", "says that the readme lacks the id") { $0.note == "gist_id not in the readme" }
        let id = try #require(told.gist.id)
        #expect(told.hint == "zooctl set \(zoo.path("lenet")) gist_id=\(id)")
        #expect(first.standardError.contains("zooctl set \(zoo.path("lenet")) gist_id=\(id)"))
        #expect(told.state == .ok && told.gist.state == .inSync)
        #expect(try zoo.text(of: "lenet/readme.md") == before)
        #expect(try await publishedReadme(id).contains("gist_id: \(id)"))

        let second = try await daemon.zooctl("publish", "lenet", identity: owner)
        #expect(second.status == 0, "\(second.standardError)")
        #expect(second.standardOutput.hasPrefix(id.description))
        let after = try #require(try zoo.text(of: "lenet/readme.md"))
        #expect(after.replacing("gist_id: \(id)\r\n", with: "") == before && after != before)
        let attributes = try FileManager.default.attributesOfItem(atPath: zoo.path("lenet/readme.md").string)
        #expect((attributes[.ownerAccountID] as? NSNumber)?.uint32Value == owner.uid)
        try await daemon.waitForModel("lenet", "has no note any more") { $0.note == nil && $0.gist.state == .inSync }
        #expect(try await publishedReadme(id) == after)
    }

    @Test func `the owner's first publish does it in one go, and set is the other way`() async throws {
        let owner = try await owner()
        try await makeModel(of: owner)
        let daemon = try await RunningDaemon.start(in: zoo, identity: daemonUser)
        let published = try await daemon.zooctl("publish", "lenet", identity: owner)
        #expect(published.status == 0, "\(published.standardError)")
        let id = try #require(try await daemon.model("lenet")?.gist.id)
        #expect(try zoo.text(of: "lenet/readme.md")?.contains("gist_id: \(id)\r\n") == true)

        // Taken out again: zood says the line that puts it back, and the line works as it stands.
        try zoo.write(Self.readme.text, to: "lenet/readme.md")
        let told = try await daemon.waitForModel("lenet", "says that the readme lacks the id") { $0.note == "gist_id not in the readme" }
        let command = try #require(told.hint).split(separator: " ").map(String.init)
        #expect(command.first == "zooctl" && command[1] == "set")
        let edited = try await daemon.zooctl(command[1], command[2], command[3], identity: owner)
        #expect(edited.status == 0, "\(edited.standardError)")
        try await daemon.waitForModel("lenet", "has no note any more") { $0.note == nil && $0.gist.state == .inSync }
    }

    @Test func `the id of a deleted gist leaves a readme by its owner's unpublish; until then publish says what is in the way`()
        async throws
    {
        let owner = try await owner()
        try await makeModel(of: owner)
        let before = try #require(try zoo.text(of: "lenet/readme.md"))
        let daemon = try await RunningDaemon.start(in: zoo, identity: daemonUser)
        #expect(try await daemon.zooctl("publish", "lenet", identity: owner).status == 0)
        // Root could write, and it is not root's to change.
        let ended = try await daemon.zooctl("unpublish", "lenet", "--yes")
        #expect(ended.status == 0 && ended.standardOutput.contains("the readme still names it"), "\(ended)")
        #expect(try zoo.text(of: "lenet/readme.md") != before)
        let refused = try await daemon.zooctl("publish", "lenet")
        #expect(refused.status == 8 && refused.standardError.contains("the readme still names it"), "\(refused)")
        let hint = "zooctl set \(zoo.path("lenet")) gist_id="
        #expect(refused.standardError.contains("hint: \(hint)\n"), "\(refused.standardError)")
        let words = hint.split(separator: " ").dropFirst().map(String.init)
        #expect(try await daemon.zooctl(words, identity: owner).status == 0)
        #expect(try zoo.text(of: "lenet/readme.md") == before)

        #expect(try await daemon.zooctl("publish", "lenet", identity: owner).status == 0)
        #expect(try zoo.text(of: "lenet/readme.md") != before)
        let byOwner = try await daemon.zooctl("unpublish", "lenet", "--yes", identity: owner)
        #expect(byOwner.status == 0 && !byOwner.standardOutput.contains("still names"), "\(byOwner)")
        #expect(byOwner.standardError.contains("took gist_id out of \(zoo.path("lenet"))/readme.md"), "\(byOwner.standardError)")
        #expect(try zoo.text(of: "lenet/readme.md") == before && zoo.localGists.ids.isEmpty)
        try await daemon.waitForModel("lenet", "is unpublished") { $0.gist.state == .unpublished && $0.gist.note == nil }
    }

    @Test func `a pin is written by the owner's zooctl, and from then on the binary is verified`() async throws {
        let owner = try await owner()
        let host = try await LoopbackFileHost.start()
        let content = FileContent.generated(seed: 7, byteCount: 50_000)
        let url = host.serve(content, at: "tiny.caffemodel")
        try await makeModel(of: owner, ReadmeText(url: url))
        // As labs do it: the directory is open to the daemon's group.
        try await ProgramRun.succeed("chgrp", [String(daemonUser.gid), zoo.path("lenet").string])
        try await ProgramRun.succeed("chmod", ["g+rwx", zoo.path("lenet").string])
        let daemon = try await RunningDaemon.start(in: zoo, identity: daemonUser)
        let pinned = try await daemon.zooctl("fetch", "lenet", "--pin", identity: owner)
        #expect(pinned.status == 0, "\(pinned.standardError)")
        #expect(try zoo.text(of: "lenet/readme.md")?.contains("sha1: \(try content.digests().sha1)") == true)
        try await daemon.waitForModel("lenet", "is verified") { $0.binaries.first?.state == .verified }
        await host.stop()
    }
}
