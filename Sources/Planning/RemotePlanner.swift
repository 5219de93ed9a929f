import FoundationEssentials
import ModelInfo

/// Decides what follows from the other side of a known gist: whether it has to be read, what of it comes here, and whose word counts.
struct RemotePlanner {
    let planner: GistPlanner
    let gist: GistMemory

    private var view: ModelView { planner.view }
    private var memory: ModelMemory { planner.memory }
    private var policy: Policy { planner.policy }
    private var now: Date { planner.now }

    /// Nil when the other side holds what was last synced and may be written to: then only what changed here counts.
    func decide() -> GistPlanner.Decision? {
        if let goal = view.goals.pending(memory.decisions, { $0 == .unpublish }) { return ending(goal) }
        // What an update of ours went over comes first: nothing newer says it.
        if wantsReading, gist.remote == nil || gist.sending == nil || gist.isSendingUncertain {
            guard var decision = planner.hindered() else { return told(.pulling, actions: [.readGist(gist.id)]) }
            // Only its owner could end it.
            if decision.verdict.state == .gone, !gist.isOwn { decision.verdict.hint = "nothing to do: the files here stay" }
            return decision
        }
        if gist.remote != nil || !gist.hasBase { return incoming() }
        guard gist.isOwn, policy.direction != .pull else { return followed() }
        return nil
    }

    private var wantsReading: Bool {
        if let askedAt = view.goals.pullAskedAt, gist.readAt ?? .distantPast < askedAt { return true }
        // What came is not what the readme names: before its host is blamed, look whether the author has corrected it.
        if policy.direction != .publish, let mismatchedAt = memory.mismatchedAt(planner.reading), knownAt < mismatchedAt { return true }
        // A gist that was gone is called so until it is found again.
        return gist.isSendingUncertain || memory.gistTrouble?.kind == .gone || gist.noticedAt != nil && policy.direction != .publish
    }

    /// When it was last known what the gist holds: read, or sent.
    private var knownAt: Date { max(gist.readAt ?? .distantPast, gist.publishedAt) }

    /// `zooctl unpublish`.
    private func ending(_ goal: Goal) -> GistPlanner.Decision {
        guard gist.isOwn else {
            return told(.readOnly, note: "its gist belongs to \(ownerName), who alone can delete it")
        }
        guard policy.direction != .pull else {
            return told(
                .readOnly, note: "gists.direction is pull: nothing is sent, so gist \(gist.id) is not deleted",
                hint: "to delete it by zood, set gists.direction: both in zood.yaml, then: zooctl reload")
        }
        return planner.hindered() ?? told(.publishing, actions: [.deleteGist(gist.id, goal: goal.id)])
    }

    /// The gist holds what was not here when both were last equal.
    private func incoming() -> GistPlanner.Decision {
        let ways = "zooctl resolve \(view.idWord) --keep local|remote|merged"
        if let goal = view.goals.pending(memory.decisions, { if case .resolve = $0 { true } else { false } }),
            case .resolve(let side) = goal.kind, side == .local || !policy.zooIsReadOnly
        {
            if let trouble = memory.editTrouble, trouble.blocks(conflictMark, goals: view.goals, now: now) { return left(by: trouble) }
            return told(.pulling, actions: [.resolve(gist.id, keep: side, goal: goal.id)])
        }
        guard gist.hasBase else {
            // Somebody made both sides one: then that is the base, and it is met as at the first contact.
            if let remote = gist.remote, LocalInfo(planner.reading, gist: gist.id).base(in: remote.files) != nil {
                return planner.hindered() ?? told(.pulling, note: "comparing with gist \(gist.id)", actions: [.meetGist(gist.id)])
            }
            return told(
                .conflict, note: "what lies here is no revision of gist \(gist.id), and it is not known which of the two is right",
                hint: "zooctl diff \(view.idWord); then: \(ways)")
        }
        if policy.direction == .publish {
            return told(
                .conflict, note: "the gist was changed, and gists.direction is publish", hint: "zooctl diff \(view.idWord); then: \(ways)")
        }
        if policy.zooIsReadOnly { return told(.readOnly, note: "its gist has newer content, which a read-only zoo does not get") }
        if let marks = planner.reading.diagnostics.first(where: { $0.code == .conflictMarkers }) {
            return told(.held, note: "the gist was changed, and here is a merge under way: \(marks.message)", hint: marks.hint)
        }
        if let trouble = memory.gistTrouble, trouble.blocks(conflictMark, goals: view.goals, now: now) {
            return left(by: trouble)
        }
        return told(.pulling, actions: [.integrate(gist.id)])
    }

    private func left(by trouble: Trouble) -> GistPlanner.Decision {
        let state: GistState =
            switch (trouble.kind, trouble.notBefore) {
            case (.conflict, _): .conflict
            case (_, nil): .held
            // Whoever waits for it has waited long enough to be told.
            default: trouble.failures > Self.fewFailures ? .failed : .pulling
            }
        return told(
            state, note: trouble.message, hint: trouble.hint ?? "zooctl show \(view.idWord)",
            actions: trouble.notBefore.map { [.sleep(until: $0)] } ?? [])
    }

    /// So many failures in a row may be of the moment: a file that is being saved, a machine that is busy.
    private static let fewFailures = 3

    /// What a failure to bring the two sides together is about: a change on either makes it void.
    private var conflictMark: String { gist.conflictMark(planner.model.contentMark) }

    /// The gist is somebody else's, or nothing may be sent: it is followed.
    private func followed() -> GistPlanner.Decision {
        let differs = planner.reading.publishable.contains { name, file in
            gist.files[name].map { !$0.hasSameBytes(as: file.text) && !isSameButForID(file.text, $0, in: name) } ?? false
        }
        let whose = gist.isOwn ? "gists.direction is pull" : "its gist belongs to \(ownerName)"
        return told(.readOnly, note: differs ? "what was changed here is not sent: \(whose)" : nil)
    }

    /// A readme may name a gist that does not name itself.
    private func isSameButForID(_ here: String, _ there: String, in name: String) -> Bool {
        guard ReadmeNames.isReadme(name),
            case .success(let named) = FrontmatterEditor.setting("gist_id", to: gist.id.description, in: Array(there.utf8))
        else { return false }
        return here.utf8.elementsEqual(named)
    }

    private var ownerName: String { gist.owner ?? "nobody" }

    private func told(
        _ state: GistState, note: String? = nil, hint: String? = nil, actions: [Action] = []
    ) -> GistPlanner.Decision {
        GistPlanner.Decision(verdict: GistVerdict(state, note: note, hint: hint), actions: actions)
    }
}

extension ModelMemory {
    /// What a person has to decide before anything goes either way; nil when both sides have not changed since, or nothing has to.
    func openConflict(_ model: PresentModel) -> Trouble? {
        guard let gist, gist.remote != nil, let gistTrouble, gistTrouble.kind == .conflict,
            gistTrouble.about == gist.conflictMark(model.contentMark)
        else { return nil }
        return gistTrouble
    }
}

extension GistMemory {
    /// A mark of both sides: the files here, and what is to be brought together with them.
    public func conflictMark(_ contentMark: String) -> String { "\(contentMark) \(remote?.revision ?? "")" }
}
