import FoundationEssentials
import ModelInfo
import Planning
import SystemIO

/// Makes and changes gists, and remembers what was sent. At most one gist per model: the intent is saved before the request.
struct GistPublisher: Sendable {
    let gate: GistGate
    let store: StateStore
    let events: EventLog
    let clock: any DaemonClock
    let chance: Chance

    /// Clocks of two machines may differ by so much: a gist that is a little older than the intent may still be its own. In seconds.
    static let clockSkew: TimeInterval = 300

    func create(_ files: [String: String], isPublic: Bool, for view: ModelView, _ model: PresentModel) async throws {
        // One that was sent before keeps its token, so that either request's gist is found by it.
        let intent = PublishIntent(token: view.memory.intent?.token ?? chance.hex(6), isPublic: isPublic, sentAt: clock.now)
        let name = model.reading.card?.name ?? view.id.path.name
        let draft = GistDraft(description: "\(name.prefix(200)) \(intent.mark)", isPublic: isPublic, files: files)
        try await events.record(view.id, []) { $0.intent = intent }
        CrashPoint.reach("gist.intent-saved")
        do throws(GistFailure) {
            let gist = try await gate.write { host throws(GistFailure) in try await host.create(draft) }
            CrashPoint.reach("gist.created")
            try await adopted(gist, as: .gistCreated, sent: Set(files.keys), for: view)
        } catch {
            // Without an answer that can be read it may be there. That is no failure to wait after: the search begins at once.
            if error.mayHaveBeenDone {
                let now = clock.now
                return try await events.record(view.id, []) { memory in
                    memory.intent?.sentAt = now
                    memory.intent?.fruitlessSearches = 0
                    memory.gistTrouble = nil
                }
            }
            // Else surely nothing is out there.
            try await failed(error, for: view, model) { memory, _ in
                memory.intent?.sentAt = nil
                memory.intent?.fruitlessSearches = 0
            }
        }
    }

    /// Looks through the own gists for the one that carries the intent's mark.
    func findOwn(_ intent: PublishIntent, for view: ModelView, _ model: PresentModel) async throws {
        guard let sentAt = intent.sentAt else { return }
        do throws(GistFailure) {
            let since = sentAt.addingTimeInterval(-Self.clockSkew)
            let found = try await gate.read { host throws(GistFailure) in try await host.own(since: since) }
                .first { $0.description.hasSuffix(intent.mark) }
            guard let found, try await isFree(found.id, for: view.id) else {
                try await remember(for: view) { $0.intent?.fruitlessSearches += 1 }
                return
            }
            let gist = try await gate.read { host throws(GistFailure) in try await host.read(found.id) }
            CrashPoint.reach("gist.found")
            try await adopted(gist, as: .gistAdopted, sent: Set(gist.files.keys), for: view)
        } catch {
            try await failed(error, for: view, model) { _, _ in }
        }
    }

    /// An id that another model has is never adopted.
    private func isFree(_ id: GistID, for model: ModelID) async throws(GistFailure) -> Bool {
        do {
            let keeper = try await store.keeper(of: id)
            return keeper == nil || keeper == model
        } catch {
            throw .unavailable("the state: \(error)")
        }
    }

    private func adopted(_ gist: Gist, as kind: EventKind, sent: Set<String>, for view: ModelView) async throws(GistFailure) {
        let now = clock.now
        let memory = GistMemory(
            id: gist.id, url: gist.url, revision: gist.revision, publishedAt: now, files: gist.files, everPublished: sent)
        let event = NewEvent(
            at: now, kind: kind, model: view.id, message: "gist \(gist.id) (\(gist.isPublic ? "public" : "secret"))",
            details: ["gist": gist.id.description, "url": gist.url])
        try await remember([event], for: view) { ($0.gist, $0.intent, $0.gistTrouble) = (memory, nil, nil) }
        CrashPoint.reach("gist.recorded")
    }

    /// PATCH has no precondition, so the newest revision is read right before: what somebody else wrote is not written over.
    func update(_ id: GistID, _ changes: [String: String?], for view: ModelView, _ model: PresentModel) async throws {
        guard let known = view.memory.gist else { return }
        var wanted = known.files
        for (name, text) in changes { wanted[name] = text }
        do throws(GistFailure) {
            var gist = try await gate.read { host throws(GistFailure) in try await host.read(id) }
            if !gist.files.hasSameBytes(as: wanted) {
                // An update whose answer was lost may have been carried out, and what it sent is ours.
                guard gist.files.hasSameBytes(as: known.files) || known.sending.map({ gist.files.hasSameBytes(as: $0) }) == true else {
                    throw .foreignChange
                }
                let difference = Self.difference(from: gist.files, to: wanted)
                let sending = wanted
                try await remember(for: view) { $0.gist?.sending = sending }
                CrashPoint.reach("gist.before-update")
                gist = try await gate.write { host throws(GistFailure) in try await host.update(id, GistChange(files: difference)) }
                CrashPoint.reach("gist.updated")
            }
            try await updated(gist, wanted: wanted, names: Array(changes.keys), for: view)
            // Somebody wrote to it between the reading and the update: what they wrote is neither our base nor taken out again.
            if !gist.files.hasSameBytes(as: wanted) { throw .foreignChange }
        } catch {
            try await failed(error, for: view, model) { _, _ in }
        }
    }

    private static func difference(from old: [String: String], to new: [String: String]) -> [String: String?] {
        var changes: [String: String?] = [:]
        for (name, text) in new where old[name]?.hasSameBytes(as: text) != true { changes[name] = .some(text) }
        for name in old.keys where new[name] == nil { changes[name] = .some(nil) }
        return changes
    }

    private func updated(_ gist: Gist, wanted: [String: String], names: [String], for view: ModelView) async throws(GistFailure) {
        let now = clock.now
        let event = NewEvent(
            at: now, kind: .gistUpdated, model: view.id, message: "\(names.sorted().joined(separator: ", ")) sent to gist \(gist.id)",
            details: ["gist": gist.id.description, "revision": gist.revision ?? ""])
        try await remember([event], for: view) { memory in
            memory.gist?.files = wanted
            memory.gist?.sending = nil
            memory.gist?.revision = gist.revision
            memory.gist?.publishedAt = now
            memory.gist?.everPublished.formUnion(wanted.keys)
            memory.gistTrouble = nil
        }
        CrashPoint.reach("gist.update-recorded")
    }

    /// What was done and could not be written down is like an answer that never came: only looking at the host tells.
    private func remember(
        _ news: [NewEvent] = [], for view: ModelView, _ change: @escaping @Sendable (inout ModelMemory) -> Void
    ) async throws(GistFailure) {
        do { try await events.record(view.id, news, change) } catch { throw .answerLost("the state: \(error)") }
    }

    private func failed(
        _ failure: GistFailure, for view: ModelView, _ model: PresentModel, _ change: @escaping @Sendable (inout ModelMemory, Date) -> Void
    ) async throws {
        // Stopping is no failure of the host's: what was saved before the request tells the next start all that is known.
        if failure == .cancelled { return }
        let outcome = OutcomeJudge.judge(failure, model: view.idWord, now: clock.now)
        // What concerns every model is the gate's to remember and to tell.
        let isOwn = !failure.closesHost
        let (now, chance, about) = (clock.now, chance.fraction(), model.contentMark)
        try await events.record(view.id, []) { memory in
            if isOwn { memory.gistTrouble = Trouble.left(by: outcome, about: about, before: memory.gistTrouble, now: now, chance: chance) }
            change(&memory, now)
        }
    }
}
