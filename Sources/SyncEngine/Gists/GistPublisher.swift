import FoundationEssentials
import ModelInfo
import Planning
import SystemIO

/// Makes and changes gists, and remembers what was sent. At most one gist per model: the intent is saved before the request.
struct GistPublisher: Sendable {
    let gate: GistGate
    let reader: GistReader
    let troubles: GistTroubles
    let store: StateStore
    let events: EventLog
    let clock: any DaemonClock
    let chance: Chance
    /// Whose wishes what is sent may depend on; nil where nobody has any.
    var jobs: JobDesk?

    /// Clocks of two machines may differ by so much: a gist that is a little older than the intent may still be its own. In seconds.
    static let clockSkew: TimeInterval = 300

    func create(_ files: [String: String], isPublic: Bool, for view: ModelView, _ model: PresentModel) async throws {
        // One that was sent before keeps its token, so that either request's gist is found by it.
        let intent = PublishIntent(token: view.memory.intent?.token ?? chance.hex(6), isPublic: isPublic, sentAt: clock.now)
        let name = model.reading.card?.name ?? view.id.path.name
        let draft = GistDraft(description: "\(name.prefix(200)) \(intent.mark)", isPublic: isPublic, files: files)
        let home = model.home
        try await events.record(view.id, []) { ($0.intent, $0.home) = (intent, home) }
        CrashPoint.reach("gist.intent-saved")
        do throws(GistFailure) {
            let gist = try await send(for: view) { host throws(GistFailure) in try await host.create(draft) }
            guard let gist else { return try await remember(for: view) { $0.intent = view.memory.intent } }
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
            try await troubles.note(error, for: view, model) { memory in
                memory.intent?.sentAt = nil
                memory.intent?.fruitlessSearches = 0
            }
        }
    }

    /// - Returns: Nil when what a person wanted was taken back before its turn came: nothing was sent.
    private func send(
        for view: ModelView, _ body: @escaping @Sendable (any GistHost) async throws(GistFailure) -> Gist
    ) async throws(GistFailure) -> Gist? {
        let wishes = view.goals.filter { if case .publish = $0.kind { true } else { false } }
        do throws(GistFailure) {
            return try await gate.write { host throws(GistFailure) -> Gist? in
                if let jobs, await !jobs.mayBeSent(for: wishes, of: view.id) { return nil }
                return try await body(host)
            }
        } catch {
            if !error.mayHaveBeenDone { await jobs?.wasNotDone(for: wishes) }
            throw error
        }
    }

    /// Looks through the own gists for the one that carries the intent's mark.
    func findOwn(_ intent: PublishIntent, for view: ModelView, _ model: PresentModel) async throws {
        guard let sentAt = intent.sentAt else { return }
        // The last look before a second request trusts no clock.
        let isLast = await gate.kind == .github && intent.isLastSearch
        let since = isLast ? Date.distantPast : sentAt.addingTimeInterval(-Self.clockSkew)
        do throws(GistFailure) {
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
            try await troubles.note(error, for: view, model)
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
        let content = reader.taken(gist)
        var memory = GistMemory(
            id: gist.id, url: gist.url, revision: gist.revision, publishedAt: now, files: content.files, everPublished: sent,
            owner: gist.owner)
        (memory.updatedAt, memory.readAt, memory.isPublic) = (gist.updatedAt, now, gist.isPublic)
        let made = memory
        let event = NewEvent(
            at: now, kind: kind, model: view.id, message: "gist \(gist.id) (\(gist.isPublic ? "public" : "secret"))",
            details: ["gist": gist.id.description, "url": gist.url, "revision": gist.revision ?? ""])
        try await reader.keep(content, .sent, for: view)
        try await remember([event], for: view) { memory in
            (memory.gist, memory.intent, memory.gistTrouble) = (made, nil, nil)
            memory.decisions.withdrawn = nil
        }
        CrashPoint.reach("gist.recorded")
    }

    /// PATCH has no precondition, so the newest revision is read right before: what somebody else wrote is not written over. What comes in
    /// between all the same is found afterwards, as the parent of our own revision.
    func update(_ id: GistID, _ changes: [String: String?], for view: ModelView, _ model: PresentModel) async throws {
        guard let known = view.memory.gist else { return }
        var wanted = known.held
        for (name, text) in changes { wanted[name] = text }
        do throws(GistFailure) {
            try await gate.checkWrites()
            let before = try await gate.read { host throws(GistFailure) in try await host.read(id) }
            let held = reader.taken(before).files
            if !held.hasSameBytes(as: wanted) {
                switch known.standing(of: held, parent: before.parent) {
                case .unchanged, .ownWriting: break
                case .overwriting, .interleaved, .foreign: return try await reader.learn(before, known: known, for: view)
                }
                // It need not be tried where it is known whose it is.
                if await gate.isKnownOwn(before) == false { return try await reader.learn(before, known: known, for: view) }
                try await send(wanted, over: before, held, for: view)
            } else {
                try await reader.confirm(before, holds: wanted, for: view)
            }
        } catch {
            try await troubles.note(error, for: view, model)
        }
    }

    private func send(
        _ wanted: [String: String], over before: Gist, _ held: [String: String], for view: ModelView
    ) async throws(GistFailure) {
        let id = before.id
        let difference = held.changes(to: wanted)
        try await remember(for: view) { memory in
            memory.gist?.sending = wanted
            memory.gist?.sendingOver = before.revision
        }
        CrashPoint.reach("gist.before-update")
        let answer: Gist?
        do throws(GistFailure) {
            answer = try await send(for: view) { host throws(GistFailure) in try await host.update(id, GistChange(files: difference)) }
        } catch {
            // What surely was not done need not be looked for.
            if !error.mayHaveBeenDone { try await nothingWasSent(for: view) }
            let meaning = error.aboutWriting(to: id)
            // Whose the token is, is asked where the answer may depend on it; who cannot tell leaves it at that.
            if case .forbidden = meaning, error != meaning, let known = view.memory.gist, (try? await gate.isOwn(before)) == false {
                return try await reader.learn(before, known: known, for: view)
            }
            throw meaning
        }
        guard let gist = answer else { return try await nothingWasSent(for: view) }
        CrashPoint.reach("gist.updated")
        // Not told what it went over: what was sent stays uncertain, and the next look reads it, revisions and all.
        if before.revision != nil, gist.parent == nil || gist.revision == before.revision { return }
        if let parent = gist.parent, let expected = before.revision, parent != expected {
            // Somebody else wrote right before, or right after.
            guard var known = view.memory.gist else { return }
            (known.sending, known.sendingOver) = (wanted, expected)
            return try await reader.learn(gist, known: known, for: view)
        }
        guard reader.taken(gist).files.hasSameBytes(as: wanted) else {
            return try await remember(for: view) { $0.gist?.noticedAt = gist.updatedAt }
        }
        try await reader.confirm(gist, holds: wanted, for: view)
    }

    private func nothingWasSent(for view: ModelView) async throws(GistFailure) {
        guard let known = view.memory.gist else { return }
        try await remember(for: view) { memory in
            memory.gist?.sending = known.sending
            memory.gist?.sendingOver = known.sendingOver
        }
    }

    /// What was done and could not be written down is like an answer that never came: only looking at the host tells.
    private func remember(
        _ news: [NewEvent] = [], for view: ModelView, _ change: @escaping @Sendable (inout ModelMemory) -> Void
    ) async throws(GistFailure) {
        do { try await events.record(view.id, news, change) } catch { throw .answerLost("the state: \(error)") }
    }
}
