import FoundationEssentials
import ModelInfo
import Planning
import SystemIO

/// Writes one key into a model's readme: one line, every other byte as it was, and never over something that was saved meanwhile.
struct ReadmeEditor: Sendable {
    /// Bytes; a larger readme is not edited.
    static let readmeLimit = 16 << 20

    let store: StateStore
    let events: EventLog
    let lane: BlockingLane
    let clock: any DaemonClock
    let chance: Chance

    /// What happens to one key.
    enum Edit: Sendable {
        case set(String, String)
        case remove(String)

        func applied(to bytes: [UInt8]) -> Result<[UInt8], FrontmatterEditor.EditRefusal> {
            switch self {
            case .set(let key, let value): FrontmatterEditor.setting(key, to: value, in: bytes)
            case .remove(let key): FrontmatterEditor.removing(key, in: bytes)
            }
        }

        /// For an event: "gist_id 1234 written into readme.md".
        func told(of readme: RelativePath) -> String {
            switch self {
            case .set(let key, let value): "\(key) \(value) written into \(readme)"
            case .remove(let key): "\(key) taken out of \(readme)"
            }
        }

        /// For a person who does it instead.
        func command(in directory: String) -> String? {
            if case .set(let key, let value) = self { "zooctl set \(ShellWord.of(directory)) \(key)=\(value)" } else { nil }
        }
    }

    func edit(_ edit: Edit, in readme: RelativePath, for view: ModelView, _ model: PresentModel, _ zoo: Zoo) async throws {
        let outcome: Outcome
        switch model.edit {
        case .own:
            outcome = try await lane.run { Self.exchange(edit, readme, view, model.reading.card, in: zoo) }
        case .inPlace:
            outcome = try await lane.run {
                Self.writeInPlace(edit, readme, view, model.reading.card, in: zoo, store: store, at: clock.now)
            }
        case .ownerOnly, .never:
            return
        }
        let (now, chance) = (clock.now, chance.fraction())
        var news: [NewEvent] = []
        if outcome == .done {
            news.append(NewEvent(at: now, kind: .readmeEdited, model: view.id, message: edit.told(of: readme)))
        }
        let about = model.contentMark
        try await events.record(view.id, news) { memory in
            memory.editTrouble = Trouble.left(by: outcome, about: about, before: memory.editTrouble, now: now, chance: chance)
        }
    }

    /// Keeps what an interrupted edit left as a version, and only then removes it.
    /// - Returns: False when it cannot be read or removed: it is left where it is.
    func keep(leftover file: RelativePath, of id: ModelID, in zoo: Zoo) async throws -> Bool {
        let version = try await lane.run { () throws -> Int64? in
            let directory = try zoo.root.directory(id.path)
            guard let (bytes, _) = try? directory.readFile(file, limit: Self.readmeLimit) else { return nil }
            let version = try store.keepVersion(
                of: id, [file.description: bytes], reason: .leftover, gistRevision: nil, at: clock.now)
            CrashPoint.reach("leftover.kept")
            do { try directory.remove(file) } catch { return nil }
            return version
        }
        guard let version else { return false }
        try await events.record(
            NewEvent(
                at: clock.now, kind: .versionKept, model: id, message: "what an interrupted edit left was kept as version \(version)",
                details: ["version": String(version), "file": file.description]))
        return true
    }

    /// The daemon's own file (or the daemon may give files away): exchanged in one step.
    private static func exchange(
        _ edit: Edit, _ readme: RelativePath, _ view: ModelView, _ judged: ModelCard?, in zoo: Zoo
    ) -> Outcome {
        do {
            let directory = try zoo.root.directory(view.id.path)
            let before = try directory.readFile(readme, limit: readmeLimit)
            guard names(before.bytes, sameGistAs: judged, readme) else { return savedJustNow(readme) }
            switch edit.applied(to: before.bytes) {
            case .failure(let refusal): return refused(refusal)
            case .success(let bytes):
                CrashPoint.reach("readme.before-edit")
                _ = try AtomicReplacement.replace(readme, in: directory, expected: before, with: bytes)
                CrashPoint.reach("readme.edited")
                return .done
            }
        } catch let failure as ReplacementFailure {
            switch failure {
            case .changedMeanwhile, .exists: return savedJustNow(readme)
            case .notKept(let why):
                return .needsPerson(
                    kind: .refused, why: "\(readme) was left alone: \(why)",
                    hint: edit.command(in: zoo.absolute(view.id.path)))
            case .system(let error): return OutcomeJudge.judge(error, model: view.idWord)
            }
        } catch let error as SystemError {
            return OutcomeJudge.judge(error, model: view.idWord)
        } catch {
            return .retry(after: nil, kind: .local, because: "\(error)", hint: nil)
        }
    }

    /// Somebody else's file, where `files.edit_foreign: in-place` allows it. Both images are kept first, so that a torn write can be told
    /// from what a person saved.
    private static func writeInPlace(
        _ edit: Edit, _ readme: RelativePath, _ view: ModelView, _ judged: ModelCard?, in zoo: Zoo, store: StateStore,
        at now: Date
    ) -> Outcome {
        do {
            let directory = try zoo.root.directory(view.id.path)
            if let lock = try editorLock(beside: readme, in: directory) {
                return .retry(after: 60, kind: .local, because: "somebody edits \(readme) (\(lock) lies beside it)", hint: nil)
            }
            let before = try directory.readFile(readme, limit: readmeLimit)
            guard names(before.bytes, sameGistAs: judged, readme) else { return savedJustNow(readme) }
            switch edit.applied(to: before.bytes) {
            case .failure(let refusal): return refused(refusal)
            case .success(let after):
                let write = InPlaceEdit(model: view.id, file: readme, before: before.bytes, after: after)
                try write.perform(in: directory, expected: before.identity, store: store, at: now)
                return .done
            }
        } catch let error as SystemError {
            return OutcomeJudge.judge(error, model: view.idWord)
        } catch {
            return .retry(after: nil, kind: .local, because: "\(error)", hint: nil)
        }
    }

    /// Whether the readme still has the `gist_id` that it had when it was judged: one that a person wrote since is not written over.
    private static func names(_ bytes: [UInt8], sameGistAs judged: ModelCard?, _ readme: RelativePath) -> Bool {
        ModelCard(readme: bytes, fileName: readme.description).gistIDText == judged?.gistIDText
    }

    private static func savedJustNow(_ readme: RelativePath) -> Outcome {
        .retry(after: 1, kind: .local, because: "\(readme) was saved just now", hint: nil)
    }

    private static func refused(_ refusal: FrontmatterEditor.EditRefusal) -> Outcome {
        .needsPerson(kind: .refused, why: refusal.message, hint: refusal.lineToAdd.map { "add this line by hand: \($0)" })
    }

    /// A swap or lock file of an editor: vim's `.readme.md.swp`, emacs's `.#readme.md`, LibreOffice's `.~lock.readme.md#`.
    static func editorLock(beside readme: RelativePath, in directory: RootedDirectory) throws(SystemError) -> RelativePath? {
        let name = readme.description
        let marks = [".\(name).sw", ".#\(name)", ".~lock.\(name)", "#\(name)#"]
        return try directory.entries().entries.map(\.name).first { entry in marks.contains { entry.description.hasPrefix($0) } }
    }
}
