import ModelInfo
import Planning

/// Gathers who wants to do something drastic within one pass over the zoo, and lets all of them do it or none.
///
/// Nothing is persisted: after a restart everybody asks anew, in one pass, and hears the same.
public actor BrakeGate {
    private var verdicts: [BrakeKind: [ModelID: BrakeVerdict]] = [:]

    public init() {}

    public func verdicts(for model: ModelID) -> [BrakeKind: BrakeVerdict] {
        verdicts.compactMapValues { $0[model] }
    }

    /// The model waits until the pass is over.
    public func ask(_ kind: BrakeKind, for model: ModelID) {
        verdicts[kind, default: [:]][model] = .waiting
    }

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
        for (kind, asking) in verdicts {
            for (zoo, models) in Dictionary(grouping: asking.filter { $0.value != .granted }.keys, by: \.zoo) {
                let verdict: BrakeVerdict =
                    Brake.lets(models.count, of: modelCounts[zoo] ?? 0, do: kind) ? .granted : .held(models: models.count)
                for model in models where asking[model] != verdict {
                    if case .held = asking[model], verdict == .granted { continue }
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
