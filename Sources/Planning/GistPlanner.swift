import FoundationEssentials
import ModelInfo

/// Decides about the gist of one model.
struct GistPlanner {
    let view: ModelView
    let model: PresentModel
    let policy: Policy
    let now: Date

    struct Decision {
        var verdict: GistVerdict
        var actions: [Action] = []
        var diagnostics: [Diagnostic] = []
    }

    var reading: ModelReading { model.reading }
    var memory: ModelMemory { view.memory }

    func decide() -> Decision {
        if let verdict = switchedOff() ?? rivals() { return Decision(verdict: verdict) }
        if let gist = currentGist { return known(gist) }
        if let decision = withdrawn() ?? firstContact() { return decision }
        if let verdict = unfit() { return Decision(verdict: verdict) }
        return unpublished()
    }

    // What stands above everything else.

    private func switchedOff() -> GistVerdict? {
        if policy.host == .none { return GistVerdict(.off, note: "gists.host is none") }
        if policy.direction == .pull, currentGist == nil, writtenID == nil {
            return GistVerdict(.off, note: "gists.direction is pull: nothing is sent")
        }
        if policy.host == .local, let id = reading.card?.gistID, !id.isLocal, !replacesID {
            return GistVerdict(
                .off, note: "its gist is on GitHub",
                hint: "set gists.host: github, or publish a local copy: zooctl publish \(view.idWord) --replace-id")
        }
        return nil
    }

    /// Ids that somebody else holds.
    private func rivals() -> GistVerdict? {
        if let keeper = view.claims.gistKeeper, let id = reading.card?.gistID {
            let then = memory.gist == nil && !policy.createsGists ? "; then, for a gist of its own: zooctl publish \(view.idWord)" : ""
            return GistVerdict(
                .held, note: "gist \(id) belongs to \(keeper.path), which had it first",
                hint: "if this is a copy: zooctl set \(view.directoryWord) gist_id=\(then)")
        }
        if let other = view.claims.gistID.first, let id = reading.card?.gistID, memory.gist?.id != id {
            return GistVerdict(
                .held, note: "\(other.path) claims gist \(id) too", hint: "take the line gist_id out of the copy")
        }
        return nil
    }

    /// Info that may not go out.
    private func unfit() -> GistVerdict? {
        if !reading.canPublish {
            let error = reading.diagnostics.first { $0.severity == .error } ?? reading.diagnostics.first
            if let error, error.code == .secretFound, let file = error.file, let line = error.line {
                let place = ShellWord.of(SecretPlace(file: file, line: line).description)
                return GistVerdict(
                    .held, note: "not published: \(place): \(error.message)",
                    hint: "take it out and revoke it; if it is no secret: zooctl publish \(view.idWord) --allow-secret \(place)")
            }
            return GistVerdict(
                .held, note: error.map { "not published: \($0.message)" } ?? "not published: the model info is not valid",
                hint: error?.hint ?? "zooctl show \(view.idWord)")
        }
        return refusedForChecksum()
    }

    /// A checksum that another model has for another binary: mostly a readme was copied and kept it. A file that really has it, and info
    /// that went out with it before, keep it.
    private func refusedForChecksum() -> GistVerdict? {
        let claims = view.claims.sha1.filter { !$0.value.isEmpty && !memory.hasRecorded($0.key) }
        guard let (sha1, others) = claims.min(by: { $0.key.description < $1.key.description }) else { return nil }
        let hint =
            "write what `sha1sum FILE` says: zooctl set \(view.directoryWord) sha1=…; a file that fits is proof too: zooctl fetch \(view.idWord)"
        if let keeper = view.claims.sha1Keepers[sha1] {
            return GistVerdict(
                .held, note: "sha1 \(sha1) belongs to another binary, that of \(keeper.path), which had it first", hint: hint)
        }
        return GistVerdict(.held, note: "\(others[0].path) claims sha1 \(sha1) too, for another binary", hint: hint)
    }

    /// An id that this state never synced with this model: nothing is sent to it and nothing written from it before both sides have been
    /// compared.
    private func firstContact() -> Decision? {
        guard let id = writtenID else { return nil }
        guard var decision = hindered() else {
            return Decision(verdict: GistVerdict(.pulling, note: "comparing with gist \(id)"), actions: [.meetGist(id)])
        }
        // What was never this model's cannot be ended by it.
        if decision.verdict.state == .gone { decision.verdict.hint = "correct the line gist_id in \(readmeName), or take it out" }
        return decision
    }

    /// A person ended the gist: its id leaves the readme, and nothing is published again by itself.
    private func withdrawn() -> Decision? {
        guard let gone = memory.decisions.withdrawn, writtenID == gone.id, let readme = reading.readme else { return nil }
        var decision = Decision(verdict: GistVerdict(.unpublished))
        // Who wants it published anew hears what is in the way: waiting for it would have no end.
        let waiting: GistState = view.goals.publishWish == nil ? .unpublished : .held
        let line = "zooctl set \(view.directoryWord) gist_id="
        if let trouble = memory.editTrouble, trouble.blocks(model.contentMark, goals: view.goals, now: now) {
            decision.tell("gist \(gone.id) was deleted, but the readme still names it: \(trouble.message)", hint: trouble.hint ?? line)
            decision.actions = trouble.notBefore.map { [.sleep(until: $0)] } ?? []
            if trouble.notBefore == nil { decision.verdict.state = waiting }
            return decision
        }
        switch model.edit {
        case .own: decision.actions = [.removeGistID(gone.id, readme: readme)]
        case .inPlace(let quietAt):
            decision.actions = [quietAt <= now ? .removeGistID(gone.id, readme: readme) : .sleep(until: quietAt)]
        case .ownerOnly, .never:
            decision.tell("gist \(gone.id) was deleted, but the readme still names it", hint: line)
            decision.verdict.state = waiting
        }
        return decision
    }

    private func isOnThisHost(_ id: GistID) -> Bool { id.isLocal == (policy.host == .local) }

    /// The model's gist on the configured host; one that it has elsewhere does not count.
    private var currentGist: GistMemory? { memory.gist.flatMap { isOnThisHost($0.id) ? $0 : nil } }

    /// The id in the readme, when it is one of the configured host's.
    private var writtenID: GistID? { reading.card?.gistID.flatMap { isOnThisHost($0) ? $0 : nil } }

    private var replacesID: Bool { view.goals.publishWish?.replacesID ?? false }

    var readmeName: String { reading.readme?.description ?? "readme.md" }

    // No gist yet.

    private func unpublished() -> Decision {
        let files = reading.publishable.mapValues(\.text)
        if let step = unfinishedCreation(files: files) { return step }

        let wish = view.goals.publishWish
        guard wish != nil || createsByItself else {
            return Decision(verdict: GistVerdict(.unpublished, note: nil, hint: "zooctl publish \(view.idWord)"))
        }
        if let decision = hindered() { return decision }
        if wish == nil, let decision = braked(.firstPublication, otherwise: GistVerdict(.pending)) { return decision }
        // What somebody wanted secret before it failed stays so.
        let isPublic = wish?.isPublic ?? (policy.newGistsArePublic && memory.intent?.isPublic != false)
        return Decision(verdict: GistVerdict(.publishing), actions: [.createGist(files: files, isPublic: isPublic)])
    }

    private var createsByItself: Bool { policy.createsGists && memory.decisions.withdrawn == nil }

    /// A POST may be out there: look for what it made before another one is sent.
    private func unfinishedCreation(files: [String: String]) -> Decision? {
        guard let intent = memory.intent, let sentAt = intent.sentAt else { return nil }
        if let decision = hindered() { return decision }
        let searchDelays = PublishIntent.searchDelays(at: policy.host)
        guard intent.fruitlessSearches < searchDelays.count else {
            // What was wanted of a model that lay here before says nothing of another, and what was taken back is not wanted any more.
            guard memory.decisions.absentSince == nil, view.goals.publishWish != nil || createsByItself else { return nil }
            // What is public once cannot be made secret again: the newest word counts.
            let isPublic = view.goals.publishWish?.isPublic ?? intent.isPublic
            return Decision(verdict: GistVerdict(.publishing), actions: [.createGist(files: files, isPublic: isPublic)])
        }
        let due = sentAt.addingTimeInterval(searchDelays[intent.fruitlessSearches])
        let because = memory.gistTrouble.map { " (\($0.message))" } ?? ""
        let verdict = GistVerdict(
            .publishing, note: "looking for the gist that an unanswered request may have made\(because)",
            hint: "nothing to do: if there is none within minutes, one is made")
        return Decision(verdict: verdict, actions: [now < due ? .sleep(until: due) : .findOwnGist(intent)])
    }

    // A gist of our own.

    private func known(_ gist: GistMemory) -> Decision {
        if let id = writtenID, id != gist.id {
            // Another model must not be led to write over this one's gist.
            let hint =
                memory.isOfAnother(reading)
                ? "to begin anew with that one and leave \(gist.id) alone: zooctl forget \(view.idWord)"
                : "zooctl set \(view.directoryWord) gist_id=\(gist.id)"
            return Decision(
                verdict: GistVerdict(
                    .held, note: "\(readmeName) names gist \(id), but this model's gist is \(gist.id)", hint: hint))
        }
        if let verdict = another(than: gist) { return Decision(verdict: verdict) }
        return RemotePlanner(planner: self, gist: gist).decide() ?? published(as: gist)
    }

    /// What lies here is not recognisably what was published from here: nothing is sent or taken before a person says what it is.
    private func another(than gist: GistMemory) -> GistVerdict? {
        guard writtenID == nil, memory.isOfAnother(reading), view.goals.publishWish == nil,
            view.goals.pending(memory.decisions, { $0 == .unpublish }) == nil
        else { return nil }
        let (word, was) = (view.idWord, gist.files.keys.contains(readmeName) ? readmeName : "its readme")
        return GistVerdict(
            .held, note: "\(view.id.path) was published as gist \(gist.id), and \(was) is another now that does not name it",
            hint: "to go on with that gist: zooctl publish \(word); to begin anew and leave it alone: zooctl forget \(word); "
                + "to end it: zooctl unpublish \(word)")
    }

    private func published(as gist: GistMemory) -> Decision {
        if let verdict = unfit() { return Decision(verdict: verdict) }
        let refusals = refusedFiles(of: gist)
        guard refusals.isEmpty else {
            return Decision(
                verdict: GistVerdict(.held, note: refusals[0].message, hint: refusals[0].hint), diagnostics: refusals)
        }
        if let broken = brokenSince(gist) {
            return Decision(
                verdict: GistVerdict(
                    .held, note: "not sent: \(broken.message); what was sent before could be read",
                    hint: "correct \(readmeName), or send it as it is: zooctl publish \(view.idWord)"))
        }
        var decision = changes(to: gist)
        if !gist.isProven, view.goals.publishWish == nil, !decision.actions.isEmpty {
            return Decision(
                verdict: GistVerdict(
                    .held, note: "gist \(gist.id) does not name itself in its readme, so nothing is sent to it by itself",
                    hint: "if it is this model's: zooctl publish \(view.idWord)"), diagnostics: decision.diagnostics)
        }
        if writtenID == nil { addMissingID(gist.id, to: &decision) }
        return decision
    }

    /// What is wrong with the readme's block that was not when it was last sent: somebody may be in the middle of saving it. Nil also
    /// when a person wants it sent.
    private func brokenSince(_ gist: GistMemory) -> Diagnostic? {
        guard view.goals.publishWish == nil, let file = reading.publishable[readmeName], let sent = gist.files[readmeName],
            !file.text.hasSameBytes(as: sent),
            let broken = reading.diagnostics.first(where: { Self.brokenBlock.contains($0.code) && $0.file == readmeName })
        else { return nil }
        let before = ModelCard(readme: Array(sent.utf8), fileName: readmeName).diagnostics
        return before.contains { Self.brokenBlock.contains($0.code) } ? nil : broken
    }

    private static let brokenBlock: Set<DiagnosticCode> = [
        .frontmatterInvalid, .frontmatterUnterminated, .frontmatterEmpty, .missingFrontmatter,
    ]

    /// Published before, still there, but no longer publishable: the gist keeps the old one.
    private func refusedFiles(of gist: GistMemory) -> [Diagnostic] {
        reading.skipped.filter { gist.files[$0.name] != nil }.map {
            Diagnostic(
                .publishedFileRefused, file: $0.name,
                message: "\($0.name) was published but cannot be sent any more (\($0.code.rawValue)); the gist keeps the old one",
                hint: "zooctl lint \(view.directoryWord)")
        }
    }

    private func changes(to gist: GistMemory) -> Decision {
        let (files, waiting) = outgoing(to: gist)
        let diagnostics = waiting.map {
            Diagnostic(
                .newFileWaits, file: $0, message: "\($0) was never published from this model, so it waits",
                hint: "zooctl publish \(view.idWord)")
        }
        let changes = gist.held.changes(to: files).filter { !waiting.contains($0.key) }

        let settled = GistVerdict(
            .inSync, note: waiting.isEmpty ? nil : "\(waiting.joined(separator: ", ")) not published yet",
            hint: waiting.isEmpty ? nil : "zooctl publish \(view.idWord)")
        guard !changes.isEmpty else { return Decision(verdict: settled, diagnostics: diagnostics) }
        if var decision = hindered() ?? (!changes.values.contains(nil) ? nil : braked(.losesRemoteFile, otherwise: GistVerdict(.pending))) {
            decision.diagnostics = diagnostics
            return decision
        }
        return Decision(
            verdict: GistVerdict(.publishing), actions: [.updateGist(gist.id, changes: changes)], diagnostics: diagnostics)
    }

    /// What the gist should hold, and the names that wait for a person.
    private func outgoing(to gist: GistMemory) -> (files: [String: String], waiting: [String]) {
        let allowsNew = policy.sendsNewFiles || view.goals.publishWish != nil
        var files: [String: String] = [:]
        var waiting: [String] = []
        // A readme that got another of its usual names is no new file. Where the one that was published is here as well, it is: mostly
        // it got the other name in the gist, and what lies here under the old one is older.
        let renamed = reading.publishable.keys.contains { ReadmeNames.isReadme($0) && gist.everPublished.contains($0) } ? nil : readmeName
        for (name, file) in reading.publishable {
            if allowsNew || gist.everPublished.contains(name) || name == renamed {
                files[name] = file.text
            } else {
                waiting.append(name)
            }
        }
        // Where the id cannot be written into the readme, the gist carries it all the same.
        if let readme = reading.readme?.description, writtenID == nil, let text = files[readme],
            case .success(let edited) = FrontmatterEditor.setting("gist_id", to: gist.id.description, in: Array(text.utf8))
        {
            files[readme] = String(decoding: edited, as: UTF8.self)
        }
        return (files, waiting.sorted())
    }

    /// The id goes into the readme first, so that one update carries it to the gist.
    private func addMissingID(_ id: GistID, to decision: inout Decision) {
        guard let readme = reading.readme else { return }
        let line = "zooctl set \(view.directoryWord) gist_id=\(id)"
        if let trouble = memory.editTrouble, trouble.blocks(model.contentMark, goals: view.goals, now: now) {
            decision.tell("gist_id not in the readme: \(trouble.message)", hint: trouble.hint ?? line)
            if let again = trouble.notBefore { decision.actions.append(.sleep(until: again)) }
            return
        }
        switch model.edit {
        case .own:
            decision.actions = [.writeGistID(id, readme: readme)]
            decision.verdict = GistVerdict(.publishing)
        case .inPlace(let quietAt) where quietAt <= now:
            decision.actions = [.writeGistID(id, readme: readme)]
            decision.verdict = GistVerdict(.publishing)
        case .inPlace(let quietAt):
            decision.actions.append(.sleep(until: quietAt))
            decision.tell("gist_id not in the readme yet: the file was changed just now", hint: line)
        case .ownerOnly, .never:
            decision.tell("gist_id not in the readme", hint: line)
        }
    }

    // What may stand in the way of sending anything.

    func hindered() -> Decision? {
        if let closure = policy.hostClosed, now < closure.until {
            return Decision(
                verdict: GistVerdict(closure.needsPerson ? .failed : .pending, note: closure.because, hint: closure.hint),
                actions: closure.until == .distantFuture ? [] : [.sleep(until: closure.until)])
        }
        if let trouble = memory.gistTrouble, !isOutdated(trouble), trouble.blocks(model.contentMark, goals: view.goals, now: now) {
            let state: GistState =
                switch trouble.kind {
                case .conflict: .conflict
                case .gone: .gone
                default: .failed
                }
            let verdict = GistVerdict(state, note: trouble.message, hint: trouble.hint ?? "zooctl show \(view.idWord)")
            return Decision(verdict: verdict, actions: trouble.notBefore.map { [.sleep(until: $0)] } ?? [])
        }
        return nil
    }

    /// Rights that the host refused to other credentials than those of now.
    private func isOutdated(_ trouble: Trouble) -> Bool { trouble.kind == .permission && policy.hostSince.map { trouble.at < $0 } ?? false }

    /// Nil when the brake lets this model go.
    private func braked(_ kind: BrakeKind, otherwise waiting: GistVerdict) -> Decision? {
        // The brake forgets over a restart whom it let go; the job that did it is still there.
        if view.goals.letGo { return nil }
        switch view.brake[kind] ?? .notAsked {
        case .granted: return nil
        case .notAsked: return Decision(verdict: waiting, actions: [.askBrake(kind)])
        case .waiting: return Decision(verdict: waiting)
        case .held(let models):
            let note =
                switch kind {
                case .firstPublication: "held with \(models - 1) others: so many first publications at once may be an accident"
                case .losesRemoteFile: "held with \(models - 1) others: so many models lost files at once that it may be an accident"
                }
            return Decision(verdict: GistVerdict(.held, note: note, hint: "put the files back, or: zooctl publish --all-held"))
        }
    }
}

extension GistPlanner.Decision {
    /// Adds a note where none stands yet.
    mutating func tell(_ note: String, hint: String?) {
        guard verdict.note == nil else { return }
        (verdict.note, verdict.hint) = (note, hint)
    }
}
