import Foundation
import ModelInfo
import Planning
import Testing

@testable import SyncEngine

/// A gist that this state never synced with the model: its id was pasted, the state was lost, or it is another machine.
@Suite struct FirstContactTests {
    /// A model in sync, all of which the state has forgotten.
    private func withForgotten(_ body: (SyncScene) async throws -> Void) async throws {
        try await SyncScene.with { scene in
            try await scene.change { $0 = ModelMemory() }
            for number in try scene.rooms.store.versions(of: scene.model, limit: 100).map(\.number) {
                try await scene.rooms.store.database.write {
                    try $0.execute(sql: "DELETE FROM version WHERE number = ?", arguments: [number])
                }
            }
            try await body(scene)
        }
    }

    @Test func `what is the gist's newest content is in sync, and nothing is written or sent`() async throws {
        try await withForgotten { scene in
            let (here, count) = (try scene.here(), try await scene.revisionCount)
            #expect(try await scene.settle().gist.state == .inSync)
            #expect(try scene.here() == here && scene.versions().isEmpty)
            #expect(try await scene.revisionCount == count)
            #expect(try await scene.events().last == .gistMet)
            // And what is saved then is sent.
            try scene.save(try scene.readme().with("Two.", "Ours."))
            #expect(try await scene.settle().gist.state == .inSync)
            #expect(try await scene.remote() == scene.here())
        }
    }

    @Test func `what was an older revision gets what came since`() async throws {
        try await withForgotten { scene in
            let before = try scene.readme()
            try await scene.push(["readme.md": before.with("One.", "1.")])
            try await scene.push(["readme.md": before.with("One.", "1.").with("Two.", "2."), "new.prototxt": "x: 1\n"])
            let count = try await scene.revisionCount
            #expect(try await scene.settle().gist.state == .inSync)
            #expect(try scene.readme() == before.with("One.", "1.").with("Two.", "2.") && scene.here()["new.prototxt"] == "x: 1\n")
            #expect(try scene.versions(.replaced) == [["readme.md": before]])
            #expect(try await scene.revisionCount == count)
        }
    }

    @Test func `older revisions that cannot be read are passed over`() async throws {
        try await withForgotten { scene in
            try await scene.push(["readme.md": try scene.readme().with("One.", "1.")])
            scene.rooms.host.change { $0.losesRevisions = true }
            #expect(try await scene.settle().gist.state == .conflict)
            #expect(try await scene.memory.gist?.hasBase == false)
        }
    }

    @Test func `a difference in the line with the gist's id is none, but such a gist gets nothing before a person wants it`() async throws {
        try await withForgotten { scene in
            let before = try scene.readme()
            let bare = before.replacing("gist_id: \(scene.gist)\n", with: "")
            try await scene.push(["readme.md": bare])
            let count = try await scene.revisionCount
            // The newest is what lies here, but for that line.
            try await scene.change { $0 = ModelMemory() }
            let plan = try await scene.settle()
            #expect(plan.gist.state == .held && plan.gist.hint?.contains("zooctl publish net") == true)
            #expect(try scene.readme() == before)
            #expect(try await scene.revisionCount == count)
            #expect(try await scene.settle(.publish(PublishWish())).gist.state == .inSync)
            #expect(try await scene.remote()["readme.md"] == before)
        }
    }

    @Test func `files that are missing here come`() async throws {
        try await withForgotten { scene in
            try FileManager.default.removeItem(atPath: scene.path("deploy.prototxt"))
            #expect(try await scene.settle().gist.state == .inSync)
            #expect(try scene.here()["deploy.prototxt"] == SyncScene.prototxt)
            #expect(try await scene.remote() == scene.here())
        }
    }

    @Test func `what was no revision is a conflict: nothing is written or sent, the gist's files are kept`() async throws {
        try await withForgotten { scene in
            let before = try scene.readme()
            try scene.save(before.with("Two.", "Ours."))
            let (here, remote, count) = (try scene.here(), try await scene.remote(), try await scene.revisionCount)
            for _ in 0..<2 {
                let plan = try await scene.settle()
                #expect(plan.gist.state == .conflict && plan.gist.hint?.contains("zooctl diff net") == true)
                #expect(try scene.here() == here && scene.versions() == [remote])
                #expect(try await scene.revisionCount == count)
            }
            #expect(try await scene.settle(.publish(PublishWish())).gist.state == .conflict)
            #expect(try await scene.revisionCount == count)
            #expect(try await scene.settle(.resolve(.local), number: 5).gist.state == .inSync)
            #expect(try await scene.remote() == here)
        }
    }

    @Test func `a conflict at the first contact ends by itself once the files are as the gist has them, but for the line with its id`()
        async throws
    {
        try await withForgotten { scene in
            let before = try scene.readme()
            let line = "gist_id: \(scene.gist)\n"
            for (theirs, equal) in [
                ("Theirs.", before.with("Two.", "Theirs.")), ("More.", before.with("Two.", "More.").replacing(line, with: "")),
            ] {
                try await scene.change { $0 = ModelMemory() }
                try scene.save(before.with("Two.", "Ours."))
                try await scene.push(["readme.md": before.with("Two.", theirs), "deploy.prototxt": SyncScene.prototxt])
                #expect(try await scene.settle().gist.state == .conflict)
                let asked = scene.rooms.host.requests
                #expect(try await scene.settle().gist.state == .conflict)
                #expect(scene.rooms.host.requests == asked, "a conflict that nobody touched costs no request")
                try scene.save(equal)
                // Nothing but the line is written here.
                #expect(try await scene.settle().gist.state == .inSync)
                #expect(try scene.readme().replacing(line, with: "") == equal.replacing(line, with: ""))
                #expect(try await scene.remote() == scene.here())
            }
        }
    }

    @Test func `a gist without a readme is no model's`() async throws {
        try await withForgotten { scene in
            try await scene.push(["readme.md": nil])
            let here = try scene.here()
            let plan = try await scene.settle()
            #expect(plan.gist.state == .failed && plan.gist.note?.contains("no readme") == true)
            #expect(try scene.here() == here)
            #expect(try await scene.memory.gist == nil)
        }
    }

    // Somebody else's gist.

    private static let source = "caffemodel: net.caffemodel\ncaffemodel_url: https://files.example.org/net.caffemodel\n"

    /// A followed gist, whose model declares a binary.
    private func withFollowed(_ body: (SyncScene) async throws -> Void) async throws {
        let readme = SyncScene.readme.replacing("license: MIT\n", with: Self.source + "license: MIT\n")
        try await SyncScene.with(readme: readme, files: [:]) { scene in
            try await scene.change { ($0.gist!.isOwn, $0.gist!.owner) = (false, "somebody") }
            try await body(scene)
        }
    }

    private func declared(_ scene: SyncScene) async throws -> Set<String> {
        let reading = try await scene.rooms.view(of: "net").1.reading
        return Set(reading.declaredBinaries.map(\.fetchMark))
    }

    @Test func `somebody else's gist is followed, and nothing is sent to it`() async throws {
        try await withFollowed { scene in
            let before = try scene.readme()
            try scene.save(before.with("Four.", "Ours."))
            try await scene.push(["readme.md": before.with("One.", "Theirs.")])
            let count = try await scene.revisionCount
            let plan = try await scene.settle(.pull)
            #expect(plan.gist.state == .readOnly && plan.gist.note?.contains("somebody") == true)
            #expect(try scene.readme() == before.with("One.", "Theirs.").with("Four.", "Ours."))
            #expect(try await scene.settle(.publish(PublishWish())).gist.state == .readOnly)
            #expect(try await scene.revisionCount == count)
            #expect(try await scene.memory.decisions.unconfirmedSources.isEmpty)
        }
    }

    @Test(arguments: ["caffemodel_url: https://evil.example.org/net.caffemodel", "sha1: \(String(repeating: "b", count: 40))"])
    func `another source or checksum in somebody else's gist waits for a person`(line: String) async throws {
        try await withFollowed { scene in
            let before = try scene.readme()
            var theirs = before.replacing("caffemodel_url: https://files.example.org/net.caffemodel", with: line)
            if line.hasPrefix("sha1") { theirs = before.replacing("license: MIT\n", with: "\(line)\nlicense: MIT\n") }
            try await scene.push(["readme.md": theirs])
            try await scene.settle(.pull)
            #expect(try await scene.memory.decisions.unconfirmedSources == declared(scene))
            #expect(try scene.readme() == theirs)
        }
    }

    @Test func `a source that comes of both sides together waits as well`() async throws {
        try await withFollowed { scene in
            let before = try scene.readme()
            let url = "https://files.example.org/net.caffemodel"
            try await scene.push(["readme.md": before.replacing(url, with: "https://evil.example.org/net.caffemodel")])
            try scene.save(before.replacing("gist_id:", with: "sha1: \(String(repeating: "c", count: 40))\ngist_id:"))
            try await scene.settle(.pull)
            let now = try await declared(scene)
            #expect(now.first?.contains("evil") == true && now.first?.contains("ccc") == true)
            #expect(try await scene.memory.decisions.unconfirmedSources.isSuperset(of: now))
        }
    }

    @Test func `a new source waits also when zood is killed after it was written here`() async throws {
        try await withFollowed { scene in
            let theirs = try scene.readme().replacing("files.example.org", with: "evil.example.org")
            try await scene.push(["readme.md": theirs])
            try await scene.perform(.readGist(scene.gist), on: scene.rooms.view(of: "net"))
            let database = scene.rooms.store.database
            try await database.write {
                try $0.execute(
                    sql: """
                        CREATE TEMP TRIGGER full BEFORE INSERT ON main.event WHEN NEW.kind = 'gist-pulled'
                        BEGIN SELECT RAISE(FAIL, 'full'); END
                        """)
            }
            await #expect(throws: (any Error).self) { try await scene.perform(.integrate(scene.gist), on: scene.rooms.view(of: "net")) }
            #expect(try scene.readme() == theirs)
            #expect(try await scene.memory.gist?.remote != nil)
            try await database.write { try $0.execute(sql: "DROP TRIGGER full") }
            try await scene.settle()
            #expect(try await scene.memory.gist?.remote == nil)
            #expect(try await scene.memory.decisions.unconfirmedSources == declared(scene))
        }
    }

    @Test func `a new source waits also in a readme of a name that goes before the one here`() async throws {
        let readme = SyncScene.readme.replacing("license: MIT\n", with: Self.source + "license: MIT\n")
        try await SyncScene.with(readme: readme, named: "README.md", files: [:]) { scene in
            try await scene.change { $0.gist!.isOwn = false }
            let theirs = try scene.rooms.text(of: "net/README.md").replacing("files.example.org", with: "evil.example.org")
            try await scene.push(["readme.md": theirs])
            try await scene.settle(.pull)
            let now = try await declared(scene)
            #expect(now.first?.contains("evil") == true)
            #expect(try await scene.memory.decisions.unconfirmedSources.isSuperset(of: now))
        }
    }

    @Test func `a file caffemodel-url that comes with somebody else's gist waits as well`() async throws {
        try await SyncScene.with(readme: SyncScene.readme.replacing("license", with: "caffemodel: net.caffemodel\nlicense"), files: [:]) {
            scene in
            try await scene.change { $0.gist!.isOwn = false }
            try await scene.push(["caffemodel-url": "https://evil.example.org/net.caffemodel\n"])
            try await scene.settle(.pull)
            let now = try await declared(scene)
            #expect(now.first?.contains("evil") == true)
            #expect(try await scene.memory.decisions.unconfirmedSources.isSuperset(of: now))
        }
    }
}
