import Foundation
import ModelInfo
import Planning
import SystemPackage
import Testing

@testable import SyncEngine

/// A host that keeps one gist and fails on demand.
private final class ScriptedHost: GistHost {
    struct Script: Sendable {
        var gist: Gist?
        /// What the next POST says although it was done.
        var createFailure: GistFailure?
        var updateCount = 0
    }

    let script = Shared(Script())
    var kind: GistHostKind { .local }

    func create(_ draft: GistDraft) async throws(GistFailure) -> Gist {
        let gist = Gist(
            id: GistID(bare: "local-" + String(repeating: "0", count: 32))!, description: draft.description, isPublic: draft.isPublic,
            owner: nil, revision: "r1", url: "file:///x", updatedAt: .now, files: draft.files)
        script.change { $0.gist = gist }
        if let failure = script.value.createFailure { throw failure }
        return gist
    }

    func read(_ id: GistID) async throws(GistFailure) -> Gist {
        guard let gist = script.value.gist else { throw .notFound("no") }
        return gist
    }

    func update(_ id: GistID, _ change: GistChange) async throws(GistFailure) -> Gist {
        script.change { script in
            script.updateCount += 1
            guard var gist = script.gist else { return }
            (gist.parent, gist.revision) = (gist.revision, "r\(script.updateCount + 1)")
            for (name, text) in change.files { gist.files[name] = text }
            script.gist = gist
        }
        return try await read(id)
    }

    func delete(_ id: GistID) async throws(GistFailure) {}

    func read(_ id: GistID, at revision: String) async throws(GistFailure) -> Gist { try await read(id) }
    func revisions(of id: GistID, limit: Int) async throws(GistFailure) -> [HostedRevision] { [] }

    func listing(_ request: GistListingRequest) async throws(GistFailure) -> GistListing {
        let gists = script.value.gist.map {
            [GistSummary(id: $0.id, description: $0.description, isPublic: false, owner: nil, createdAt: .now, updatedAt: .now)]
        }
        return .page(GistPage(gists: gists ?? [], next: nil, validator: nil))
    }

    func account() async throws(GistFailure) -> GistAccount { GistAccount(login: nil) }
}

struct ReconcilingPublisherTests {
    let clock = ManualClock()
    private let host = ScriptedHost()
    private let files = ["readme.md": "# u\u{308}\n"]
    let id = model("net")

    private func withPublisher(_ body: (GistPublisher, StateStore) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let store = try StateStore(directory: directory, now: clock.now)
            let gate = try await GistGate(.usable(host), store: store, clock: clock, health: HealthBoard())
            let events = try await EventLog(store: store)
            let chance = Chance(fraction: { 0 }, hex: { String(repeating: "ab", count: $0) })
            let publisher = GistPublisher(
                gate: gate, reader: GistReader(gate: gate, store: store, events: events, clock: clock, maximumFileSize: { 1 << 20 }),
                troubles: GistTroubles(events: events, clock: clock, chance: chance), store: store, events: events, clock: clock,
                chance: chance)
            try await body(publisher, store)
        }
    }

    private func view(_ store: StateStore) async throws -> (ModelView, PresentModel) {
        let reading = ModelReading(DirectorySnapshot(entries: []), maximumFileSize: 1, directory: "net")
        let model = PresentModel(reading: reading, contentMark: "mark")
        return (ModelView(id: id, disk: .present(model), memory: try await store.memory(of: id)), model)
    }

    @Test func `a lost answer is searched for at once, and the gist adopted that carries the intent`() async throws {
        try await withPublisher { publisher, store in
            host.script.change { $0.createFailure = .answerLost("reset") }
            var (view, model) = try await view(store)
            try await publisher.create(files, isPublic: true, for: view, model)
            var memory = try await store.memory(of: id)
            #expect(memory.intent == PublishIntent(token: "abababababab", isPublic: true, sentAt: clock.now))
            #expect(memory.gistTrouble == nil && memory.gist == nil, "no wait stands before the search")
            (view, model) = try await self.view(store)
            try await publisher.findOwn(memory.intent!, for: view, model)
            memory = try await store.memory(of: id)
            #expect(memory.gist?.id == host.script.value.gist?.id && memory.intent == nil)
            #expect(host.script.value.gist?.description.hasSuffix("[zood:abababababab]") == true)
        }
    }

    @Test func `a request that surely did nothing keeps its intent for the next, and waits`() async throws {
        try await withPublisher { publisher, store in
            host.script.change { $0.createFailure = .unavailable("no route") }
            let (view, model) = try await view(store)
            try await publisher.create(files, isPublic: false, for: view, model)
            let memory = try await store.memory(of: id)
            #expect(memory.intent == PublishIntent(token: "abababababab", isPublic: false, sentAt: nil))
            #expect(memory.gistTrouble?.notBefore == clock.now.addingTimeInterval(2))
        }
    }

    @Test func `a search without success is counted`() async throws {
        try await withPublisher { publisher, store in
            let intent = PublishIntent(token: "abababababab", isPublic: false, sentAt: clock.now)
            try await store.record(id) { $0.intent = intent }
            let (view, model) = try await view(store)
            try await publisher.findOwn(intent, for: view, model)
            #expect(try await store.memory(of: id).intent?.fruitlessSearches == 1)
        }
    }

    @Test func `what only Unicode calls equal is sent, and a foreign change of that kind is seen`() async throws {
        try await withPublisher { publisher, store in
            var (view, model) = try await view(store)
            try await publisher.create(files, isPublic: false, for: view, model)
            (view, model) = try await self.view(store)
            try await publisher.update(view.memory.gist!.id, ["readme.md": "# \u{FC}\n"], for: view, model)
            #expect(host.script.value.updateCount == 1)
            #expect(try await store.memory(of: id).gist?.files["readme.md"]?.utf8.count == 5)
            host.script.change { $0.gist?.files["readme.md"] = "# u\u{308}\n" }
            (view, model) = try await self.view(store)
            try await publisher.update(view.memory.gist!.id, ["readme.md": "# new\n"], for: view, model)
            #expect(host.script.value.updateCount == 1)
            #expect(try await store.memory(of: id).gist?.remote?.files["readme.md"]?.utf8.count == 6)
        }
    }
}
