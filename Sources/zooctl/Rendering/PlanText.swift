import ControlProtocol
import FoundationEssentials
import ModelInfo

/// The plan of one model: what is done now, what later, and what is left to people.
struct PlanText {
    let plan: ModelPlan
    let style: Style
    let now: Date

    /// With the model's id and the reason why not more is done.
    var text: String {
        let isIdle = !plan.actions.contains { $0.notBefore == nil }
        let heading = [isIdle ? "nothing to do now" : nil, plan.note.map(printable)].compactMap(\.self).joined(separator: "; ")
        let hint = plan.hint.map { "  \(style.painted("hint", .dim)): \(printable($0))\n" } ?? ""
        return "\(style.painted(printable(plan.id), .bold))\(heading.isEmpty ? "" : ": " + heading)\n\(hint)\(steps)"
    }

    /// A line a step.
    var steps: String {
        plan.actions.map(line).joined()
            + plan.choices.map { choice in
                let command = style.painted(printable(choice.command), .bold)
                return "  \(command) would \(printable(choice.actions.map(Self.sentence).joined(separator: ", then ")))\n"
            }.joined()
    }

    private func line(_ action: PlannedAction) -> String {
        let time = action.notBefore.map { style.painted("\(Units.moment($0, now: now))", .dim) + ": " } ?? ""
        return "  \(time)\(printable(Self.sentence(action)))\n"
    }

    private static func sentence(_ action: PlannedAction) -> String { "\(action.action) (\(action.reason))" }
}
