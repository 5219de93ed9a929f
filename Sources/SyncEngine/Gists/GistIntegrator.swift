import FoundationEssentials
import ModelInfo
import Planning
import SystemIO

/// Brings what a gist holds together with the files here, and makes it the new base. What the files here have beyond that goes out by the
/// ordinary update afterwards.
///
/// Doing it twice is doing it once: what was written here before a kill is found equal the second time.
struct GistIntegrator: Sendable {
    let merge: ThreeWayMerge
    let writer: ModelFileWriter
    let store: StateStore
    let events: EventLog
    let troubles: GistTroubles
    /// One merge at a time.
    let lane: BlockingLane
    let clock: any DaemonClock

    /// What comes of all files together.
    private struct Result {
        /// What is written here, by name.
        var writes: [String: String] = [:]
        /// Files that both sides changed in the same lines.
        var conflicts: [String] = []
        /// Files that were taken out of the gist and stay here.
        var goneThere: Set<String> = []
    }

    func integrate(for view: ModelView, _ model: PresentModel, in zoo: Zoo) async throws {
        guard let gist = view.memory.gist, let remote = gist.remote else { return }
        let mark = gist.conflictMark(model.contentMark)
        guard remote.files.keys.contains(where: { ReadmeNames.isReadme($0) }) else {
            return try await conflict("the gist has no readme any more", [], gist, remote, mark, for: view)
        }
        let result: Result
        do {
            result = try await lane.run { try merged(gist, remote, model, favouring: .nobody) }
        } catch let error where !(error is CancellationError) {
            return try await troubles.note(OutcomeJudge.judge(merging: error, model: view.idWord), about: mark, for: view)
        }
        guard result.conflicts.isEmpty else {
            let files = result.conflicts.sorted()
            return try await conflict(
                "\(files.joined(separator: ", ")): somebody else changed the same lines in the gist", files, gist, remote, mark, for: view)
        }
        let outcome = try await written(result.writes, model, view, in: zoo, byOwner: "zooctl pull \(view.idWord)")
        guard outcome == .done else { return try await troubles.note(outcome, about: mark, for: view) }
        try await settle(on: remote, result, .gistPulled, for: view)
    }

    /// Ends a conflict as a person decided.
    func resolve(keeping side: KeptSide, goal: Int64, for view: ModelView, _ model: PresentModel, in zoo: Zoo) async throws {
        guard let gist = view.memory.gist, let remote = gist.remote else { return }
        let result: Result
        do {
            result = try await decided(side, gist, remote, model)
        } catch let error where !(error is CancellationError) {
            return try await noteEdit(OutcomeJudge.judge(merging: error, model: view.idWord), gist, model, for: view)
        }
        try keepRemote(remote, for: view)
        let outcome = try await written(
            result.writes, model, view, in: zoo, byOwner: "zooctl resolve \(view.idWord) --keep \(side.rawValue)")
        guard outcome == .done else { return try await noteEdit(outcome, gist, model, for: view) }
        try await settle(on: remote, result, .gistResolved, carriedOut: goal, for: view)
    }

    private func noteEdit(_ outcome: Outcome, _ gist: GistMemory, _ model: PresentModel, for view: ModelView) async throws {
        let (now, about) = (clock.now, gist.conflictMark(model.contentMark))
        try await events.record(view.id, []) { memory in
            memory.editTrouble = Trouble.left(by: outcome, about: about, before: memory.editTrouble, now: now, chance: 0)
        }
    }

    /// What would be written here to bring both sides together, for somebody who does it in zood's place. Before an answer is given, what the
    /// gist holds is kept as a version, and of what is new in somebody else's gist it is known that nobody has asked for it.
    /// - Parameter side: As a person decides; nil: where nothing has to be decided.
    /// - Returns: Nothing where there is nothing to bring, or a person has to decide first.
    func changes(keeping side: KeptSide?, for view: ModelView, _ model: PresentModel) async throws -> [ModelFileWriter.Change] {
        guard let gist = view.memory.gist, let remote = gist.remote, side != nil || gist.hasBase,
            side != nil || remote.files.keys.contains(where: { ReadmeNames.isReadme($0) })
        else { return [] }
        let result: Result
        if let side {
            result = try await decided(side, gist, remote, model)
        } else {
            result = try await lane.run { try merged(gist, remote, model, favouring: .nobody) }
        }
        guard result.conflicts.isEmpty else { return [] }
        if side != nil { try keepRemote(remote, for: view) }
        try await holdBack(newSources(in: result.writes, model), for: view)
        return try Self.changes(result.writes, model)
    }

    private func decided(
        _ side: KeptSide, _ gist: GistMemory, _ remote: RemoteContent, _ model: PresentModel
    ) async throws -> Result {
        switch side {
        case .local: return Result()
        case .remote:
            return Result(
                writes: remote.files.filter { model.reading.publishable[$0.key]?.text.hasSameBytes(as: $0.value) != true },
                goneThere: Set(gist.files.keys).subtracting(remote.files.keys))
        case .merged: return try await lane.run { try merged(gist, remote, model, favouring: .local) }
        }
    }

    /// Blocks.
    private func merged(
        _ gist: GistMemory, _ remote: RemoteContent, _ model: PresentModel, favouring: ThreeWayMerge.Favour
    ) throws -> Result {
        var result = Result()
        let names = Set(gist.files.keys).union(remote.files.keys)
        for name in names.sorted() {
            let local = model.reading.publishable[name]?.text
            var (base, there) = (gist.files[name], remote.files[name])
            // The line with the gist's id is never what two sides differ about.
            let namesItself = ReadmeNames.isReadme(name) && local.map { carries(gist.id, $0, as: name) } ?? false
            if namesItself { (base, there) = (base?.naming(gist.id), there?.naming(gist.id)) }
            switch MergeStep.decide(base: base, local: local, remote: there) {
            case .keep: break
            case .take(let text): result.writes[name] = text
            case .goneThere: result.goneThere.insert(name)
            case .merge(let base, let local, let remote):
                let text =
                    namesItself
                    ? try merge.merge(base: base, local: local, remote: remote, naming: gist.id, favouring: favouring)
                    : try merge.merge(base: base, local: local, remote: remote, favouring: favouring)
                if let text {
                    if !text.hasSameBytes(as: local) { result.writes[name] = text }
                } else {
                    result.conflicts.append(name)
                }
            }
        }
        return result
    }

    private func carries(_ gist: GistID, _ text: String, as name: String) -> Bool {
        ModelCard(readme: Array(text.utf8), fileName: name).gistID == gist
    }

    private func written(
        _ writes: [String: String], _ model: PresentModel, _ view: ModelView, in zoo: Zoo, byOwner command: String
    ) async throws -> Outcome {
        guard !writes.isEmpty else { return .done }
        let changes = try Self.changes(writes, model)
        try await holdBack(newSources(in: writes, model), for: view)
        return try await lane.run { try writer.write(changes, of: view.id, in: zoo, reason: .replaced, byOwner: command) }
    }

    private static func changes(_ writes: [String: String], _ model: PresentModel) throws -> [ModelFileWriter.Change] {
        try writes.map { name, text in
            ModelFileWriter.Change(
                name: try RelativePath(nameFromOutside: name), text: text, expected: model.reading.publishable[name]?.text)
        }
    }

    /// Both sides have been brought together: what the gist holds is the base from now on.
    private func settle(
        on remote: RemoteContent, _ result: Result, _ kind: EventKind, carriedOut goal: Int64? = nil, for view: ModelView
    ) async throws {
        CrashPoint.reach("pull.before-record")
        let event = NewEvent(
            at: clock.now, kind: kind, model: view.id, message: Self.message(result, view),
            details: ["gist": view.memory.gist?.id.description ?? "", "revision": remote.revision ?? ""])
        try await events.record(view.id, [event]) { memory in
            guard var gist = memory.gist else { return }
            // Known by name, and here: sent without asking when they change. What was taken out of the gist waits like a new file.
            gist.everPublished.formUnion(remote.files.keys)
            gist.everPublished.subtract(result.goneThere)
            // Where an update of ours went over it, the gist holds what that made of it, and all of that is here too.
            if gist.sending == nil { gist.revision = remote.revision }
            (gist.files, gist.hasBase, gist.remote) = (gist.sending ?? remote.files, true, nil)
            (gist.sending, gist.sendingOver) = (nil, nil)
            gist.everPublished.formUnion(gist.files.keys)
            memory.gist = gist
            (memory.gistTrouble, memory.editTrouble) = (nil, nil)
            if let goal { memory.decisions.carryOut(goal, open: view.goals) }
        }
        CrashPoint.reach("pull.recorded")
    }

    private static func message(_ result: Result, _ view: ModelView) -> String {
        var parts: [String] = []
        if !result.writes.isEmpty { parts.append("\(result.writes.keys.sorted().joined(separator: ", ")) written") }
        if !result.goneThere.isEmpty {
            parts.append("\(result.goneThere.sorted().joined(separator: ", ")) deleted in the gist, kept here")
        }
        return parts.isEmpty ? "nothing to write here" : parts.joined(separator: "; ")
    }

    /// Of somebody else's gist a person has to want what is new. Known before it lies here: a kill in between would make it look old.
    private func holdBack(_ sources: Set<String>, for view: ModelView) async throws {
        guard view.memory.gist?.isOwn == false, !sources.isEmpty else { return }
        let now = clock.now
        try await events.record(view.id, []) { memory in
            memory.decisions.unconfirmedSources.formUnion(sources)
            memory.decisions.unconfirmedAt = now
        }
    }

    /// Where binaries would come from that was not so before, whichever of the readmes comes to count.
    private func newSources(in writes: [String: String], _ model: PresentModel) -> Set<String> {
        let before = model.reading.publishable.mapValues(\.text)
        return Self.sources(in: before.merging(writes) { $1 }).subtracting(Self.sources(in: before))
    }

    /// Whatever addresses they lead to: one that is refused now may be allowed later.
    private static func sources(in files: [String: String]) -> Set<String> {
        let urlFile = files[ModelFiles.urlFileName].map { Array($0.utf8) }
        let readmes = files.filter { ReadmeNames.isReadme($0.key) }
        return Set(
            readmes.flatMap {
                ModelCard(readme: Array($0.value.utf8), fileName: $0.key, urlFile: urlFile, addresses: .unrestricted)
                    .binaries.map(\.fetchMark)
            })
    }

    private func conflict(
        _ why: String, _ files: [String], _ gist: GistMemory, _ remote: RemoteContent, _ mark: String, for view: ModelView
    ) async throws {
        try keepRemote(remote, for: view)
        let isTold = view.memory.gistTrouble.map { $0.kind == .conflict && $0.about == mark } ?? false
        let event = NewEvent(
            at: clock.now, kind: .gistConflict, model: view.id, message: why,
            details: ["gist": gist.id.description, "revision": remote.revision ?? "", "files": files.joined(separator: ",")])
        let outcome = Outcome.needsPerson(
            kind: .conflict, why: why, hint: "zooctl diff \(view.idWord); then: zooctl resolve \(view.idWord) --keep local|remote|merged")
        try await troubles.note(outcome, about: mark, isTold ? [] : [event], for: view)
    }

    private func keepRemote(_ remote: RemoteContent, for view: ModelView) throws {
        try store.keepVersion(
            of: view.id, remote.files.mapValues { Array($0.utf8) }, reason: .remote, gistRevision: remote.revision, at: clock.now)
    }
}
