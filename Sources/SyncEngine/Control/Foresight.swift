import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning

/// What would be done with one model now, and what a person could have done: all of it from the planner, none of it done.
struct Foresight: Sendable {
    /// As of now.
    private(set) var view: ModelView
    private let policy: Policy
    private let now: Date

    init(_ view: ModelView, _ policy: Policy, now: Date) {
        (self.view, self.policy, self.now) = (view, policy, now)
        // To ask the brake is a step on the way; of interest is where it leads.
        for kind in BrakeKind.allCases {
            if case .held = view.brake[kind] { continue }
            self.view.brake[kind] = .granted
        }
    }

    /// - Parameters:
    ///   - id: As people write it.
    ///   - isPending: Whether something changed that no pass has seen yet.
    func plan(id: String, isPending: Bool) -> ModelPlan {
        let plan = Planning.plan(view, policy: policy, now: now)
        var actions = described(plan)
        if isPending {
            actions.insert(PlannedAction(action: "look again", reason: "something changed, or somebody asked"), at: 0)
        }
        if let wakeAt = plan.wakeAt {
            actions.append(PlannedAction(action: "look again", reason: Self.reason(toWakeAt: wakeAt, plan), notBefore: wakeAt))
        }
        return ModelPlan(id: id, actions: actions, note: plan.note, hint: plan.hint, choices: choices(beyond: actions))
    }

    /// The plan as it would be if somebody had asked for it; nil: as it is.
    func plan(asking kind: Goal.Kind?) -> Plan {
        var asked = view
        if let kind { asked.goals.append(Goal(id: 0, kind: kind, requestedAt: now)) }
        return Planning.plan(asked, policy: policy, now: now)
    }

    /// Lines that look like secrets, as they stand now.
    /// - Throws: ``ControlError`` when one of `places` is none, with those that are.
    func secrets(at places: [SecretPlace], of id: String) throws(ControlError) -> Set<AllowedSecret> {
        let lines = if case .present(let model) = view.disk { model.secretLines } else { [SecretPlace: SHA256Digest]() }
        var allowed: Set<AllowedSecret> = []
        for place in places {
            guard let digest = lines[place] else {
                let found = lines.keys.sorted().prefix(10).map(\.description).joined(separator: ", ")
                throw ControlError(
                    .badRequest, "\(place) of \(id) does not look like a secret, so there is nothing to allow",
                    hint: found.isEmpty ? "no line of it does: zooctl publish \(view.idWord)" : "these lines do: \(found)")
            }
            allowed.insert(AllowedSecret(file: place.file, line: digest))
        }
        return allowed
    }

    /// What was found in files and texts of the model, with what `wish` allows.
    func reading(allowing wish: PublishWish) -> ModelReading? {
        var asked = view
        asked.goals.append(Goal(id: 0, kind: .publish(wish), requestedAt: now))
        return asked.allowingSecrets.reading
    }

    /// Commands that would set something in motion that does not move by itself.
    private func choices(beyond actions: [PlannedAction]) -> [PlannedChoice] {
        let word = view.idWord
        // What is done by the first of them is no reason for those that do more.
        let commands: [(String, Goal.Kind)] = [
            ("zooctl fetch \(word)", .fetch),
            ("zooctl repair \(word)", .repair),
            ("zooctl publish \(word)", .publish(PublishWish())),
            ("zooctl publish \(word) --replace-id", .publish(PublishWish(replacesID: true))),
        ]
        var choices: [PlannedChoice] = []
        // Where a person has to decide first, publishing is refused.
        let plain = plan(asking: nil)
        let isOpen = ![.conflict, .gone].contains(plain.gist.state)
        // What its host keeps waiting is set in motion by nobody.
        let kept = plain.binaries.filter { $0.wait?.isForEverybody == true }.map(\.declared)
        for (command, kind) in commands {
            if case .publish = kind, !isOpen { continue }
            let known = actions + choices.flatMap(\.actions)
            let more = described(plan(asking: kind), without: kept).filter { !known.contains($0) }
            guard !more.isEmpty else { continue }
            choices.append(PlannedChoice(command: command, actions: more))
        }
        return choices
    }

    private func described(_ plan: Plan, without kept: [DeclaredBinary] = []) -> [PlannedAction] {
        plan.actions.compactMap { action in
            if case .sleep = action { return nil }
            if case .fetch(let declared, _) = action, kept.contains(declared) { return nil }
            return PlannedAction(action: action.verb, reason: action.reason(for: view))
        }
    }

    private static func reason(toWakeAt time: Date, _ plan: Plan) -> String {
        if let binary = plan.binaries.first(where: { $0.nextVerifyAt == time }) {
            return "\(binary.declared.fileText ?? "the binary") is to be read and checked again"
        }
        return plan.note.map { "tried again: \($0)" } ?? "it is tried again"
    }
}
