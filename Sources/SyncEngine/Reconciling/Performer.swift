import FoundationEssentials
import ModelInfo
import Planning

/// Does what a plan says, one action at a time, and records what came of it.
struct Performer: Sendable {
    let publisher: GistPublisher
    let editor: ReadmeEditor
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
            try await editor.write(id, into: readme, for: view, model, in: zoo)
        case .askBrake(let kind):
            await brake.ask(kind, for: view.id, at: clock.now)
            return false
        case .fetch(let declared, let purpose):
            await workshop.fetch(declared, purpose, for: view, in: zoo)
        case .verify(let file, let sha1):
            await workshop.verify(file, sha1: sha1, for: view, model, in: zoo)
        case .keepLeftover(let file):
            return try await editor.keep(leftover: file, of: view.id, in: zoo)
        case .sleep:
            return false
        }
        return true
    }
}
