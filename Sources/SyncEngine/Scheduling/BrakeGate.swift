import FoundationEssentials
import ModelInfo
import Planning

/// Gathers who wants to do something drastic within one pass over the zoo, and lets all of them do it or none.
///
/// Nothing is persisted: after a restart everybody asks anew, in one pass, and is counted with all the others.
public actor BrakeGate {
    /// A pass normally ends when nothing is marked any more. Where somebody writes into the zoo without end, it ends after so long, in seconds.
    static let patience: TimeInterval = 120

    private var verdicts: [BrakeKind: [ModelID: BrakeVerdict]] = [:]
    /// When the first of those that wait asked; nil when nobody waits.
    private var waitingSince: Date?

    public init() {}

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
    public func withdraw(_ model: ModelID) {
        for kind in BrakeKind.allCases { verdicts[kind]?[model] = nil }
    }

    /// Judges at the end of a pass, when every marked model has been looked at. Who was held once stays so, however few are left:
    /// until ``withdraw(_:)`` or ``releaseAll()``.
    /// - Parameter modelCounts: How many models each zoo has.
    /// - Returns: The models that have a new answer and are to be looked at again.
    public func judge(modelCounts: [String: Int]) -> [ModelID] {
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
        return answered
    }

    /// `zooctl publish --all-held`: lets go what is held.
    public func releaseAll() -> [ModelID] {
        var released: [ModelID] = []
        for (kind, asking) in verdicts {
            for (model, verdict) in asking {
                guard case .held = verdict else { continue }
                verdicts[kind]?[model] = .granted
                released.append(model)
            }
        }
        return released
    }
}
