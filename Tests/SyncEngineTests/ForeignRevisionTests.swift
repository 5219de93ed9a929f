import Foundation
import ModelInfo
import Planning
import Testing

@testable import SyncEngine

/// An update has no precondition: what somebody else writes right before it, and answers that are lost.
@Suite struct ForeignRevisionTests {
    /// Everything that was ever in a gist's readme.
    private func revisions(of scene: SyncScene) async throws -> [String] {
        var texts: [String] = []
        for revision in try await scene.rooms.host.inner.revisions(of: scene.gist, limit: 100) {
            texts.append(try await scene.rooms.host.inner.read(scene.gist, at: revision.revision).files["readme.md"] ?? "")
        }
        return texts
    }

    @Test func `a revision that comes between the reading and the update is brought here, merged and sent again`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            scene.rooms.host.change { $0.beforeUpdate = ["readme.md": before.with("One.", "Theirs.")] }
            try scene.save(before.with("Four.", "Ours."))
            #expect(try await scene.settle().gist.state == .inSync)
            let merged = before.with("One.", "Theirs.").with("Four.", "Ours.")
            #expect(try scene.readme() == merged)
            #expect(try await scene.remote() == scene.here())
            #expect(try await revisions(of: scene).count(where: { $0 == merged }) == 1)
        }
    }

    @Test func `what somebody else writes to another file in between is brought here too`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            scene.rooms.host.change { $0.beforeUpdate = ["deploy.prototxt": "theirs\n", "new.prototxt": "theirs too\n"] }
            try scene.save(before.with("Four.", "Ours."))
            #expect(try await scene.settle().gist.state == .inSync)
            #expect(try scene.here()["deploy.prototxt"] == "theirs\n" && scene.here()["new.prototxt"] == "theirs too\n")
            #expect(try scene.readme().contains("Ours."))
            #expect(try await scene.remote() == scene.here())
        }
    }

    @Test func `the same lines in between are a conflict, which no pull forgets and a person ends`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            let (theirs, ours) = (before.with("Two.", "Theirs."), before.with("Two.", "Ours."))
            scene.rooms.host.change { $0.beforeUpdate = ["readme.md": theirs] }
            try scene.save(ours)
            #expect(try await scene.settle().gist.state == .conflict)
            #expect(try scene.readme() == ours)
            #expect(try scene.versions(.remote).compactMap { $0["readme.md"] } == [theirs])
            for goal in [Goal.Kind.pull, .sync] { #expect(try await scene.settle(goal).gist.state == .conflict) }
            #expect(try scene.versions(.remote).count == 1)
            #expect(try await scene.count(.gistConflict) == 1)
            #expect(try await scene.settle(.resolve(.remote), number: 3).gist.state == .inSync)
            #expect(try scene.readme() == theirs)
            #expect(try await scene.remote() == scene.here())
        }
    }

    @Test(arguments: [false, true])
    func `an update whose answer is lost was carried out once, and is told and kept as any other`(withEdit: Bool) async throws {
        try await SyncScene.with { scene in
            let (before, count) = (try scene.readme(), try await scene.revisionCount)
            scene.rooms.host.change { $0.afterUpdate = .answerLost("cut") }
            let ours = before.with("Four.", "Ours.")
            try scene.save(ours)
            try scene.save("x: 1\n", as: "solver.prototxt")
            try await scene.settle(.publish(PublishWish()))
            #expect(try await scene.memory.gistTrouble?.kind == .network)
            if withEdit { try scene.save(ours.with("One.", "Ours too.")) }
            #expect(try await scene.settle(.sync).gist.state == .inSync)
            #expect(try await scene.remote() == scene.here())
            #expect(try await scene.revisionCount == count + (withEdit ? 2 : 1))
            let sent = try scene.versions(.sent).compactMap { $0["readme.md"] }
            #expect(sent.count { $0 == ours } == 1, "what was sent is kept")
            #expect(try await scene.count(.gistUpdated) == (withEdit ? 3 : 2))
            // The new name went out with it, and so is none any more.
            try scene.save("x: 2\n", as: "solver.prototxt")
            try await scene.settle()
            #expect(try await scene.remote()["solver.prototxt"] == "x: 2\n")
        }
    }

    @Test(arguments: ["One.", "Four."])
    func `an answer that is lost hides no revision that came in between`(paragraph: String) async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            scene.rooms.host.change {
                $0.beforeUpdate = ["readme.md": before.with(paragraph, "Theirs.")]
                $0.afterUpdate = .answerLost("cut")
            }
            try scene.save(before.with("Four.", "Ours."))
            try await scene.settle()
            let plan = try await scene.settle(.sync)
            if paragraph == "Four." {
                #expect(plan.gist.state == .conflict)
                #expect(try scene.versions(.remote).compactMap { $0["readme.md"] } == [before.with(paragraph, "Theirs.")])
            } else {
                #expect(plan.gist.state == .inSync)
                #expect(try scene.readme() == before.with("One.", "Theirs.").with("Four.", "Ours."))
                #expect(try await scene.remote() == scene.here())
            }
        }
    }

    @Test func `what somebody wrote after an update whose answer was lost is merged with what was sent`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            scene.rooms.host.change { $0.afterUpdate = .answerLost("cut") }
            let ours = before.with("Four.", "Ours.")
            try scene.save(ours)
            try await scene.settle()
            try await scene.push(["readme.md": ours.with("One.", "Theirs.")])
            #expect(try await scene.settle(.sync).gist.state == .inSync)
            #expect(try scene.readme() == ours.with("One.", "Theirs."))
            #expect(try await scene.remote() == scene.here())
        }
    }

    @Test func `one that our own writing went over is kept also when somebody writes again before it was brought here`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            let theirs = before.with("Two.", "Theirs.")
            scene.rooms.host.change { $0.beforeUpdate = ["readme.md": theirs] }
            try scene.save(before.with("Two.", "Ours."))
            let look = try await scene.rooms.view(of: "net")
            let text = try scene.readme()
            try await scene.perform(.updateGist(scene.gist, changes: ["readme.md": text]), on: look)
            #expect(try await scene.memory.gist?.remote?.files["readme.md"] == theirs)
            try await scene.push(["readme.md": text.with("Four.", "And again.")])
            // Both changed the same line, so a person decides about that one before anything newer comes.
            #expect(try await scene.settle(.pull).gist.state == .conflict)
            #expect(try scene.versions(.remote).contains { $0["readme.md"] == theirs })
            #expect(try await scene.settle(.resolve(.local), .pull, number: 2).gist.state == .inSync)
            #expect(try scene.readme() == text.with("Four.", "And again."))
        }
    }

    @Test(arguments: [HostUnderTest.Told.noRevision, .revisionBefore, .lagging], [false, true])
    func `an update that is not told what it went over is looked at, and loses no revision`(
        told: HostUnderTest.Told, isInterleaved: Bool
    ) async throws {
        try await SyncScene.with { scene in
            let (before, count) = (try scene.readme(), try await scene.revisionCount)
            let theirs = before.with("One.", "Theirs.")
            scene.rooms.host.change {
                $0.beforeUpdate = isInterleaved ? ["readme.md": theirs] : nil
                $0.updateTells = told
            }
            let ours = before.with("Four.", "Ours.")
            try scene.save(ours)
            if told == .lagging {
                #expect(try await scene.settle().gist.note?.contains("does not tell its newest revision yet") == true)
            }
            #expect(try await scene.settle(.sync).gist.state == .inSync)
            #expect(try scene.readme() == (isInterleaved ? theirs.with("Four.", "Ours.") : ours))
            #expect(try await scene.remote() == scene.here())
            #expect(try await scene.revisionCount == count + (isInterleaved ? 3 : 1))
            #expect(try await scene.memory.gist?.sending == nil)
        }
    }

    @Test func `a revision that cannot be read does not make its gist gone`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            scene.rooms.host.change {
                $0.beforeUpdate = ["readme.md": before.with("One.", "Theirs.")]
                $0.losesRevisions = true
            }
            try scene.save(before.with("Four.", "Ours."))
            #expect(try await scene.settle().gist.state == .failed)
            #expect(try await scene.memory.gistTrouble?.kind == .network, "it is tried again")
            scene.rooms.host.change { $0.losesRevisions = false }
            #expect(try await scene.settle(.sync).gist.state == .inSync)
            #expect(try scene.readme() == before.with("One.", "Theirs.").with("Four.", "Ours."))
        }
    }

    @Test func `an update that never arrived is sent again`() async throws {
        try await SyncScene.with { scene in
            let (before, count) = (try scene.readme(), try await scene.revisionCount)
            try scene.save(before.with("Four.", "Ours."))
            let wanted = try scene.here()
            // As a kill right before the request leaves it.
            try await scene.change {
                $0.gist!.sending = wanted
                $0.gist!.sendingOver = $0.gist!.revision
            }
            #expect(try await scene.settle().gist.state == .inSync)
            #expect(try await scene.remote() == scene.here())
            #expect(try await scene.revisionCount == count + 1)
        }
    }
}
