import FoundationEssentials
import ModelInfo
import Planning

/// Remembers why something about a model's gist did not work.
struct GistTroubles: Sendable {
    let events: EventLog
    let clock: any DaemonClock
    let chance: Chance

    /// A call to the host failed.
    /// - Parameter change: What else is to be remembered, in the same transaction.
    func note(
        _ failure: GistFailure, for view: ModelView, _ model: PresentModel,
        _ change: @escaping @Sendable (inout ModelMemory) -> Void = { _ in }
    ) async throws {
        // Stopping is no failure of the host's: what was saved before the request tells the next start all that is known.
        if failure == .cancelled { return }
        let outcome = OutcomeJudge.judge(failure, model: view.idWord, now: clock.now)
        // What concerns every model is the gate's to remember and to tell.
        let isOwn = !failure.closesHost
        let (now, chance, about) = (clock.now, chance.fraction(), model.contentMark)
        try await events.record(view.id, []) { memory in
            if isOwn { memory.gistTrouble = Trouble.left(by: outcome, about: about, before: memory.gistTrouble, now: now, chance: chance) }
            change(&memory)
        }
    }

    /// Bringing the two sides together did not work.
    func note(_ outcome: Outcome, about mark: String, _ news: [NewEvent] = [], for view: ModelView) async throws {
        let (now, chance) = (clock.now, chance.fraction())
        try await events.record(view.id, news) { memory in
            memory.gistTrouble = Trouble.left(by: outcome, about: mark, before: memory.gistTrouble, now: now, chance: chance)
        }
    }
}
