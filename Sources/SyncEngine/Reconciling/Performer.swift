import FoundationEssentials
import ModelInfo
import Planning

/// Does what a plan says, one action at a time, and records what came of it.
struct Performer: Sendable {
    let publisher: GistPublisher
    let reader: GistReader
    let integrator: GistIntegrator
    let remover: GistRemover
    let troubles: GistTroubles
    let adder: ModelAdder
    let editor: ReadmeEditor
    let restorer: VersionRestorer
    let workshop: BinaryWorkshop
    let brake: BrakeGate
    let clock: any DaemonClock

    /// - Returns: Whether the model should be looked at again at once, since the action changed what a look would see.
    func perform(_ action: Action, on view: ModelView, _ model: PresentModel, in zoo: Zoo) async throws -> Bool {
        switch action {
        case .createGist(let files, let isPublic):
            try await publisher.create(files, isPublic: isPublic, for: view, model)
        case .findOwnGist(let intent):
            try await publisher.findOwn(intent, for: view, model)
        case .updateGist(let id, let changes):
            try await publisher.update(id, changes, for: view, model)
        case .writeGistID(let id, let readme):
            try await editor.edit(.set("gist_id", id.description), in: readme, for: view, model, zoo)
        case .removeGistID(_, let readme):
            try await editor.edit(.remove("gist_id"), in: readme, for: view, model, zoo)
        case .readGist(let id):
            try await asking(view, model) { () throws(GistFailure) in try await reader.read(id, for: view) }
        case .meetGist(let id):
            try await asking(view, model) { () throws(GistFailure) in try await reader.meet(id, for: view, model) }
        case .integrate:
            try await integrator.integrate(for: view, model, in: zoo)
        case .resolve(_, let side, let goal):
            try await integrator.resolve(keeping: side, goal: goal, for: view, model, in: zoo)
        case .deleteGist(let id, let goal):
            try await remover.delete(id, goal: goal, for: view, model)
        case .restoreVersion(let number, let goal):
            try await restorer.restore(number, goal: goal, for: view, model, in: zoo)
        case .allowSecrets(let lines):
            try await allow(lines, in: view.id)
        case .allowAnySize(let sources):
            try await allowAnySize(of: sources, in: view.id)
        case .addModel, .settleArrival:
            return try await performWithoutFiles(action, on: view, in: zoo)
        case .askBrake(let kind):
            await brake.ask(kind, for: view.id, at: clock.now)
            return false
        case .fetch(let declared, let purpose):
            await workshop.fetch(declared, purpose, for: view, in: zoo)
        case .verify:
            await read([action], of: view, model, in: zoo)
            return false
        case .keepLeftover(let file):
            return try await editor.keep(leftover: file, of: view.id, in: zoo)
        case .sleep:
            return false
        }
        return true
    }

    /// Has files read: all of a model's together, and beside the lanes. No look would see any of it.
    func read(_ readings: [Action], of view: ModelView, _ model: PresentModel, in zoo: Zoo) async {
        await workshop.read(readings.compactMap(ReadingOrder.init), for: view, model, in: zoo)
    }

    private func allow(_ lines: Set<AllowedSecret>, in id: ModelID) async throws {
        let files = Set(lines.map(\.file)).sorted().joined(separator: ", ")
        let event = NewEvent(
            at: clock.now, kind: .secretAllowed, model: id,
            message: "\(lines.count == 1 ? "a line" : "\(lines.count) lines") of \(files) may go out although it looks like a secret",
            details: ["files": files])
        try await publisher.events.record(id, [event]) { $0.decisions.allowedSecrets.formUnion(lines) }
    }

    private func allowAnySize(of sources: Set<String>, in id: ModelID) async throws {
        let event = NewEvent(
            at: clock.now, kind: .sizeAllowed, model: id,
            message: "its binaries may be larger than binaries.max_size, as they are named now")
        try await publisher.events.record(id, [event]) { $0.decisions.sourcesOfAnySize.formUnion(sources) }
    }

    /// The few actions that are about a directory that is not there. All others wait until it is.
    func performWithoutFiles(_ action: Action, on view: ModelView, in zoo: Zoo) async throws -> Bool {
        switch action {
        case .addModel(let wish, let goal): try await adder.add(wish, goal: goal, for: view, in: zoo)
        case .restoreVersion(let number, let goal): try await restorer.restore(number, goal: goal, for: view, nil, in: zoo)
        case .settleArrival(let arrival): try await adder.settle(arrival, for: view, in: zoo)
        default: return false
        }
        return true
    }

    private func asking(_ view: ModelView, _ model: PresentModel, _ body: () async throws(GistFailure) -> Void) async throws {
        do throws(GistFailure) { try await body() } catch { try await troubles.note(error, for: view, model) }
    }
}
