import Foundation
import ModelInfo
import Planning
import Testing

@testable import SyncEngine

@Suite struct ReviewGistTests {
    static let readme = "---\nname: Net\n---\n\nOne.\n"

    /// A published model whose readme carries the id.
    private func withPublishedModel(_ body: (RoomsUnderTest, GistID) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.readme, to: "net/readme.md")
            let (view, model) = try await rooms.view(of: "net")
            try await rooms.publisher.create(model.reading.publishable.mapValues(\.text), isPublic: false, for: view, model)
            let id = try #require(try await rooms.store.memory(of: view.id).gist?.id)
            try await body(rooms, id)
        }
    }

    private func update(_ text: String, _ rooms: RoomsUnderTest, _ id: GistID) async throws -> ModelMemory {
        try rooms.write(text, to: "net/readme.md")
        let (view, model) = try await rooms.view(of: "net")
        try await rooms.publisher.update(id, ["readme.md": .some(text)], for: view, model)
        return try await rooms.store.memory(of: view.id)
    }

    @Test func `an edit after an update whose answer was lost is no conflict with oneself`() async throws {
        try await withPublishedModel { rooms, id in
            rooms.host.change { $0.afterUpdate = .answerLost("cut") }
            let lost = try await update(Self.readme + "Two.\n", rooms, id)
            #expect(lost.gistTrouble?.kind == .network)
            let memory = try await update(Self.readme + "Three.\n", rooms, id)
            #expect(memory.gistTrouble == nil)
            #expect(try await rooms.host.inner.read(id).files == ["readme.md": Self.readme + "Three.\n"])
            #expect(memory.gist?.sending == nil)
        }
    }

    @Test func `what somebody else writes in the moment of an update is found, and neither lost nor taken out again`() async throws {
        try await withPublishedModel { rooms, id in
            rooms.host.change { $0.beforeUpdate = ["notes.md": .some("mine\n")] }
            let memory = try await update(Self.readme + "Two.\n", rooms, id)
            #expect(memory.gistTrouble == nil && memory.gist?.remote?.files["notes.md"] == "mine\n")
            #expect(memory.gist?.files == ["readme.md": Self.readme])
            #expect(try await rooms.host.inner.read(id).files["notes.md"] == "mine\n")
        }
    }

    @Test func `a gist that was made and could not be written down is looked for, not made again`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.readme, to: "net/readme.md")
            let (view, model) = try await rooms.view(of: "net")
            let store = rooms.store
            // One write fails, the next one works: the state's disk was full for a moment.
            rooms.host.change {
                $0.afterCreation = {
                    try? store.database.write {
                        try $0.execute(sql: "CREATE TEMP TRIGGER full BEFORE INSERT ON main.gist BEGIN SELECT RAISE(FAIL, 'full'); END")
                    }
                }
            }
            try await rooms.publisher.create(model.reading.publishable.mapValues(\.text), isPublic: false, for: view, model)
            let memory = try await store.memory(of: view.id)
            #expect(memory.gist == nil)
            #expect(memory.intent?.sentAt != nil)
        }
    }

    @Test func `what was to be secret is not made public by a second try`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.readme, to: "net/readme.md")
            var policy = Policy()
            (policy.createsGists, policy.newGistsArePublic) = (true, true)
            for (sentAt, searches) in [(Date(timeIntervalSince1970: 0), 4), (nil, 0)] {
                let (seen, model) = try await rooms.view(of: "net")
                var view = seen
                view.memory.intent = PublishIntent(token: "aabbccddeeff", sentAt: sentAt, fruitlessSearches: searches)
                view.brake[.firstPublication] = .granted
                #expect(
                    plan(view, policy: policy, now: Date()).actions
                        == [.createGist(files: model.reading.publishable.mapValues(\.text), isPublic: false)])
            }
        }
    }

    @Test func `a second try is as public as the newest wish says`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.readme, to: "net/readme.md")
            for (wish, isPublic) in [(nil, true), (false, false), (true, true)] as [(Bool?, Bool)] {
                let (seen, model) = try await rooms.view(of: "net")
                var view = seen
                view.memory.intent = PublishIntent(
                    token: "aabbccddeeff", isPublic: true, sentAt: Date(timeIntervalSince1970: 0), fruitlessSearches: 4)
                view.goals = [true, wish].enumerated().map { number, isPublic in
                    Goal(id: Int64(number), kind: .publish(PublishWish(isPublic: isPublic)), requestedAt: Date())
                }
                #expect(
                    plan(view, policy: Policy(), now: Date()).actions
                        == [.createGist(files: model.reading.publishable.mapValues(\.text), isPublic: isPublic)])
            }
        }
    }

    @Test func `a host that is down is asked by one model and not by all`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            rooms.host.change { $0.outage = .unavailable("no route") }
            let id = try #require(GistID(bare: "local-00000000000000000000000000000000"))
            for _ in 0..<50 {
                await #expect(throws: GistFailure.unavailable("no route")) {
                    try await rooms.gate.read { host throws(GistFailure) in try await host.read(id) }
                }
            }
            #expect(rooms.host.requests < 10)
            await rooms.gate.use(rooms.host, isAnother: false)
            rooms.host.change { $0.outage = .notFound("none") }
            for _ in 0..<20 {
                _ = try? await rooms.gate.read { host throws(GistFailure) in try await host.read(id) }
            }
            #expect(rooms.host.requests >= 20)
        }
    }

    @Test func `an id that a person wrote between the look and the edit is not written over`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.readme, to: "net/readme.md")
            let (view, model) = try await rooms.view(of: "net")
            let theirs = "---\nname: Net\ngist_id: local-11111111111111111111111111111111\n---\n\nOne.\n"
            try rooms.write(theirs, to: "net/readme.md")
            let ours = try #require(GistID(bare: "local-22222222222222222222222222222222"))
            try await rooms.editor.edit(.set("gist_id", ours.description), in: try RelativePath("readme.md"), for: view, model, rooms.zoo)
            #expect(try rooms.text(of: "net/readme.md") == theirs)
            #expect(try await rooms.store.memory(of: view.id).editTrouble?.notBefore != nil)
        }
    }

    @Test func `a renamed directory keeps its gist`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.readme, to: "net/readme.md")
            let (old, new) = (try rooms.id("net"), try rooms.id("renamed"))
            try await rooms.work(on: ["net"]) { await rooms.board[old]?.plan.gist.state == .inSync }
            let gist = try #require(try await rooms.store.memory(of: old).gist)

            try FileManager.default.moveItem(
                atPath: directory.appending("zoo/net").string, toPath: directory.appending("zoo/renamed").string)
            let again = try await RoomsUnderTest(in: directory, zoo: rooms.zoo)
            try await again.work(on: ["net", "renamed"]) { await again.board[new]?.plan.gist.state == .inSync }
            #expect(try await again.store.memory(of: new).gist?.id == gist.id)
            #expect(try await again.store.memory(of: old) == ModelMemory())
            #expect(await again.board[old] == nil)
        }
    }

    @Test func `a copied directory does not take the original's gist`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.readme, to: "net/readme.md")
            let (original, copy) = (try rooms.id("net"), try rooms.id("copy"))
            try await rooms.work(on: ["net"]) { await rooms.board[original]?.plan.gist.state == .inSync }
            try rooms.write(try rooms.text(of: "net/readme.md"), to: "copy/readme.md")
            let again = try await RoomsUnderTest(in: directory, zoo: rooms.zoo)
            try await again.work(on: ["copy", "net"]) { await again.board[copy]?.plan.gist.state == .held }
            #expect(try await again.store.memory(of: original).gist != nil)
            #expect(try await again.store.memory(of: copy).gist == nil)
        }
    }
}
