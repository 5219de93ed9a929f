import Foundation
import ModelInfo
import Planning
import Testing

@testable import SyncEngine

/// Merges that cannot be made, whatever the two sides hold.
@Suite struct MergeTroubleTests {
    private static let absent = GitProgram(program: "/nonexistent/git")

    /// A model of which both sides changed the readme.
    private func withBothChanged(_ body: (SyncScene) async throws -> Void) async throws {
        try await SyncScene.with(git: Self.absent) { scene in
            let before = try scene.readme()
            try await scene.push(["readme.md": before.with("One.", "Theirs.")])
            try scene.save(before.with("Four.", "Ours."))
            try await body(scene)
        }
    }

    /// The time of the next try has come.
    private func wait(_ scene: SyncScene) async throws {
        try await scene.change { $0.gistTrouble?.notBefore = Date(timeIntervalSince1970: 0) }
    }

    @Test func `without git a merge is told as such, tried again more and more seldom, and nothing is written or sent`() async throws {
        try await withBothChanged { scene in
            let (here, remote) = (try scene.here(), try await scene.remote())
            let pull = Goal(id: 1, kind: .pull, requestedAt: Date())
            var last: TimeInterval = 0
            for failures in 1...5 {
                // The pull has read the gist; what follows is tried by itself.
                let plan = try await failures == 1 ? scene.settle(.pull) : scene.settle()
                #expect(plan.gist.note?.contains("the program 'git' is not installed") == true, "\(plan.gist)")
                let trouble = try #require(try await scene.memory.gistTrouble)
                #expect(trouble.kind == .local && trouble.failures == failures)
                let wait = try #require(trouble.notBefore).timeIntervalSince(trouble.at)
                #expect(wait > 1.5 * last)
                last = max(wait, 1)
                var (view, _) = try await scene.rooms.view(of: "net")
                view.goals = [pull]
                let progress = pull.progress(in: Planning.plan(view, policy: scene.policy, now: Date()), view: view)
                if failures > 3 {
                    guard case .failed(.failed, let note, _) = progress else {
                        Issue.record("\(progress)")
                        return
                    }
                    #expect(note.contains("git"))
                } else {
                    #expect(progress == .goesOn)
                }
                try await self.wait(scene)
            }
            #expect(try scene.here() == here)
            #expect(try await scene.remote() == remote)
        }
    }

    @Test func `without git a person's word that asks for a merge fails and says so, and the other two need none`() async throws {
        try await withBothChanged { scene in
            #expect(try await scene.settle(.resolve(.merged)).gist.note?.contains("git") == true)
            #expect(try await scene.memory.editTrouble?.kind == .local)
            let look = try await scene.rooms.view(of: "net")
            await #expect(throws: GitProgramFailure.self) {
                try await scene.rooms.performer.integrator.changes(keeping: .merged, for: look.0, look.1)
            }
            #expect(try await scene.settle(.resolve(.remote), number: 2).gist.state == .inSync)
            #expect(try scene.readme().contains("Theirs."))
        }
    }

    @Test func `a place for merges that is no directory is told as what it is`() async throws {
        try await SyncScene.with { scene in
            let before = try scene.readme()
            try await scene.push(["readme.md": before.with("One.", "Theirs.")])
            try scene.save(before.with("Four.", "Ours."))
            let place = scene.rooms.directory.appending("merges").string
            #expect(FileManager.default.createFile(atPath: place, contents: Data()))
            #expect(try await scene.settle().gist.note?.contains("merge") == true)
            #expect(try await scene.memory.gistTrouble?.kind == .local)
            try FileManager.default.removeItem(atPath: place)
            try await wait(scene)
            #expect(try await scene.settle().gist.state == .inSync)
        }
    }
}
