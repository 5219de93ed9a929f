import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

/// A local gist that no model of the zoo has any more, to be added again.
struct GistAddScene {
    let zoo: TemporaryZoo
    let gist: String
    let readme: String

    /// Publishes a model, takes its directory away and has it forgotten.
    static func make() async throws -> GistAddScene {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ host: local, create: manual }", "catalogs": "[]"])
        try zoo.makeModel("old", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        #expect(try await daemon.zooctl("publish", "old").status == 0)
        let gist = try #require(try zoo.localGists.ids.first)
        let readme = try #require(try zoo.text(of: "old/readme.md"))
        #expect(try await daemon.zooctl("forget", "old").status == 8, "it is there")
        try zoo.remove("old")
        _ = try await daemon.zooctl("sync")
        let forgotten = try await daemon.zooctl("forget", "old")
        #expect(forgotten.status == 0 && forgotten.standardOutput.contains(gist), "\(forgotten.standardError)")
        #expect(try await daemon.zooctl("show", "old").status == 4)
        #expect(try zoo.localGists.ids == [gist])
        #expect(try await daemon.terminate().status == 0)
        return GistAddScene(zoo: zoo, gist: gist, readme: readme)
    }

    /// What staging holds of models that are being made.
    var staged: Set<String> { get throws { try zoo.names(in: ".zood/incoming") } }

    /// The model is whole, under its name, with the gist that was there.
    func expectAdded(to daemon: RunningDaemon, as id: String = "tiny_model") async throws {
        try await daemon.waitUntilInSync(id)
        try await eventually("the job is over") { try await daemon.client.send(.jobs).jobs.allSatisfy { $0.state.isFinal } }
        #expect(try await daemon.client.send(.jobs).jobs.first { $0.kind == .add }?.state == .done)
        #expect(try zoo.names(in: id) == ["readme.md", "deploy.prototxt"])
        #expect(try zoo.text(of: "\(id)/readme.md") == readme)
        #expect(try zoo.names(in: "") == [".zood", id] && staged.isEmpty)
        #expect(try zoo.localGists.ids == [gist])
        #expect(try await zoo.localGists.revisionCount(of: gist) == 2)
        #expect(try await daemon.events(of: "model-added").count == 1)
    }
}

extension RunningDaemon {
    /// Everything of one kind that ever happened, oldest first.
    func events(of kind: String) async throws -> [EventRecord] {
        let lines = try await zooctl("events", "--since", "0", "--json").standardOutput.split(separator: "\n")
        return lines.compactMap { try? ControlCoding.decode(EventRecord.self, from: Array($0.utf8)) }.filter { $0.kind == kind }
    }
}
