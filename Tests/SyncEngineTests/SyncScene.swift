import Foundation
import ModelInfo
import Planning
import SystemPackage
import Testing

@testable import SyncEngine

/// One published model, whose gist others change, and passes over it as the test asks for them.
struct SyncScene {
    let rooms: RoomsUnderTest
    let model: ModelID
    let gist: GistID
    var policy: Policy

    /// Paragraphs apart from each other, so that each can be changed by itself.
    static let paragraphs = ["One.", "Two.", "Three.", "Four."]
    static let head = "---\nname: Net\nlicense: MIT\n---\n\n"
    static let readme = head + paragraphs.joined(separator: "\n\n") + "\n"
    static let prototxt = "name: \"net\"\ninput: \"data\"\n"

    /// Runs `body` with a model that has a gist of its own, in sync.
    static func with(
        readme: String = readme, named name: String = "readme.md", files: [String: String] = ["deploy.prototxt": prototxt],
        git: GitProgram = GitProgram(), _ body: (SyncScene) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory, git: git)
            for (name, text) in files.merging([name: readme], uniquingKeysWith: { $1 }) { try rooms.write(text, to: "net/\(name)") }
            var policy = Policy()
            (policy.createsGists, policy.fetchesBinaries) = (true, false)
            try await SyncScene.settle(rooms, "net", policy)
            let model = try rooms.id("net")
            let gist = try #require(try await rooms.store.memory(of: model).gist)
            let scene = SyncScene(rooms: rooms, model: model, gist: gist.id, policy: policy)
            #expect(try await scene.remote() == scene.here())
            try await body(scene)
        }
    }

    /// Makes passes until nothing is to be done, and returns the last one's plan.
    @discardableResult
    static func settle(_ rooms: RoomsUnderTest, _ path: String, _ policy: Policy, goals: [Goal] = []) async throws -> Plan {
        for _ in 0..<20 {
            var (view, model) = try await rooms.view(of: path)
            view.goals = goals
            for kind in BrakeKind.allCases { view.brake[kind] = .granted }
            let plan = Planning.plan(view, policy: policy, now: Date())
            if plan.isQuiet { return plan }
            for action in plan.actions { _ = try await rooms.performer.perform(action, on: view, model, in: rooms.zoo) }
        }
        Issue.record("no rest after 20 passes")
        return Planning.plan(try await rooms.view(of: path).0, policy: policy, now: Date())
    }

    @discardableResult
    func settle(_ goals: Goal.Kind..., number: Int64 = 1) async throws -> Plan {
        try await Self.settle(rooms, "net", policy, goals: goals.map { Goal(id: number, kind: $0, requestedAt: Date()) })
    }

    /// One action, upon what was looked at before.
    func perform(_ action: Action, on look: (ModelView, PresentModel)) async throws {
        _ = try await rooms.performer.perform(action, on: look.0, look.1, in: rooms.zoo)
    }

    /// Somebody else changes the gist; nobody here hears of it.
    func push(_ files: [String: String?]) async throws { _ = try await rooms.host.inner.update(gist, GistChange(files: files)) }

    /// What the gist holds now.
    func remote() async throws -> [String: String] { try await rooms.host.inner.read(gist).files }

    var revisionCount: Int { get async throws { try await rooms.host.inner.revisions(of: gist, limit: 100).count } }

    func path(_ name: String) -> String { rooms.directory.appending("zoo/net/\(name)").string }

    /// Every file of the directory.
    func here() throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: rooms.directory.appending("zoo/net").string) {
            files[name] = try rooms.text(of: "net/\(name)")
        }
        return files
    }

    func readme(_ name: String = "readme.md") throws -> String { try rooms.text(of: "net/\(name)") }

    func save(_ text: String, as name: String = "readme.md") throws { try rooms.write(text, to: "net/\(name)") }

    var memory: ModelMemory { get async throws { try await rooms.store.memory(of: model) } }

    func change(_ body: @escaping @Sendable (inout ModelMemory) -> Void) async throws {
        _ = try await rooms.store.record(model, body)
    }

    /// Kept versions with what they hold, oldest first.
    func versions(_ reason: VersionReason? = nil) throws -> [[String: String]] {
        try rooms.store.versions(of: model, limit: 1000).reversed().filter { reason == nil || $0.reason == reason }.compactMap {
            try rooms.store.version($0.number, of: model)?.files.mapValues { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Oldest first.
    func events() async throws -> [EventKind] {
        try await rooms.store.events(after: 0, limit: 1000, of: model).compactMap { EventKind(rawValue: $0.event.kind) }
    }

    func count(_ kind: EventKind) async throws -> Int { try await events().count { $0 == kind } }
}

extension String {
    /// With one paragraph replaced.
    func with(_ old: String, _ new: String) -> String { replacing(old, with: new) }
}
