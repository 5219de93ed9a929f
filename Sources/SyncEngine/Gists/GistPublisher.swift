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
            try await adopted(gist, as: "gist-created", sent: Set(files.keys), for: view)
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
            try await adopted(gist, as: "gist-adopted", sent: Set(gist.files.keys), for: view)
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

    private func adopted(_ gist: Gist, as kind: String, sent: Set<String>, for view: ModelView) async throws(GistFailure) {
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
        guard let base = view.memory.gist?.files else { return }
        var wanted = base
        for (name, text) in changes { wanted[name] = text }
        do throws(GistFailure) {
            var gist = try await gate.read { host throws(GistFailure) in try await host.read(id) }
            if gist.files.hasSameBytes(as: wanted) {
                // A request whose answer was lost has done it.
            } else if gist.files.hasSameBytes(as: base) {
                CrashPoint.reach("gist.before-update")
                gist = try await gate.write { host throws(GistFailure) in try await host.update(id, GistChange(files: changes)) }
                CrashPoint.reach("gist.updated")
            } else {
                throw .foreignChange
            }
            try await updated(gist, wanted: wanted, names: Array(changes.keys), for: view)
        } catch {
            try await failed(error, for: view, model) { _, _ in }
        }
    }

    private func updated(_ gist: Gist, wanted: [String: String], names: [String], for view: ModelView) async throws(GistFailure) {
        let now = clock.now
        let event = NewEvent(
            at: now, kind: "gist-updated", model: view.id, message: "\(names.sorted().joined(separator: ", ")) sent to gist \(gist.id)",
            details: ["gist": gist.id.description, "revision": gist.revision ?? ""])
        try await remember([event], for: view) { memory in
            memory.gist?.files = gist.files
            memory.gist?.revision = gist.revision
            memory.gist?.publishedAt = now
            memory.gist?.everPublished.formUnion(wanted.keys)
            memory.gistTrouble = nil
        }
        CrashPoint.reach("gist.update-recorded")
    }

    /// A state that cannot be written is told like a host that cannot be reached: later it may work.
    private func remember(
        _ news: [NewEvent] = [], for view: ModelView, _ change: @escaping @Sendable (inout ModelMemory) -> Void
    ) async throws(GistFailure) {
        do { try await events.record(view.id, news, change) } catch { throw .unavailable("the state: \(error)") }
    }

    private func failed(
        _ failure: GistFailure, for view: ModelView, _ model: PresentModel, _ change: @escaping @Sendable (inout ModelMemory, Date) -> Void
    ) async throws {
        let outcome = OutcomeJudge.judge(failure, model: view.id.path, now: clock.now)
        let (now, chance, about) = (clock.now, chance.fraction(), model.contentMark)
        try await events.record(view.id, []) { memory in
            memory.gistTrouble = Trouble.left(by: outcome, about: about, before: memory.gistTrouble, now: now, chance: chance)
            change(&memory, now)
        }
    }
}
