import FoundationEssentials
import ModelInfo

/// Decides about a model that is to be made from a gist: whether its directory may come to be.
struct AdditionPlanner {
    let view: ModelView
    let policy: Policy
    let now: Date

    /// Nil when nobody wants one made, or it is made.
    func decide() -> Plan? {
        if let arrival = view.memory.decisions.arrival {
            if case .unknown(let because) = view.disk {
                return told(.pulling, "cannot be read: \(because)", actions: [.sleep(until: now.addingTimeInterval(30))])
            }
            return told(.pulling, "adding it from gist \(arrival.wish.gist)", actions: [.settleArrival(arrival)])
        }
        guard case .absent = view.disk, let goal = view.goals.pending(view.memory.decisions, { $0.addWish != nil }),
            let wish = goal.kind.addWish
        else { return nil }
        if let known = view.memory.gist {
            return told(
                .held, "\(view.id.path) was a model with gist \(known.id), which is still remembered of it",
                hint: "put the directory back, or: zooctl forget \(view.idWord)")
        }
        return hindrance(to: wish)
            ?? told(.pulling, "adding it from gist \(wish.gist)", actions: [.addModel(wish, goal: goal.id)])
    }

    private func hindrance(to wish: AddWish) -> Plan? {
        if policy.host == .none { return told(.off, "gists.host is none") }
        if wish.gist.isLocal != (policy.host == .local) {
            return told(.off, wish.gist.isLocal ? "gist \(wish.gist) is a local one" : "gist \(wish.gist) is on GitHub")
        }
        if policy.zooIsReadOnly { return told(.off, "this zoo is read-only", hint: "let zood write there: mode: read-write in zoos") }
        if let until = policy.pausedUntil, now < until { return told(.pending, "paused", actions: waiting(until)) }
        if let closure = policy.hostClosed, now < closure.until {
            return told(
                closure.needsPerson ? .failed : .pending, closure.because, hint: closure.hint, actions: waiting(closure.until))
        }
        if let trouble = view.memory.gistTrouble, trouble.blocks(wish.mark, goals: view.goals, now: now) {
            return told(.failed, trouble.message, hint: trouble.hint, actions: trouble.notBefore.map(waiting) ?? [])
        }
        return nil
    }

    private func waiting(_ until: Date) -> [Action] { until == .distantFuture ? [] : [.sleep(until: until)] }

    private func told(_ state: GistState, _ note: String, hint: String? = nil, actions: [Action] = []) -> Plan {
        Plan(
            actions: actions, gist: GistVerdict(state, note: note, hint: hint), binaries: [], diagnostics: [], state: state.weight,
            note: note,
            hint: hint)
    }
}
