import FoundationEssentials
import ModelInfo
import Planning
import SystemIO

/// Reads gists and remembers what they hold, as far as it is not what is known already.
struct GistReader: Sendable {
    let gate: GistGate
    let store: StateStore
    let events: EventLog
    let clock: any DaemonClock
    /// Bytes (`gists.max_file_size`).
    let maximumFileSize: @Sendable () -> Int

    /// So many revisions are compared with what lies here at the first contact; each costs a request.
    static let comparedRevisions = 50

    /// Asks for the newest content.
    func read(_ id: GistID, for view: ModelView) async throws(GistFailure) {
        guard let known = view.memory.gist else { return }
        let gist = try await gate.read { host throws(GistFailure) in try await host.read(id) }
        try await learn(gist, known: known, for: view)
    }

    /// Remembers what a gist turned out to hold.
    /// - Parameter known: What was remembered when it was asked.
    func learn(_ gist: Gist, known: GistMemory, for view: ModelView) async throws(GistFailure) {
        let content = taken(gist)
        if let sending = known.sending, let over = known.sendingOver, gist.revision == over, content.files.hasSameBytes(as: sending),
            !sending.hasSameBytes(as: known.files)
        {
            // Its parent would be taken for what somebody else wrote.
            throw .unavailable("gist \(gist.id) holds what was sent to it, and the host does not tell its newest revision yet")
        }
        switch known.standing(of: content.files, parent: gist.parent) {
        case .unchanged:
            try await remember(gist, for: view) {
                $0.remote = nil; $0.sending = nil; $0.sendingOver = nil; $0.revision = gist.revision
            }
        case .ownWriting:
            // Now it is known that the last update was carried out, and that nothing came in between. What another one went over still
            // waits to be brought here.
            if known.isSendingUncertain { try await confirm(gist, holds: content.files, for: view) }
            try await remember(gist, for: view) { $0.revision = gist.revision }
        case .overwriting(let over):
            let unseen = try await revision(over, of: gist.id)
            try await overwrote(unseen, with: content, in: gist, for: view)
        case .interleaved:
            try await trace(gist, known: known, for: view)
        case .foreign:
            // One that our own writing went over is in no newer revision.
            if known.sending != nil, let unseen = known.remote { try await keep(unseen, .remote, for: view) }
            let isNews = known.remote.map { !$0.files.hasSameBytes(as: content.files) } ?? true
            try await remember(gist, for: view, isNews ? [changed(gist, view)] : []) { memory in
                if isNews { memory.remote = content }
                (memory.sending, memory.sendingOver) = (nil, nil)
            }
        }
        CrashPoint.reach("pull.read")
    }

    /// Looks for the last update among the revisions since it was sent: what came right before it is what it went over.
    private func trace(_ gist: Gist, known: GistMemory, for view: ModelView) async throws(GistFailure) {
        let revisions = try await gate.read { host throws(GistFailure) in
            try await host.revisions(of: gist.id, limit: Self.comparedRevisions)
        }
        let newest = taken(gist)
        var before: RemoteContent?
        for revision in revisions.map(\.revision).prefix(while: { $0 != known.sendingOver }).reversed() {
            let content =
                revision == gist.revision
                ? newest : try await self.revision(revision, of: gist.id)
            if known.wasSent(as: content.files) {
                if let before { return try await overwrote(before, with: content, in: gist, for: view) }
                return try await remember(gist, for: view, [changed(gist, view)]) { memory in
                    (memory.files, memory.remote) = (memory.sending ?? memory.files, newest)
                    (memory.sending, memory.sendingOver) = (nil, nil)
                }
            }
            before = content
        }
        try await remember(gist, for: view, [changed(gist, view)]) { memory in
            (memory.remote, memory.sending, memory.sendingOver) = (newest, nil, nil)
        }
    }

    /// One revision of a gist that is there: that this one is missing, for now or for good, does not make the gist gone.
    private func revision(_ revision: String, of id: GistID) async throws(GistFailure) -> RemoteContent {
        do throws(GistFailure) {
            return taken(try await gate.read { host throws(GistFailure) in try await host.read(id, at: revision) })
        } catch {
            guard case .notFound(let said) = error else { throw error }
            throw .unavailable(said)
        }
    }

    /// An update went over a revision that nobody here had seen: what that one said is brought here, and then sent again.
    /// - Parameters:
    ///   - own: What the update made of it; what was written since is read afterwards.
    private func overwrote(
        _ unseen: RemoteContent, with own: RemoteContent, in gist: Gist, for view: ModelView
    ) async throws(GistFailure) {
        let isNewest = own.revision == gist.revision
        let now = clock.now
        if isNewest, let base = view.memory.gist?.files, unseen.files.hasSameBytes(as: base) {
            return try await confirm(gist, holds: own.files, for: view)
        }
        try await remember(gist, for: view, [changed(gist, view)]) { memory in
            memory.remote = unseen
            (memory.sending, memory.sendingOver, memory.revision) = (own.files, nil, own.revision)
            if !isNewest { memory.noticedAt = now }
        }
    }

    /// Remembers that an update was carried out.
    func confirm(_ gist: Gist, holds wanted: [String: String], for view: ModelView) async throws(GistFailure) {
        let now = clock.now
        let base = view.memory.gist?.held ?? [:]
        let names = base.changes(to: wanted).keys.sorted()
        let (sent, removed) = (names.filter { wanted[$0] != nil }, names.filter { wanted[$0] == nil })
        var done = sent.isEmpty && !removed.isEmpty ? [] : ["\(sent.joined(separator: ", ")) sent to gist \(gist.id)"]
        if !removed.isEmpty { done.append("\(removed.joined(separator: ", ")) taken out of gist \(gist.id)") }
        let event = NewEvent(
            at: now, kind: .gistUpdated, model: view.id, message: done.joined(separator: "; "),
            details: ["gist": gist.id.description, "revision": gist.revision ?? ""])
        try await keep(RemoteContent(revision: gist.revision, files: wanted), .sent, for: view)
        do {
            try await events.record(view.id, [event]) { memory in
                guard var known = memory.gist else { return }
                (known.files, known.sending, known.sendingOver) = (wanted, nil, nil)
                (known.revision, known.publishedAt, known.updatedAt, known.readAt) = (gist.revision, now, gist.updatedAt, now)
                known.owner = gist.owner ?? known.owner
                known.isPublic = gist.isPublic
                known.everPublished.formUnion(wanted.keys)
                known.isProven = true
                memory.gist = known
                memory.gistTrouble = nil
            }
        } catch { throw .answerLost("the state: \(error)") }
        CrashPoint.reach("gist.update-recorded")
    }

    /// The first contact. The base is the revision that lies here; where none does, a person has to tell.
    func meet(_ id: GistID, for view: ModelView, _ model: PresentModel) async throws(GistFailure) {
        let gist = try await gate.read { host throws(GistFailure) in try await host.read(id) }
        let newest = taken(gist)
        guard newest.files.keys.contains(where: { ReadmeNames.isReadme($0) }) else {
            throw .refused("gist \(id) has no readme, so it is no model's")
        }
        let here = LocalInfo(model.reading, gist: id)
        var base = here.base(in: newest.files)
        if base == nil { base = try await olderBase(of: id, here) }
        let (isOwn, names) = (try await gate.isOwn(gist), namesItself(gist))
        var memory = GistMemory(
            id: id, url: gist.url, revision: gist.revision, publishedAt: gist.updatedAt, files: base ?? [:],
            everPublished: Set((base ?? [:]).keys), owner: gist.owner, isOwn: isOwn, hasBase: base != nil)
        memory.remote = base?.hasSameBytes(as: newest.files) == true ? nil : newest
        (memory.isProven, memory.isPublic, memory.updatedAt, memory.readAt) = (names, gist.isPublic, gist.updatedAt, clock.now)
        let met = memory
        let word = base == nil ? "none of its revisions is what lies here" : memory.remote == nil ? "in sync" : "it has newer content"
        let event = NewEvent(
            at: clock.now, kind: .gistMet, model: view.id, message: "gist \(id): \(word)",
            details: ["gist": id.description, "revision": gist.revision ?? ""])
        if base == nil { try await keep(newest, .remote, for: view) }
        do { try await events.record(view.id, [event]) { ($0.gist, $0.gistTrouble) = (met, nil) } } catch {
            throw .answerLost("the state: \(error)")
        }
        CrashPoint.reach("pull.met")
    }

    /// The first older revision that lies here.
    private func olderBase(of id: GistID, _ here: LocalInfo) async throws(GistFailure) -> [String: String]? {
        let revisions = try await gate.read { host throws(GistFailure) in
            try await host.revisions(of: id, limit: Self.comparedRevisions)
        }
        for revision in revisions.dropFirst() {
            let gist: Gist
            do throws(GistFailure) {
                gist = try await gate.read { host throws(GistFailure) in try await host.read(id, at: revision.revision) }
            } catch {
                // A history that was rewritten meanwhile has others.
                guard case .notFound = error else { throw error }
                continue
            }
            if let base = here.base(in: taken(gist).files) { return base }
        }
        return nil
    }

    /// What of a gist is model info.
    func taken(_ gist: Gist) -> RemoteContent {
        RemoteContent(
            revision: gist.revision, files: IncomingFiles.taken(from: gist.files, maximumByteCount: maximumFileSize()))
    }

    /// Why files of a gist are no model info, in words.
    func refused(_ gist: Gist) -> [String] {
        let limit = maximumFileSize()
        return gist.files.sorted { $0.key < $1.key }.compactMap { IncomingFiles.refusal(of: $0.key, $0.value, maximumByteCount: limit) }
            + gist.notText.sorted().map { "\(shown($0)) is no text" }
    }

    /// Whether a readme in it carries its id.
    func namesItself(_ gist: Gist) -> Bool {
        gist.files.contains { name, text in
            ReadmeNames.isReadme(name) && ModelCard(readme: Array(text.utf8), fileName: name).gistID == gist.id
        }
    }

    func keep(_ content: RemoteContent, _ reason: VersionReason, for view: ModelView) async throws(GistFailure) {
        do {
            try store.keepVersion(
                of: view.id, content.files.mapValues { Array($0.utf8) }, reason: reason, gistRevision: content.revision, at: clock.now)
        } catch { throw .answerLost("the state: \(error)") }
    }

    private func changed(_ gist: Gist, _ view: ModelView) -> NewEvent {
        NewEvent(
            at: clock.now, kind: .gistChanged, model: view.id, message: "gist \(gist.id) was changed",
            details: ["gist": gist.id.description, "revision": gist.revision ?? ""])
    }

    private func remember(
        _ gist: Gist, for view: ModelView, _ news: [NewEvent] = [], _ change: @escaping @Sendable (inout GistMemory) -> Void
    ) async throws(GistFailure) {
        let (now, names, noticed) = (clock.now, namesItself(gist), view.memory.gist?.noticedAt)
        let isOwn = await gate.isKnownOwn(gist)
        do {
            try await events.record(view.id, news) { memory in
                guard var known = memory.gist, known.id == gist.id else { return }
                let before = known.remote
                change(&known)
                (known.updatedAt, known.readAt, known.isPublic) = (gist.updatedAt, now, gist.isPublic)
                // An account may have got another name.
                (known.owner, known.isOwn) = (gist.owner ?? known.owner, isOwn ?? known.isOwn)
                // What was noticed while this was being read is not known to be in it.
                if known.noticedAt == noticed { known.noticedAt = nil }
                known.isProven = known.isProven || names
                memory.gist = known
                // A conflict is over when the other side is another.
                if memory.gistTrouble?.kind != .conflict || before.map({ known.remote?.isSame(as: $0) != true }) ?? true {
                    memory.gistTrouble = nil
                }
            }
        } catch { throw .answerLost("the state: \(error)") }
    }
}

extension RemoteContent {
    fileprivate func isSame(as other: RemoteContent) -> Bool { revision == other.revision && files.hasSameBytes(as: other.files) }
}
