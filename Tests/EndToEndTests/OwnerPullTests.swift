import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

/// What comes from a gist into files that belong to somebody else than the daemon: their owner's `zooctl` writes it.
@Suite struct OwnerPullTests {
    private static let daemonUser = ProcessIdentity(uid: 4711)

    private struct Scene {
        let github: LoopbackGitHub
        let zoo: TemporaryZoo
        let daemon: RunningDaemon
        /// A member by a group that every Debian has.
        let owner: ProcessIdentity
        let gist: String
        /// Both sides, when they were last equal.
        let before: String

        func readme() throws -> String { try zoo.text(of: "tiny/readme.md") ?? "" }

        func published() -> String { String(decoding: github.gist(gist)?.files["readme.md"] ?? [], as: UTF8.self) }

        func push(_ text: String, and others: [String: String] = [:]) {
            var files: [String: [UInt8]?] = ["readme.md": Array(text.utf8)]
            for (name, text) in others { files[name] = Array(text.utf8) }
            github.push(files, to: gist, by: "ann")
        }

        func versions(_ daemon: RunningDaemon) async throws -> [KeptVersion] {
            let log = try await daemon.zooctl("log", "tiny", "--json", "--limit", "100")
            return try ControlCoding.decode(LogReport.self, from: Array(log.standardOutput.utf8)).versions
        }

        /// Whether the readme's text of before is in a version that was kept since it was replaced.
        func keeps(_ text: String, _ daemon: RunningDaemon) async throws -> Bool {
            for version in try await versions(daemon) where version.reason == "replaced" {
                let diff = try await daemon.zooctl("diff", "tiny", String(version.number), "--json")
                let files = try ControlCoding.decode(DiffReport.self, from: Array(diff.standardOutput.utf8)).files
                if files.contains(where: { $0.name == "readme.md" && $0.old == text }) { return true }
            }
            return false
        }

        func expectOwned(_ file: String = "readme.md") throws {
            let attributes = try FileManager.default.attributesOfItem(atPath: zoo.path("tiny/\(file)").string)
            #expect((attributes[.ownerAccountID] as? NSNumber)?.uint32Value == owner.uid)
        }
    }

    /// A published model all of which belongs to its owner, as after a `git clone`; the daemon's group may write into the directory.
    private func with(isGroupWritable: Bool = true, crashAt: String? = nil, _ body: (Scene) async throws -> Void) async throws {
        try await GistGitHubScene.with { scene in
            let entry = try await ProgramRun.succeed("getent", ["group", "users"]).standardOutput.split(separator: ":")
            let owner = ProcessIdentity(uid: 4712, groups: [try #require(UInt32(entry[2]))])
            try scene.zoo.configure([
                "gists":
                    "{ host: github, create: automatic, poll: 7d, api_url: '\(scene.github.apiURL)', token_file: \(scene.tokenPath) }",
                "control": "{ roles: { member: [users] } }",
            ])
            try scene.makeModel("tiny")
            try await scene.zoo.give(to: Self.daemonUser)
            let daemon = try await RunningDaemon.start(in: scene.zoo, crashAt: crashAt, identity: Self.daemonUser)
            let gist = try #require(try await daemon.waitUntilInSync().gist.id).description
            let directory = scene.zoo.path("tiny").string
            try await ProgramRun.succeed("chown", ["--recursive", "\(owner.uid):\(owner.gid)", directory])
            if isGroupWritable {
                try await ProgramRun.succeed("chgrp", [String(Self.daemonUser.gid), directory])
                try await ProgramRun.succeed("chmod", ["g+rwx", directory])
            }
            let before = try #require(try scene.zoo.text(of: "tiny/readme.md"))
            try await body(Scene(github: scene.github, zoo: scene.zoo, daemon: daemon, owner: owner, gist: gist, before: before))
        }
    }

    @Test(arguments: [true, false])
    func `what was changed in the gist waits for the owner, the model says so, and the owner's pull brings all of it`(
        isGroupWritable: Bool
    ) async throws {
        try await with(isGroupWritable: isGroupWritable) { scene in
            let theirs = scene.before + "Theirs.\n"
            scene.push(theirs, and: ["new.prototxt": "name: \"new\"\n"])
            let daemon = scene.daemon
            // Root could write, and it is not root's to change.
            let refused = try await daemon.zooctl("pull", "tiny")
            #expect(refused.status == 8 && refused.standardError.contains("belongs to uid 4712"), "\(refused.standardError)")
            let told = try await daemon.waitForModel("tiny", "waits for its owner") { $0.gist.state == .held }
            #expect(told.note?.contains("readme.md belongs to uid 4712") == true && told.hint?.contains("zooctl pull tiny;") == true)
            #expect(try scene.readme() == scene.before && scene.zoo.names(in: "tiny") == ["readme.md", "deploy.prototxt"])

            let pulled = try await daemon.zooctl("pull", "tiny", identity: scene.owner)
            #expect(pulled.status == 0, "\(pulled)")
            #expect(pulled.standardError.contains("wrote new.prototxt, readme.md in \(scene.zoo.path("tiny"))"), "\(pulled.standardError)")
            #expect(try scene.readme() == theirs && scene.zoo.text(of: "tiny/new.prototxt") == "name: \"new\"\n")
            try scene.expectOwned()
            let model = try await daemon.waitUntilInSync()
            #expect(model.note == nil && scene.published() == theirs)
            #expect(try await scene.keeps(scene.before, daemon))
            // Nothing is left to be done, by anybody.
            let again = try await daemon.zooctl("pull", "tiny", identity: scene.owner)
            #expect(again.status == 0 && !again.standardError.contains("wrote"))
        }
    }

    @Test(arguments: ["remote", "merged", "local"])
    func `the owner's resolve ends a conflict of files that zood may not write into`(side: String) async throws {
        try await with { scene in
            let others = scene.before.replacing("A model for tests.", with: "Theirs.\n\nA model for tests.")
            let (theirs, ours) = (others + "Same line: theirs.\n", scene.before + "Same line: ours.\n")
            scene.push(theirs)
            try scene.zoo.write(ours, to: "tiny/readme.md")
            try await scene.daemon.waitForModel("tiny", "is in conflict") { $0.gist.state == .conflict }

            if side != "local" {
                let refused = try await scene.daemon.zooctl("resolve", "tiny", "--keep", side)
                #expect(refused.status == 8, "\(refused)")
                #expect(refused.standardError.contains("its owner can: zooctl resolve tiny --keep \(side)"), "\(refused.standardError)")
                // Who comes next sees the conflict, and not what somebody else tried.
                try await scene.daemon.waitForModel("tiny", "is in conflict") {
                    $0.gist.state == .conflict && $0.hint?.contains("--keep local|remote|merged") == true
                }
            }
            #expect(try scene.readme() == ours)
            let resolved = try await scene.daemon.zooctl("resolve", "tiny", "--keep", side, identity: scene.owner)
            #expect(resolved.status == 0, "\(resolved)")
            try await scene.daemon.waitUntilInSync()
            let expected = ["remote": theirs, "local": ours, "merged": others + "Same line: ours.\n"][side]
            #expect(try scene.readme() == expected && scene.published() == expected)
            try scene.expectOwned()
            if side != "local" { #expect(try await scene.keeps(ours, scene.daemon)) }
            // A look between the owner's writing and the job finds that both sides agree.
            let count = try await scene.daemon.gistEvents().count { $0.kind == "gist-resolved" }
            #expect(count == 1 || side == "remote" && count == 0)
        }
    }

    @Test func `the owner's rollback brings a version back into files that zood may not write into`() async throws {
        try await with { scene in
            let version = try #require(try await scene.versions(scene.daemon).first).number
            try scene.zoo.write(scene.before + "More.\n", to: "tiny/readme.md")
            try await eventually("it is sent") { scene.published() == scene.before + "More.\n" }
            let refused = try await scene.daemon.zooctl("rollback", "tiny", String(version))
            #expect(refused.status == 8 && refused.standardError.contains("zooctl rollback tiny \(version);"), "\(refused.standardError)")
            let done = try await scene.daemon.zooctl("rollback", "tiny", String(version), identity: scene.owner)
            #expect(done.status == 0, "\(done)")
            #expect(try scene.readme() == scene.before)
            try await eventually("it is sent") { scene.published() == scene.before }
        }
    }

    /// Of zooctl, in the order in which they are passed.
    static let points = [
        "owner.asked", "owner.before-edit", "create.staged", "create.renamed", "owner.edited", "owner.before-edit:2", "edit.staged",
        "edit.exchanged", "edit.compared", "edit.removed", "owner.edited:2",
    ]

    @Test(arguments: points)
    func `killed anywhere, the owner's zooctl loses nothing, and does it when it is run again`(point: String) async throws {
        try await with { scene in
            let theirs = scene.before + "Theirs.\n"
            scene.push(theirs, and: ["new.prototxt": "name: \"new\"\n"])
            #expect(try await scene.daemon.zooctl("pull", "tiny").status == 8)
            let killed = try await scene.daemon.zooctl("pull", "tiny", identity: scene.owner, crashAt: point)
            #expect(killed.status == 137, "nothing passed \(point): \(killed)")
            #expect(try [scene.before, theirs].contains(scene.readme()))
            let isKept = try await scene.keeps(scene.before, scene.daemon)
            #expect(try isKept || scene.readme() == scene.before)
            let again = try await scene.daemon.zooctl("pull", "tiny", identity: scene.owner)
            #expect(again.status == 0, "\(again)")
            try await scene.daemon.waitUntilInSync()
            #expect(try scene.readme() == theirs && scene.zoo.text(of: "tiny/new.prototxt") == "name: \"new\"\n")
            #expect(scene.published() == theirs)
            try scene.expectOwned()
        }
    }

    @Test func `a daemon killed before it says what to write has kept what will be replaced`() async throws {
        try await with(crashAt: "edits.kept") { scene in
            let theirs = scene.before + "Theirs.\n"
            scene.push(theirs)
            #expect(try await scene.daemon.zooctl("pull", "tiny", identity: scene.owner).status == 5)
            #expect(try await scene.daemon.exitStatus() == 137)
            #expect(try scene.readme() == scene.before)
            let daemon = try await RunningDaemon.start(in: scene.zoo, identity: Self.daemonUser)
            #expect(try await daemon.zooctl("pull", "tiny", identity: scene.owner).status == 0)
            #expect(try scene.readme() == theirs)
            #expect(try await scene.keeps(scene.before, daemon))
        }
    }

    @Test func `every crash point of what owners write is among those that are tried`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var named: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            named.formUnion(text.matches(of: /CrashPoint\.reach\("((?:owner|edits)\.[a-z-]+)"\)/).map { String($0.1) })
        }
        #expect(!named.isEmpty && named.isSubset(of: Self.points + ["edits.kept"]))
    }
}
