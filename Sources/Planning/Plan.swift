import FoundationEssentials
import ModelInfo

/// What one model needs now, and how it stands: one function answers both, so that they can never disagree.
public struct Plan: Equatable, Sendable {
    /// In the order to run them. Only `.sleep`, or nothing at all, means that the model is settled.
    public var actions: [Action]
    public var gist: GistVerdict
    public var binaries: [BinaryVerdict]
    /// Diagnostics that only comparing with the state can give (`new-file-waits`, `published-file-refused`, `gist-id-shared` …).
    public var diagnostics: [Diagnostic]
    public var state: ModelState
    /// What a person should read first; nil when all is well.
    public var note: String?
    public var hint: String?

    /// Nothing to do until the time in a `.sleep`.
    public var isQuiet: Bool { actions.allSatisfy { if case .sleep = $0 { true } else { false } } }

    /// Whether what the gist holds comes here next.
    var bringsGist: Bool { actions.contains(where: \.bringsGist) }

    /// The earliest time at which something falls due.
    public var wakeAt: Date? { actions.compactMap { if case .sleep(let until) = $0 { until } else { nil } }.min() }

    /// The least room with which something of it is fetched, in bytes of ``ModelView/room``; nil when nothing waits for that.
    public var awaitedRoom: Int64? { binaries.compactMap(\.awaitedRoom).min() }
}

public struct GistVerdict: Equatable, Sendable {
    public var state: GistState
    public var note: String?
    public var hint: String?

    public init(_ state: GistState, note: String? = nil, hint: String? = nil) {
        (self.state, self.note, self.hint) = (state, note, hint)
    }
}

public struct BinaryVerdict: Equatable, Sendable {
    public var declared: DeclaredBinary
    public var state: BinaryState
    public var note: String?
    public var hint: String?
    public var verifiedAt: Date?
    public var nextVerifyAt: Date?
    /// What kind of trouble keeps the binary from being fetched or read; nil when none does.
    public var hindrance: Trouble.Kind?
    /// What those who want the file now are told, where its host is left alone for a while; else nil.
    public var wait: HostWait?
    /// The room with which it is fetched, in bytes of ``ModelView/room``; nil when it does not wait for that.
    public var awaitedRoom: Int64?

    public init(
        _ declared: DeclaredBinary, _ state: BinaryState, note: String? = nil, hint: String? = nil, verifiedAt: Date? = nil,
        nextVerifyAt: Date? = nil
    ) {
        (self.declared, self.state, self.note, self.hint) = (declared, state, note, hint)
        (self.verifiedAt, self.nextVerifyAt) = (verifiedAt, nextVerifyAt)
    }
}

/// Decides what one model needs next, and says how it stands. Reads no file, no clock, no network.
///
/// Done and planned again, any view is quiet after at most three passes: create the gist, write `gist_id`, send it once.
public func plan(_ view: ModelView, policy: Policy, now: Date) -> Plan {
    let view = view.allowingSecrets
    if let adding = AdditionPlanner(view: view, policy: policy, now: now).decide() { return adding }
    guard case .present(let model) = view.disk else { return planWithoutFiles(view, now: now) }

    let gist = GistPlanner(view: view, model: model, policy: policy, now: now).decide()
    let binaries = model.reading.declaredBinaries.map {
        BinaryPlanner(
            declared: $0, view: view, model: model, policy: policy, now: now, isGistComing: gist.actions.contains(where: \.bringsGist)
        ).decide()
    }

    let allowed = view.goals.allowedSecrets.subtracting(view.memory.decisions.allowedSecrets)
    var actions = allowed.isEmpty ? [] : [Action.allowSecrets(allowed)]
    if view.goals.wantAnySize {
        let sources = Set(model.reading.declaredBinaries.map(\.fetchMark)).subtracting(view.memory.decisions.sourcesOfAnySize)
        if !sources.isEmpty { actions.append(.allowAnySize(sources)) }
    }
    let rollback = view.memory.openConflict(model) == nil ? rollbackActions(view, now: now) : nil
    actions += (rollback ?? gist.actions) + binaries.flatMap(\.actions)
    if !policy.zooIsReadOnly { actions += leftoverActions(model, now: now) }
    if let until = policy.pausedUntil, now < until {
        actions = until == .distantFuture ? [] : [.sleep(until: until)]
    }
    let compared = gist.diagnostics + view.claims.diagnostics(for: model.reading)
    let diagnostics = model.reading.diagnostics + compared
    let verdicts = binaries.map(\.verdict)
    let (state, note, hint) = summarize(view, gist: gist.verdict, binaries: verdicts, diagnostics: diagnostics, info: model.reading.state)
    return Plan(
        actions: actions, gist: gist.verdict, binaries: verdicts, diagnostics: compared, state: state, note: note, hint: hint)
}

/// What a person wants back comes before anything is sent or taken: nil when nobody does.
private func rollbackActions(_ view: ModelView, now: Date) -> [Action]? {
    guard let (version, goal) = view.goals.pendingRollback(view.memory.decisions) else { return nil }
    guard let trouble = view.memory.editTrouble, trouble.about == goal.mark else { return [.restoreVersion(version, goal: goal.id)] }
    // What only a person can help has failed: the job ends by this very pass.
    guard let again = trouble.notBefore else { return nil }
    return [now < again ? .sleep(until: again) : .restoreVersion(version, goal: goal.id)]
}

/// An edit under way, zooctl's for example, lasts no ten minutes: what is older, or older than this process, is left over.
private func leftoverActions(_ model: PresentModel, now: Date) -> [Action] {
    model.leftovers.sorted { $0.key < $1.key }.map { file, identity in
        let changed = Date(timeIntervalSince1970: TimeInterval(max(identity.changed, identity.modified)) / 1e9)
        let due = changed < model.abandonedBefore ? changed : changed.addingTimeInterval(600)
        return due <= now ? .keepLeftover(file) : .sleep(until: due)
    }
}

/// A vanished or unreadable directory deletes and publishes nothing: it is only told of.
private func planWithoutFiles(_ view: ModelView, now: Date) -> Plan {
    let (note, hint): (String, String)
    switch view.disk {
    case .unknown(let because):
        (note, hint) = ("cannot be read: \(because)", "let the daemon's user read it, then: zooctl sync \(view.idWord)")
    case .notAModel:
        note = "the readme is gone; its gist was left alone"
        hint = "put it back, or have a kept version back: zooctl log \(view.idWord), then: zooctl rollback \(view.idWord) VERSION"
    case .ignored:
        (note, hint) = ("a .zooignore names it; its gist was left alone", "take it out of .zooignore, if that is not meant")
    case .absent, .present:
        note = "the directory is gone; its gist was left alone"
        hint =
            "put it back, or have a kept version back by zooctl rollback \(view.idWord) VERSION; "
            + "if it is not to come back: zooctl forget \(view.idWord)"
    }
    let gist = GistVerdict(view.memory.gist == nil ? .unpublished : .held, note: note, hint: hint)
    let actions: [Action] =
        switch view.disk {
        case .absent, .notAModel: rollbackActions(view, now: now) ?? []
        case .present, .unknown, .ignored: []
        }
    return Plan(actions: actions, gist: gist, binaries: [], diagnostics: [], state: .attention, note: note, hint: hint)
}

/// One word, one sentence and one way out for a whole model: the worst part speaks.
private func summarize(
    _ view: ModelView, gist: GistVerdict, binaries: [BinaryVerdict], diagnostics: [Diagnostic], info: InfoState
) -> (ModelState, String?, String?) {
    typealias Part = (state: ModelState, note: String?, hint: String?)
    var parts: [Part] = [(gist.state.weight, gist.note, gist.hint)]
    parts += binaries.map { ($0.state.weight, $0.note, $0.hint) }
    if info == .invalid, let error = diagnostics.first(where: { $0.severity == .error }) {
        let place = [error.file, error.line.map(String.init)].compactMap { $0 }.joined(separator: ":")
        parts.insert(
            (.attention, place.isEmpty ? error.message : "\(place): \(error.message)", error.hint ?? "zooctl lint \(view.directoryWord)"),
            at: 0)
    }
    for state in [ModelState.failed, .attention, .busy] {
        guard let part = parts.first(where: { $0.state == state }) else { continue }
        return (state, part.note, part.hint)
    }
    let told = parts.first { $0.note != nil }
    return (.ok, told?.note, told?.hint)
}

extension GistState {
    /// How much this matters to somebody who looks at the whole zoo.
    var weight: ModelState {
        switch self {
        case .inSync, .readOnly, .off, .unpublished: .ok
        case .pending, .publishing, .pulling: .busy
        case .held, .conflict, .gone: .attention
        case .failed: .failed
        }
    }
}

extension BinaryState {
    /// How much this matters to somebody who waits for the whole model: it is not there without its weights.
    var weight: ModelState {
        switch self {
        case .verified, .unverifiable: .ok
        case .queued, .fetching, .verifying: .busy
        case .missing, .none, .modified, .outdated, .mismatch, .blocked: .attention
        case .corrupt, .failed: .failed
        }
    }
}
