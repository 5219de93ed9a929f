import Foundation
import ModelInfo
import Planning
import SystemIO
import Testing

@testable import SyncEngine

@Suite struct ReviewLeftoverTests {
    @Test func `what an interrupted edit left is kept as a version before it is removed`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write("---\nname: Net\n---\n\nOne.\n", to: "net/readme.md")
            let name = AtomicReplacement.stagedPrefix + "0011223344556677"
            try rooms.write("saved by a person\n", to: "net/\(name)")
            let (seen, model) = try await rooms.view(of: "net")
            var policy = Policy()
            policy.host = .none
            // Fresh: perhaps zooctl is editing just now.
            #expect(plan(seen, policy: policy, now: Date()).isQuiet)
            let later = Date(timeIntervalSinceNow: 700)
            let action = Action.keepLeftover(try RelativePath(name))
            #expect(plan(seen, policy: policy, now: later).actions == [action])
            policy.zooIsReadOnly = true
            #expect(plan(seen, policy: policy, now: later).actions.isEmpty)

            let performer = rooms.reconciler.performer
            #expect(try await performer.perform(action, on: seen, model, in: rooms.zoo))
            #expect(try rooms.store.version(1, of: seen.id)?.files == [name: Array("saved by a person\n".utf8)])
            #expect(!FileManager.default.fileExists(atPath: directory.appending("zoo/net/\(name)").string))
            // Gone meanwhile: nothing to do, and nothing to try again at once.
            #expect(try await !performer.perform(action, on: seen, model, in: rooms.zoo))
        }
    }

    @Test func `an edit in place keeps both images as versions first`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let before = "---\nname: Net\n---\n"
            try rooms.write(before, to: "net/readme.md")
            let folder = try rooms.zoo.root.directory(try RelativePath("net"))
            let readme = try RelativePath("readme.md")
            let (bytes, identity) = try folder.readFile(readme, limit: 1000)
            let id = try rooms.id("net")
            try InPlaceEdit(model: id, file: readme, before: bytes, after: Array("new\n".utf8))
                .perform(in: folder, expected: identity, store: rooms.store, at: Date())
            #expect(try (1...2).map { try rooms.store.version($0, of: id)?.files["readme.md"] } == [bytes, Array("new\n".utf8)])
            #expect(try rooms.store.versions(of: id, limit: 9).map(\.reason) == [.edited, .replaced])
            #expect(try rooms.text(of: "net/readme.md") == "new\n")
            #expect(try rooms.store.journals().isEmpty)
        }
    }
}
