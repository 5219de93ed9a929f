import FoundationEssentials
import ModelInfo
import Planning

/// Gathers who wants to do something drastic within one pass over the zoo, and lets all of them do it or none.
///
/// Who is held stays so over a restart, like everything that waits for a person. Who only waits asks anew then, in one pass, and is counted
/// with all the others.
public actor BrakeGate {
    /// A pass normally ends when nothing is marked any more. Where somebody writes into the zoo without end, it ends after so long, in seconds.
    static let patience: TimeInterval = 120

    private var verdicts: [BrakeKind: [ModelID: BrakeVerdict]] = [:]
    /// When the first of those that wait asked; nil when nobody waits.
    private var waitingSince: Date?

    private let store: StateStore?
    /// The last write of who is held; the next one waits for it.
    private var saving: Task<Void, Never>?

    /// Remembers nothing over a restart.
    public init() { store = nil }

    /// Holds whom the last process held.
    public init(store: StateStore) async throws {
        self.store = store
        for (kind, models) in try await store.setting(.heldByBrake, as: [BrakeKind: [ModelID]].self) ?? [:] {
            for model in models { verdicts[kind, default: [:]][model] = .held(models: models.count) }
        }
    }

    public func verdicts(for model: ModelID) -> [BrakeKind: BrakeVerdict] {
        verdicts.compactMapValues { $0[model] }
    }

    /// The model waits until the pass is over.
    public func ask(_ kind: BrakeKind, for model: ModelID, at now: Date) {
        verdicts[kind, default: [:]][model] = .waiting
        waitingSince = waitingSince ?? now
    }

    /// Whether somebody has not been answered yet.
    var isAsked: Bool { verdicts.values.contains { $0.values.contains(.waiting) } }

    /// Whether somebody has waited too long for a pass to end.
    func isOverdue(at now: Date) -> Bool { waitingSince.map { now.timeIntervalSince($0) >= Self.patience } ?? false }

    /// The model no longer wants any of it, or has done it.
    public func withdraw(_ model: ModelID) async {
        var wasHeld = false
        for kind in BrakeKind.allCases {
            if case .held = verdicts[kind]?.removeValue(forKey: model) { wasHeld = true }
        }
        if wasHeld { await save() }
    }

    /// A failure to write is no harm now: the verdicts stand, and only a restart would forget them.
    private func save() async {
        let before = saving
        let task = Task {
            await before?.value
            try? await store?.set(.heldByBrake, to: held.isEmpty ? nil : held)
        }
        saving = task
        await task.value
    }

    private var held: [BrakeKind: [ModelID]] {
        verdicts.mapValues { $0.filter { if case .held = $0.value { true } else { false } }.keys.sorted() }.filter { !$0.value.isEmpty }
    }

    /// Judges at the end of a pass, when every marked model has been looked at. Who was held once stays so, however few are left:
    /// until ``withdraw(_:)`` or ``releaseAll()``.
    /// - Parameter modelCounts: How many models each zoo has.
    /// - Returns: The models that have a new answer and are to be looked at again.
    public func judge(modelCounts: [String: Int]) async -> [ModelID] {
        var answered: [ModelID] = []
        waitingSince = nil
        for (kind, asking) in verdicts {
            for (zoo, models) in Dictionary(grouping: asking.filter { $0.value != .granted }.keys, by: \.zoo) {
                // Once held, fewer of them are no smaller accident: files may be coming back one by one.
                let isHeld = models.contains { if case .held = asking[$0] { true } else { false } }
                let isLetGo = !isHeld && Brake.lets(models.count, of: modelCounts[zoo] ?? 0, do: kind)
                let verdict: BrakeVerdict = isLetGo ? .granted : .held(models: models.count)
                for model in models where asking[model] == .waiting {
                    verdicts[kind]?[model] = verdict
                    answered.append(model)
                }
            }
        }
        if !answered.isEmpty { await save() }
        return answered
    }

    /// `zooctl publish --all-held`: lets go what is held.
    public func releaseAll() async -> [ModelID] {
        var released: [ModelID] = []
        for (kind, asking) in verdicts {
            for (model, verdict) in asking {
                guard case .held = verdict else { continue }
                verdicts[kind]?[model] = .granted
                released.append(model)
            }
        }
        await save()
        return released
    }
}
