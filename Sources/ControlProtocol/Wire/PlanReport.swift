/// What would be done now and why: what `GET /v1/plan` and `GET /v1/models/{id}/plan` answer. Nothing is changed by asking.
public struct PlanReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.plan/1"
    public var models: [ModelPlan]

    public init(models: [ModelPlan]) {
        self.models = models
    }
}

/// What one model needs next.
public struct ModelPlan: Codable, Hashable, Sendable {
    /// As in ``ModelStatus``.
    public var id: String
    /// In the order in which they would run; empty when nothing is to be done.
    public var actions: [PlannedAction]
    /// Why nothing or not more is done; nil when there is nothing to say.
    public var note: String?

    public init(id: String, actions: [PlannedAction], note: String?) {
        (self.id, self.actions, self.note) = (id, actions, note)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(actions, forKey: .actions)
        try container.encode(note, forKey: .note)
    }
}

/// One step of a plan.
public struct PlannedAction: Codable, Hashable, Sendable {
    /// A verb and its object, e.g. `update gist 034c6ac3865563b69e60`.
    public var action: String
    public var reason: String

    public init(action: String, reason: String) {
        (self.action, self.reason) = (action, reason)
    }
}
