import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

/// What members may do with models of their own, and with those of others.
@Suite struct OwnerRoleTests {
    private static let daemonUser = ProcessIdentity(uid: 4711)

    private struct Scene {
        let zoo: TemporaryZoo
        let daemon: RunningDaemon
        /// Owns the model's files.
        let owner: ProcessIdentity
        /// A member as well.
        let other: ProcessIdentity

        /// Expects exit 6, by which role.
        func expectRefusal(of arguments: [String], to identity: ProcessIdentity, naming role: String = "operator") async throws {
            let refused = try await daemon.zooctl(arguments, identity: identity)
            #expect(refused.status == 6, "\(arguments): \(refused)")
            #expect(refused.standardError.contains("needs the role \(role)"), "\(refused.standardError)")
        }

        func expectDone(_ arguments: [String], by identity: ProcessIdentity) async throws {
            let done = try await daemon.zooctl(arguments, identity: identity)
            #expect(done.status == 0, "\(arguments): \(done)")
        }
    }

    /// - Parameter uid: Of the owner.
    private func with(ownerUID uid: UInt32 = 4712, _ body: (Scene) async throws -> Void) async throws {
        let zoo = try TemporaryZoo()
        // Groups that every Debian has.
        try zoo.configure(["control": "{ roles: { member: [users], operator: [staff] } }"])
        let entry = try await ProgramRun.succeed("getent", ["group", "users"]).standardOutput.split(separator: ":")
        let users = try #require(UInt32(entry[2]))
        let owner = ProcessIdentity(uid: uid, groups: [users])
        let secret = "# ghp_0123456789abcdefghijklmnopqrstuvwxyz\n"
        try zoo.makeModel("lenet", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        try zoo.makeModel("secretive", files: ["deploy.prototxt": secret + TemporaryZoo.prototxt])
        try await zoo.give(to: Self.daemonUser)
        for model in ["lenet", "secretive"] {
            try await ProgramRun.succeed("chown", ["--recursive", "\(owner.uid):\(owner.gid)", zoo.path(model).string])
        }
        let daemon = try await RunningDaemon.start(in: zoo, identity: Self.daemonUser)
        try await body(Scene(zoo: zoo, daemon: daemon, owner: owner, other: ProcessIdentity(uid: 4713, groups: [users])))
    }

    @Test func `a member looks, pulls and adds, and changes no model of somebody else`() async throws {
        try await with { scene in
            let other = scene.other
            try await scene.expectDone(["sync"], by: other)
            try await scene.expectDone(["publish", "lenet", "--dry-run"], by: other)
            try await scene.expectRefusal(of: ["publish", "lenet"], to: other)
            #expect(try scene.zoo.localGists.ids.isEmpty)
            try await scene.expectDone(["publish", "lenet"], by: scene.owner)
            let gist = try #require(try await scene.daemon.waitUntilInSync("lenet").gist.id).description

            for arguments in [["sync", "lenet"], ["pull", "lenet"], ["verify", "lenet"]] {
                try await scene.expectDone(arguments, by: other)
            }
            for arguments in [
                ["publish", "lenet"], ["unpublish", "lenet", "--yes"], ["rollback", "lenet", "1"], ["resolve", "lenet", "--keep", "local"],
                ["publish", "--all-held"], ["forget", "lenet"], ["reload"], ["limit", "off"],
            ] { try await scene.expectRefusal(of: arguments, to: other) }
            for body in [#"{"keep":"local"}"#, #"{"version":"1"}"#] {
                #expect(try await edits(body, by: other, in: scene) == "403")
            }
            #expect(try await edits("{}", by: other, in: scene) == "200", "what a pull would write")
            #expect(try scene.zoo.localGists.ids == [gist])
        }
    }

    /// The status that `POST /v1/models/lenet/edits` is answered with.
    private func edits(_ body: String, by identity: ProcessIdentity, in scene: Scene) async throws -> String {
        try await ProgramRun.run(
            "curl",
            [
                "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", scene.zoo.socket.string, "-d", body,
                "http://zood/v1/models/lenet/edits",
            ], identity: identity
        ).standardOutput
    }

    @Test func `the owner of a readme publishes, resolves, rolls back and ends the gist, but lets nothing out that only operators may`()
        async throws
    {
        try await with { scene in
            let owner = scene.owner
            try await scene.expectRefusal(of: ["publish", "lenet", "--public"], to: owner)
            try await scene.expectRefusal(of: ["publish", "secretive", "--allow-secret", "deploy.prototxt:1"], to: owner)
            for arguments in [
                ["publish", "lenet", "--secret"], ["resolve", "lenet", "--keep", "local"], ["rollback", "lenet", "1"],
                ["unpublish", "lenet", "--yes"],
            ] { try await scene.expectDone(arguments, by: owner) }
            #expect(try scene.zoo.localGists.ids.isEmpty)
            try await scene.expectDone(
                ["publish", "secretive", "--allow-secret", "deploy.prototxt:1"], by: ProcessIdentity(uid: 4714, groups: [50]))
        }
    }

    @Test func `who had a model added may end its gist, and another member may not`() async throws {
        try await with { scene in
            try await scene.expectDone(["publish", "lenet"], by: scene.owner)
            let gist = try #require(try await scene.daemon.waitUntilInSync("lenet").gist.id).description
            try scene.zoo.remove("lenet")
            _ = try await scene.daemon.zooctl("sync", identity: scene.owner)
            #expect(try await scene.daemon.zooctl("forget", "lenet").status == 0)

            try await scene.expectDone(["add", gist, "added"], by: scene.other)
            try await scene.expectRefusal(of: ["unpublish", "added", "--yes"], to: scene.owner)
            try await scene.expectDone(["unpublish", "added", "--yes"], by: scene.other)
            #expect(try scene.zoo.localGists.ids.isEmpty)
        }
    }

    @Test func `a member cancels a job of their own, and nobody else's`() async throws {
        try await with { scene in
            let job = try await scene.daemon.zooctl("sync", "lenet", "--no-wait", identity: scene.other).standardOutput
                .trimmingCharacters(in: .whitespacesAndNewlines)
            try await scene.expectRefusal(of: ["cancel", job], to: scene.owner)
            try await scene.expectDone(["cancel", job], by: scene.other)
        }
    }

    @Test func `an owner who is no member changes nothing, and nothing is the overflow uid's`() async throws {
        try await with { scene in
            let alone = ProcessIdentity(uid: scene.owner.uid)
            try await scene.expectRefusal(of: ["publish", "lenet"], to: alone, naming: "member")
        }
        try await with(ownerUID: 65534) { scene in
            try await scene.expectDone(["sync", "lenet"], by: scene.owner)
            try await scene.expectRefusal(of: ["publish", "lenet"], to: scene.owner)
        }
    }
}
