import FoundationEssentials

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
    /// What helps against it; nil when nothing needs help.
    public var hint: String?
    /// What is left to people: commands that would set something more in motion.
    public var choices: [PlannedChoice]

    public init(id: String, actions: [PlannedAction], note: String?, hint: String? = nil, choices: [PlannedChoice] = []) {
        (self.id, self.actions, self.note, self.hint, self.choices) = (id, actions, note, hint, choices)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(actions, forKey: .actions)
        try container.encode(note, forKey: .note)
        try container.encode(hint, forKey: .hint)
        try container.encode(choices, forKey: .choices)
    }
}

/// One step of a plan.
public struct PlannedAction: Codable, Hashable, Sendable {
    /// A verb and its object, e.g. `update gist 034c6ac3865563b69e60`.
    public var action: String
    public var reason: String
    /// Not before this time; nil when it is done now.
    public var notBefore: Date?

    public init(action: String, reason: String, notBefore: Date? = nil) {
        (self.action, self.reason, self.notBefore) = (action, reason, notBefore)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(action, forKey: .action)
        try container.encode(reason, forKey: .reason)
        try container.encode(notBefore, forKey: .notBefore)
    }
}

/// A command that somebody could give, and what zood would do then on top of what it does by itself.
public struct PlannedChoice: Codable, Hashable, Sendable {
    /// For a shell, e.g. `zooctl publish bvlc_alexnet`.
    public var command: String
    public var actions: [PlannedAction]

    public init(command: String, actions: [PlannedAction]) {
        (self.command, self.actions) = (command, actions)
    }
}
