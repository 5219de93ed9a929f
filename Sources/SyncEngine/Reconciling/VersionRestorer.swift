import FoundationEssentials
import ModelInfo
import Planning
import SystemIO

/// Writes the files of a kept version back, for a person who asked for it. Files that the version does not name stay as they are, and the
/// model keeps the gist that it has: what differs goes out by the ordinary update, as a new revision.
struct VersionRestorer: Sendable {
    let writer: ModelFileWriter
    let store: StateStore
    let events: EventLog
    let lane: BlockingLane
    let clock: any DaemonClock
    let chance: Chance

    /// Bytes; a larger file is no model info.
    private static let fileLimit = 16 << 20

    /// - Parameter model: Nil where the readme, or the directory, is gone: then that comes back, too.
    ///
    /// Doing it twice is doing it once: what a kill left half written is kept, too, and then written whole.
    func restore(_ number: Int64, goal: Int64, for view: ModelView, _ model: PresentModel?, in zoo: Zoo) async throws {
        let outcome = try await lane.run { try write(number, view, model, in: zoo) }
        let (now, chance) = (clock.now, chance.fraction())
        guard outcome == .done else {
            let about = Goal(id: goal, kind: .rollback(version: number), requestedAt: now).mark
            return try await events.record(view.id, []) { memory in
                memory.editTrouble = Trouble.left(by: outcome, about: about, before: memory.editTrouble, now: now, chance: chance)
            }
        }
        CrashPoint.reach("rollback.before-record")
        let event = NewEvent(
            at: now, kind: .versionRestored, model: view.id, message: "the files of version \(number) were written back",
            details: ["version": String(number)])
        try await events.record(view.id, [event]) { memory in
            memory.decisions.carryOut(goal, open: view.goals)
            memory.editTrouble = nil
        }
        CrashPoint.reach("rollback.recorded")
    }

    /// Blocks.
    private func write(_ number: Int64, _ view: ModelView, _ model: PresentModel?, in zoo: Zoo) throws -> Outcome {
        do throws(SystemError) {
            if model == nil, !zoo.isReadOnly { try writer.makeDirectory(of: view.id, in: zoo) }
        } catch {
            return OutcomeJudge.judge(error, model: view.idWord)
        }
        switch try changes(to: number, view, model, in: zoo) {
        case .failure(let refusal): return refusal.outcome
        case .success([]): return .done
        case .success(let changes):
            return try writer.write(
                changes, of: view.id, in: zoo, reason: .rolledBack, byOwner: "zooctl rollback \(view.idWord) \(number)")
        }
    }

    /// Why a version cannot be written back.
    struct Refusal: Error {
        let outcome: Outcome
    }

    /// What has to be written to have the version's files back. Blocks.
    func changes(
        to number: Int64, _ view: ModelView, _ model: PresentModel?, in zoo: Zoo
    ) throws -> Result<[ModelFileWriter.Change], Refusal> {
        guard let version = try store.version(number, of: view.id) else {
            return refused("version \(number) is no longer kept", hint: "zooctl log \(view.idWord)")
        }
        let id = model.map { $0.reading.card?.gistIDText } ?? view.memory.gist?.id.description
        var changes: [ModelFileWriter.Change] = []
        for (name, bytes) in version.files {
            guard let text = String(validating: bytes, as: UTF8.self) else { return refused("\(name) of version \(number) is no text") }
            if let why = IncomingFiles.refusal(of: name, text, maximumByteCount: Self.fileLimit) { return refused(why) }
            if let skipped = model?.reading.skipped.first(where: { $0.name == name }) {
                return refused("\(name), as it is now, is none of the files that zood writes (\(skipped.code.rawValue))")
            }
            let present = model.map { $0.reading.publishable[name]?.text } ?? Self.text(of: name, of: view.id, in: zoo)
            guard let wanted = keeping(id, in: text, name) else {
                return refused("\(name) of version \(number) names another gist, and that line cannot be edited")
            }
            if present?.hasSameBytes(as: wanted) != true {
                changes.append(.init(name: try RelativePath(nameFromOutside: name), text: wanted, expected: present))
            }
        }
        return .success(changes)
    }

    /// What lies under a name in a directory that is no model now; nil when it is no text that can be read, which writing then tells.
    private static func text(of name: String, of id: ModelID, in zoo: Zoo) -> String? {
        guard let name = try? RelativePath(nameFromOutside: name), let directory = try? zoo.root.directory(id.path),
            let (bytes, _) = try? directory.readFile(name, limit: fileLimit)
        else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The text with the gist id that the present readme has; nil when it names another and cannot be edited.
    private func keeping(_ id: String?, in text: String, _ name: String) -> String? {
        guard ReadmeNames.isReadme(name) else { return text }
        let bytes = Array(text.utf8)
        let written = ModelCard(readme: bytes, fileName: name).gistIDText
        guard written != id else { return text }
        let edited =
            if let id { FrontmatterEditor.setting("gist_id", to: id, in: bytes) } else {
                FrontmatterEditor.removing("gist_id", in: bytes)
            }
        switch edited {
        case .success(let bytes): return String(decoding: bytes, as: UTF8.self)
        // One without an id gets it like every readme that lacks it.
        case .failure: return written == nil ? text : nil
        }
    }

    private func refused(_ why: String, hint: String? = nil) -> Result<[ModelFileWriter.Change], Refusal> {
        .failure(Refusal(outcome: .needsPerson(kind: .refused, why: why, hint: hint)))
    }
}
