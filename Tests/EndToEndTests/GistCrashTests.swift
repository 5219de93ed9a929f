import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// zood killed at every crash point on the way of a new gist: create, write the id into the readme, send it.
struct GistCrashTests {
    /// In the order in which a first publication passes them. With a second name: armed in the run after the first crash.
    static let points = [
        "gist.intent-saved", "localgist.started", "localgist.written", "localgist.created", "gist.created", "gist.recorded",
        "readme.before-edit", "edit.staged", "edit.exchanged", "edit.compared", "edit.removed", "edit.synced", "readme.edited",
        "gist.before-update", "localgist.updated", "gist.updated", "gist.update-recorded", "localgist.created gist.found",
        "edit.staged edit.exchanged",
    ]

    @Test(arguments: points) func `killed at any point, a model ends with one gist, one id in its readme, and in sync`(points: String)
        async throws
    {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        let readme = ReadmeText()
        try zoo.makeModel("tiny", readme, files: ["deploy.prototxt": TemporaryZoo.prototxt])
        for point in points.split(separator: " ").map(String.init) {
            let doomed = try await RunningDaemon.start(in: zoo, crashAt: point, within: .zero)
            #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")
        }
        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync().gist.id).description
        #expect(try zoo.localGists.ids == [id])
        #expect(try await zoo.localGists.revisionCount(of: id) == 2)
        var expected = readme
        expected["gist_id"] = id
        let text = try #require(try zoo.text(of: "tiny/readme.md"))
        #expect(text.ranges(of: "gist_id").count == 1)
        #expect(text.split(separator: "\n").sorted() == expected.text.split(separator: "\n").sorted())
        #expect(try await zoo.localGists.bytes(of: "readme.md", in: id) == Array(text.utf8))
        #expect(try zoo.names(in: "tiny") == ["readme.md", "deploy.prototxt"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: zoo.localGists.directory.string) == ["\(id).git"])
        #expect(try await daemon.terminate().status == 0)
        #expect(try await isNothingLeft(of: zoo))
    }

    /// Points after which GitHub may have the gist, or surely has it.
    static let pointsAtGitHub = [
        "gist.intent-saved", "api.sending", "api.answered", "gist.created", "gist.recorded", "gist.before-update", "gist.updated",
        "gist.update-recorded",
    ]

    @Test(arguments: pointsAtGitHub) func `killed at any point, GitHub never gets a second gist`(point: String) async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            let doomed = try await RunningDaemon.start(in: scene.zoo, crashAt: point, within: .zero)
            #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")
            let wasMade = scene.github.gists().count == 1
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            guard wasMade else {
                // A replica may show it late, so nothing is made anew before minutes of looking for it.
                let model = try await daemon.waitForModel("tiny", "looks for its gist") { $0.gist.state == .publishing }
                #expect(model.note?.contains("looking for the gist") == true)
                try await eventually("the own gists are searched") { scene.github.requests.requests("GET", path: "/gists").count == 1 }
                try await daemon.lookAgain(times: 1)
                #expect(scene.writeCounts.isEmpty && scene.github.gists().isEmpty)
                return
            }
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            #expect(scene.github.gists().map(\.id) == [id] && scene.writeCounts["POST"] == 1)
            #expect(scene.github.gist(id)?.revisions.count == 2)
            #expect(try scene.zoo.text(of: "tiny/readme.md")?.ranges(of: "gist_id").count == 1)
            #expect(try await isNothingLeft(of: scene.zoo))
        }
    }

    @Test func `every crash point of gists and readme edits is among those that are tried`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var named: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            named.formUnion(text.matches(of: /CrashPoint\.reach\("((?:gist|localgist|edit|readme|api)\.[a-z-]+)"\)/).map { String($0.1) })
        }
        // Packing waits for sixty revisions; the others need a file system without exchange, or
        // somebody who saves at that very moment: AtomicReplacement's own tests.
        let elsewhere: Set = ["localgist.packed", "edit.renamed", "edit.exchanged-back"]
        let tried = Set(
            (Self.points + Self.pointsAtGitHub + GistUnpublishTests.points).flatMap { $0.split(separator: " ").map(String.init) })
        #expect(!named.isEmpty && named.subtracting(elsewhere).subtracting(tried).isEmpty)
        #expect(tried.subtracting(named).isEmpty)
    }

    /// No child of a killed zood still works on this zoo, as git might.
    private func isNothingLeft(of zoo: TemporaryZoo) async throws -> Bool {
        let processes = try await ProgramRun.run("pgrep", ["--full", "git.*\(zoo.state.string)"])
        return processes.standardOutput.isEmpty
    }
}
