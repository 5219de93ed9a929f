import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// A directory that is renamed while its readme does not name the gist: it is known by being the same directory.
struct GistRenamedTests {
    private static let daemonUser = ProcessIdentity(uid: 4711)
    private static let owner = ProcessIdentity(uid: 4712)

    /// A zoo whose readmes belong to somebody else, so that zood writes no id into them.
    private func foreign(_ models: [String], create: String = "automatic") async throws -> TemporaryZoo {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ host: local, create: \(create) }"])
        for model in models {
            try zoo.makeModel(model, ReadmeText(name: "Net \(model)"), files: ["deploy.prototxt": TemporaryZoo.prototxt])
        }
        try await zoo.give(to: Self.daemonUser)
        for model in models { try await ProgramRun.succeed("chown", ["-R", "\(Self.owner.uid)", zoo.path(model).string]) }
        return zoo
    }

    private func models(of daemon: RunningDaemon) async throws -> [String] {
        try await daemon.client.send(.status).models.map(\.id)
    }

    private func text(of gist: String, in zoo: TemporaryZoo) async throws -> String {
        let repository = zoo.localGists.directory.appending("\(gist).git").string
        return try await ProgramRun.succeed("git", ["-c", "safe.directory=*", "-C", repository, "show", "HEAD:readme.md"]).standardOutput
    }

    @Test(arguments: [true, false])
    func `a renamed directory whose readme never named the gist keeps it, also when it was changed`(isSeen: Bool) async throws {
        let zoo = try await foreign(["net"])
        var daemon = try await RunningDaemon.start(in: zoo, identity: Self.daemonUser)
        let gist = try #require(try await daemon.waitUntilInSync("net").gist.id).description
        if !isSeen { _ = try await daemon.terminate() }
        try await zoo.shell("mv net moved; echo Changed. >> moved/readme.md")
        if !isSeen { daemon = try await RunningDaemon.start(in: zoo, identity: Self.daemonUser) }
        try await daemon.waitForModel("moved", "has the gist") { $0.gist.state == .inSync && $0.gist.id?.description == gist }
        try await eventually("the change is sent") { try await text(of: gist, in: zoo).contains("Changed.\n") }
        try await zoo.shell("mkdir group; mv moved group/net")
        try await daemon.waitForModel("group/net", "has the gist") { $0.gist.state == .inSync && $0.gist.id?.description == gist }
        #expect(try zoo.localGists.ids == [gist])
        #expect(try await daemon.events(of: "model-moved").count == 2)
        #expect(try await models(of: daemon) == ["group/net"])
    }

    @Test func `models that change places keep their gists, though their readmes name none and are alike`() async throws {
        let zoo = try await foreign(["a", "b"])
        for model in ["a", "b"] {
            try zoo.write(ReadmeText(name: "Net").text + "This is \(model).\n", to: "\(model)/readme.md")
        }
        let daemon = try await RunningDaemon.start(in: zoo, identity: Self.daemonUser)
        let gists = [
            "a": try #require(try await daemon.waitUntilInSync("a").gist.id).description,
            "b": try #require(try await daemon.waitUntilInSync("b").gist.id).description,
        ]
        try await zoo.shell("mv a .x; mv b a; mv .x b")
        for (place, was) in ["a": "b", "b": "a"] {
            try await daemon.waitForModel(place, "has the gist of \(was)") {
                $0.gist.state == .inSync && $0.gist.id?.description == gists[was]
            }
        }
        for (model, gist) in gists { #expect(try await text(of: gist, in: zoo).contains("This is \(model).\n")) }
        #expect(try zoo.localGists.ids == gists.values.sorted())
    }

    @Test func `a copy, or a new directory after one was removed, is no renamed one`() async throws {
        let zoo = try await foreign(["net"], create: "manual")
        let daemon = try await RunningDaemon.start(in: zoo, identity: Self.daemonUser)
        #expect(try await daemon.zooctl("sync").status == 0)
        #expect(try await daemon.zooctl("publish", "net").status == 0)
        let gist = try #require(try await daemon.waitUntilInSync("net").gist.id).description
        try await zoo.shell("cp -a net copy")
        try await daemon.waitForModel("copy", "is new") { $0.gist.state == .unpublished }
        // File systems give the number of a removed directory to the next one.
        try await zoo.shell("rm -r net; mkdir other; cp copy/readme.md copy/deploy.prototxt other")
        try await daemon.waitForModel("other", "is new") { $0.gist.state == .unpublished }
        try await daemon.waitUntilHeld("net", "the directory is gone")
        try await daemon.lookAgain(times: 0)
        #expect(try await daemon.waitForModel("copy", "is new") { $0.gist.state == .unpublished }.gist.id == nil)
        #expect(try zoo.localGists.ids == [gist])
    }

    @Test func `a directory that is renamed while GitHub makes its gist gets that one and no second`() async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            scene.github.inject(.delay(.seconds(3)), on: .post)
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            try await eventually("the gist is asked for") { scene.writeCounts["POST"] == 1 }
            try await scene.zoo.shell("mv tiny small")
            let gist = try #require(try await daemon.waitUntilInSync("small").gist.id).description
            #expect(try scene.zoo.text(of: "small/readme.md")?.contains("gist_id: \(gist)\n") == true)
            #expect(scene.github.gists().map(\.id) == [gist] && scene.writeCounts["POST"] == 1)
            #expect(try await models(of: daemon) == ["small"])
        }
    }

    @Test(arguments: [
        "gist.intent-saved", "localgist.started", "localgist.created", "gist.created", "gist.recorded", "readme.before-edit",
        "edit.staged",
    ])
    func `killed on the way of a new gist and renamed before the next start, a model has one gist`(point: String) async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("tiny", ReadmeText(), files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let doomed = try await RunningDaemon.start(in: zoo, crashAt: point, within: .zero)
        #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")
        // Another takes its name, so that the old place is not even empty.
        try await zoo.shell("mv tiny small")
        try zoo.makeModel("tiny", ReadmeText(name: "Another"), files: ["other.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        let gist = try #require(try await daemon.waitUntilInSync("small").gist.id).description
        let other = try #require(try await daemon.waitUntilInSync("tiny").gist.id).description
        #expect(try zoo.localGists.ids == [gist, other].sorted())
        for (id, name) in [(gist, "Tiny model"), (other, "Another")] {
            #expect(String(decoding: try await zoo.localGists.bytes(of: "readme.md", in: id), as: UTF8.self).contains("name: \(name)\n"))
        }
    }
}
