import FoundationEssentials
import ModelInfo

/// Whether a job has got where it wanted.
public enum GoalProgress: Equatable, Sendable {
    case goesOn
    case reached(note: String?)
    case failed(GoalFailure, note: String, hint: String?)
}

/// The kinds of failure that a script tells apart by exit code.
public enum GoalFailure: String, Sendable, Codable {
    case failed, noSuchModel, verificationFailed, needsPerson, noSpace, network, invalidInfo, notPermitted
}

extension Goal {
    /// Judged after every pass, from the very plan that the pass made: there is no second opinion about a model.
    public func progress(in plan: Plan, view: ModelView) -> GoalProgress {
        if kind.addWish != nil, !view.memory.decisions.carriedOut.contains(id) { return notAdded(plan, view) }
        guard case .present(let model) = view.disk else {
            if case .rollback(let version) = kind, !plan.actions.isEmpty || view.memory.editTrouble?.about == mark {
                return rolledBack(to: version, plan, view.memory, nil)
            }
            let failure: GoalFailure = if case .unknown = view.disk { .failed } else { .noSuchModel }
            return .failed(failure, note: plan.note ?? "the model is not there", hint: plan.hint)
        }
        switch kind {
        case .sync: return plan.isQuiet && view.inFlight.isEmpty ? .reached(note: plan.note) : .goesOn
        case .publish: return published(plan, model, view.memory)
        case .fetch, .forcedFetch: return fetched(plan, view.memory)
        // What is not there cannot be read, and getting it is another matter.
        case .verify: return verified(plan, model)
        case .repair: return repaired(plan, model, view.memory)
        case .pull: return pulled(plan, model, view.memory)
        case .resolve: return resolved(plan, view.memory)
        case .unpublish: return ended(plan, view.memory)
        case .rollback(let version): return rolledBack(to: version, plan, view.memory, view.memory.openConflict(model))
        case .add: return added(plan, model, view.memory)
        }
    }

    private func published(_ plan: Plan, _ model: PresentModel, _ memory: ModelMemory) -> GoalProgress {
        let verdict = plan.gist
        switch verdict.state {
        case .inSync: return .reached(note: verdict.note)
        case .unpublished where kind.onlyLetsGo:
            return .failed(.needsPerson, note: verdict.note ?? "nothing is published by itself any more", hint: verdict.hint)
        case .pending, .publishing, .pulling, .unpublished: return .goesOn
        case .held, .conflict, .gone, .readOnly:
            let failure: GoalFailure = model.reading.canPublish ? .needsPerson : .invalidInfo
            return .failed(failure, note: verdict.note ?? "not published", hint: verdict.hint)
        case .failed:
            // Without a trouble of the model's own it is the host that takes nothing of anybody: its token.
            return .failed(memory.gistTrouble?.kind.failure ?? .notPermitted, note: verdict.note ?? "not published", hint: verdict.hint)
        case .off: return .failed(.needsPerson, note: verdict.note ?? "publishing is off", hint: verdict.hint)
        }
    }

    private func pulled(_ plan: Plan, _ model: PresentModel, _ memory: ModelMemory) -> GoalProgress {
        guard let gist = memory.gist else { return .failed(.needsPerson, note: plan.gist.note ?? "it has no gist", hint: plan.gist.hint) }
        // What is here may be held from going out: that is no matter of a pull.
        if gist.remote == nil, gist.hasBase, let readAt = gist.readAt, readAt >= requestedAt { return .reached(note: plan.gist.note) }
        switch plan.gist.state {
        case .readOnly, .inSync: return .failed(.needsPerson, note: plan.gist.note ?? "nothing may be written here", hint: plan.gist.hint)
        default: return published(plan, model, memory)
        }
    }

    private func fetched(_ plan: Plan, _ memory: ModelMemory) -> GoalProgress {
        let progress = all(plan) { [.verified, .unverifiable, .none].contains($0) }
        guard progress == .reached(note: nil) else { return progress }
        // When all others are there: what has no URL keeps none of them away.
        if let lacking = plan.binaries.first(where: { $0.state == .none }) {
            return .failed(.needsPerson, note: lacking.note ?? "\(lacking.word) is missing", hint: lacking.hint)
        }
        guard let first = plan.binaries.first else { return .reached(note: Self.namesNone) }
        let came = plan.binaries.contains { $0.declared.file.flatMap { memory.binaries[$0]?.hashed }.map { $0.at >= requestedAt } ?? true }
        if came { return progress }
        return .reached(
            note: plan.binaries.count == 1 ? "\(first.word) is there already" : "all \(plan.binaries.count) files are there already")
    }

    private static let namesNone = "the readme names no binary"

    private func verified(_ plan: Plan, _ model: PresentModel) -> GoalProgress {
        let progress = all(plan, of: model.holds) { [.verified, .unverifiable].contains($0) }
        guard progress == .reached(note: nil) else { return progress }
        if plan.binaries.isEmpty { return .reached(note: Self.namesNone) }
        return .reached(note: plan.missing(in: model).map { "\($0), so \(plan.binaries.count == 1 ? "it" : "that") was not read" })
    }

    private func resolved(_ plan: Plan, _ memory: ModelMemory) -> GoalProgress {
        if memory.decisions.carriedOut.contains(id) { return settled(plan, memory) }
        if memory.gist.map({ $0.remote == nil && $0.hasBase }) ?? true { return .reached(note: "there is no conflict") }
        if plan.actions.contains(where: { if case .resolve = $0 { true } else { false } }) { return .goesOn }
        // What keeps the files from being written has a word of its own.
        let cause = memory.editTrouble.flatMap { $0.message == plan.gist.note ? $0.kind.failure : nil }
        return .failed(cause ?? .needsPerson, note: plan.gist.note ?? "the conflict stays", hint: plan.gist.hint)
    }

    /// What was decided is done once both sides have it: what comes of sending it is told as of any publication.
    private func settled(_ plan: Plan, _ memory: ModelMemory) -> GoalProgress {
        switch plan.gist.state {
        case .inSync, .readOnly, .off, .unpublished: return .reached(note: nil)
        case .pending, .publishing, .pulling: return .goesOn
        case .held, .conflict, .gone:
            return .failed(.needsPerson, note: plan.gist.note ?? "it was not sent", hint: plan.gist.hint)
        case .failed:
            return .failed(
                memory.gistTrouble?.kind.failure ?? .notPermitted, note: plan.gist.note ?? "it was not sent", hint: plan.gist.hint)
        }
    }

    private func ended(_ plan: Plan, _ memory: ModelMemory) -> GoalProgress {
        if memory.decisions.carriedOut.contains(id) { return plan.isQuiet ? .reached(note: plan.gist.note) : .goesOn }
        if plan.actions.contains(where: { if case .deleteGist = $0 { true } else { false } }) { return .goesOn }
        switch plan.gist.state {
        case .pending: return .goesOn
        case .unpublished, .off: return .failed(.needsPerson, note: "it has no gist", hint: nil)
        default: break
        }
        let failure = plan.gist.state == .failed ? memory.gistTrouble?.kind.failure ?? .notPermitted : .needsPerson
        return .failed(failure, note: plan.gist.note ?? "its gist is \(plan.gist.state.rawValue)", hint: plan.gist.hint)
    }

    private func rolledBack(to version: Int64, _ plan: Plan, _ memory: ModelMemory, _ conflict: Trouble?) -> GoalProgress {
        guard !memory.decisions.carriedOut.contains(id) else {
            let more = plan.gist.state == .held ? plan.gist.note.map { "; \($0)" } : nil
            return plan.isQuiet ? .reached(note: "version \(version) is back\(more ?? "")") : .goesOn
        }
        if let conflict { return .failed(.needsPerson, note: conflict.message, hint: conflict.hint) }
        if let trouble = memory.editTrouble, trouble.about == mark, trouble.notBefore == nil {
            return .failed(trouble.kind.failure, note: trouble.message, hint: trouble.hint)
        }
        return .goesOn
    }

    /// Before the directory is there.
    private func notAdded(_ plan: Plan, _ view: ModelView) -> GoalProgress {
        if view.memory.decisions.arrival != nil { return .goesOn }
        guard case .absent = view.disk else {
            return .failed(
                .needsPerson, note: "\(view.id.path) is there already; it is left as it is",
                hint: "name another directory: zooctl add \(kind.addWish?.gist.description ?? "GIST") DIR")
        }
        if plan.gist.state == .pending || plan.actions.contains(where: { if case .addModel = $0 { true } else { false } }) {
            return .goesOn
        }
        let failure = plan.gist.state == .failed ? view.memory.gistTrouble?.kind.failure ?? .notPermitted : .needsPerson
        return .failed(failure, note: plan.note ?? "it was not added", hint: plan.hint)
    }

    /// The directory is there; it is a whole model when both its gist and its binaries are settled.
    private func added(_ plan: Plan, _ model: PresentModel, _ memory: ModelMemory) -> GoalProgress {
        // That something may not go out from here is told, and is no matter of adding.
        let isHere = memory.gist.map { $0.remote == nil && $0.hasBase } ?? false
        if plan.gist.state != .readOnly, plan.gist.state != .held || !isHere {
            let gist = published(plan, model, memory)
            guard case .reached = gist else { return gist }
        }
        let binaries = all(plan) { [.verified, .unverifiable, .none].contains($0) }
        guard case .reached = binaries else { return binaries }
        return .reached(note: plan.gist.note)
    }

    /// Only what is known to have rotted is a matter of repairing.
    private func repaired(_ plan: Plan, _ model: PresentModel, _ memory: ModelMemory) -> GoalProgress {
        for binary in plan.binaries {
            if plan.repairs(binary.declared) { return .goesOn }
            let isHere = binary.declared.file.map { model.binaries[$0] != nil } ?? false
            switch binary.state {
            case .queued, .fetching, .verifying: if isHere { return .goesOn }
            case .corrupt, .modified:
                // Whoever keeps it from being fetched, the file stays bad; a full disk or a host that is down is told as such.
                let cause = binary.hindrance?.failure
                return .failed(
                    cause == .noSpace || cause == .network ? cause ?? .failed : .verificationFailed,
                    note: binary.note ?? "\(binary.word) is \(binary.state.rawValue)", hint: binary.hint)
            default: continue
            }
        }
        let wasRepaired = memory.binaries.values.contains { $0.good.map { $0.at >= requestedAt } ?? false }
        if wasRepaired { return .reached(note: nil) }
        return .reached(note: "nothing to repair: \(plan.missing(in: model) ?? "nothing of it is known to have rotted")")
    }

    /// - Parameter isMeant: Which of the binaries are a matter of this goal.
    private func all(
        _ plan: Plan, of isMeant: (DeclaredBinary) -> Bool = { _ in true }, isThere: (BinaryState) -> Bool
    ) -> GoalProgress {
        for binary in plan.binaries where isMeant(binary.declared) && !isThere(binary.state) {
            if kind.wantsBinaries, plan.fetches(binary.declared) || plan.bringsGist { return .goesOn }
            // Nobody waits for a host as long as it likes.
            if kind.wantsBinaries, let wait = binary.wait { return .failed(.network, note: wait.note, hint: wait.hint) }
            switch binary.state {
            case .queued, .fetching, .verifying: return .goesOn
            default: break
            }
            // A fetch that failed fails by its cause, whatever lies there meanwhile.
            let cause = kind.wantsBinaries || binary.state == .failed ? binary.hindrance?.failure : nil
            let failure: GoalFailure =
                switch binary.state {
                case .mismatch, .corrupt, .modified, .outdated: .verificationFailed
                case .blocked, .missing: .needsPerson
                default: .failed
                }
            return .failed(
                cause ?? failure, note: binary.note ?? "\(binary.word) is \(binary.state.rawValue)",
                hint: binary.hint)
        }
        return .reached(note: nil)
    }
}

extension Trouble.Kind {
    var failure: GoalFailure {
        switch self {
        case .network, .waiting: .network
        case .permission: .notPermitted
        case .space: .noSpace
        case .refused, .conflict, .gone: .needsPerson
        case .verification: .verificationFailed
        case .local, .cancelled: .failed
        }
    }
}

extension PresentModel {
    /// Whether anything lies under the binary's name.
    fileprivate func holds(_ declared: DeclaredBinary) -> Bool {
        declared.file.map { binaries[$0] != nil || refusedBinaries[$0] != nil } ?? false
    }
}

extension BinaryVerdict {
    /// Its name, in a sentence.
    fileprivate var word: String { declared.fileText ?? "the binary" }
}

extension Plan {
    /// Which of the files is not there, in words; nil when all are.
    fileprivate func missing(in model: PresentModel) -> String? {
        let missing = binaries.filter { !model.holds($0.declared) }
        guard let first = missing.first else { return nil }
        return missing.count == 1 ? "\(first.word) is missing" : "\(first.word) and \(missing.count - 1) more are missing"
    }

    fileprivate func repairs(_ declared: DeclaredBinary) -> Bool { actions.contains(.fetch(declared, purpose: .repair)) }

    fileprivate func fetches(_ declared: DeclaredBinary) -> Bool {
        actions.contains { if case .fetch(declared, _) = $0 { true } else { false } }
    }
}
