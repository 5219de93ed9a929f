import FoundationEssentials
import Logging
import ModelInfo
import Planning

/// The one path: look → plan → perform → record, for one model at a time a lane.
struct Reconciler: Sendable {
    /// So many models at once. A pass is short, and most of it is waiting: for the disk's four threads, for the gist host, which takes one
    /// request at a time, and for commits, of which those of all lanes go together.
    static let laneCount = 16
    /// Performing changes what a look sees; planning is quiet after three rounds, and this is more.
    static let roundLimit = 8
    /// Seconds until a model is looked at again whose state could not be read or written.
    static let pauseAfterStateFailure: TimeInterval = 30

    let zoos: [String: Zoo]
    let queue: LookQueue
    let observer: ModelObserver
    let askedLook: AskedLook
    let performer: Performer
    let store: StateStore
    let events: EventLog
    let board: StatusBoard
    let brake: BrakeGate
    let claims: ClaimRegistry
    let gate: GistGate
    let workshop: BinaryWorkshop
    let roomWatch: RoomWatch
    let jobs: JobDesk
    let health: HealthBoard
    let clock: any DaemonClock
    let logger: Logger
    private var presence: ModelPresence { ModelPresence(store: store, events: events) }
    let settings: @Sendable () -> (policy: Policy, look: ModelObserver.Settings)

    /// Works until the queue is closed.
    func run() async {
        await withDiscardingTaskGroup { lanes in
            for _ in 0..<Self.laneCount { lanes.addTask { await lane() } }
        }
    }

    private func lane() async {
        while let id = await queue.take() {
            do {
                try await pass(over: id)
                if await health.isMet(.stateFailing, by: id) {
                    // A pass that wrote nothing is no proof.
                    try await store.checkWritable(at: clock.now)
                    await health.note(.stateFailing, met: id, because: nil)
                }
            } catch is CancellationError {
                // Stopping: whatever was under way is found again by the next look.
            } catch {
                // One model's failure, here of the state itself, never ends the process.
                logger.error("the state could not be read or written", metadata: ["zoo_model": "\(id)", "because": "\(error)"])
                await health.note(.stateFailing, met: id, because: "\(error)")
                await queue.wake(id, at: clock.now.addingTimeInterval(Self.pauseAfterStateFailure))
            }
            let isDrained = await queue.finish(id)
            if await brake.isOverdue(at: clock.now) || isDrained { await endOfPass() }
        }
    }

    /// Everything that was marked has been looked at, or that takes too long: those that wait for the brake hear its judgement together.
    private func endOfPass() async {
        let answered = await brake.judge(modelCounts: await board.modelCounts)
        if !answered.isEmpty { await queue.mark(answered) }
    }

    private func pass(over id: ModelID) async throws {
        guard let zoo = zoos[id.zoo] else { return try await jobs.lose(id, wasLookedAt: false) }
        for round in 0..<Self.roundLimit {
            // What somebody saves during the pass settles first, as everything does.
            if round > 0, await queue.isSettling(id) { return }
            // Asked before the look: work that ends meanwhile marks the model, and a request made meanwhile is for a later look.
            let (goals, inFlight) = (await jobs.goals(of: id), await workshop.work(of: id))
            let disk = await observer.look(at: id, in: zoo, settings().look)
            guard try await takeOver(id, disk) else { return }
            guard let view = try await gather(id, disk, goals, inFlight, in: zoo) else { return try await forget(id) }
            let (plan, policy) = await decide(view, in: zoo)
            await lookAgain(board.put(StatusBoard.Entry(zoo: zoo, view: view, plan: plan)))
            await health.note(.noSpace, met: id, because: view.memory.shortage)
            let leavesConflict = try await jobs.judge(plan, view)
            let isForNothing = view.reading == nil && !goals.isEmpty
            // What could not be added is no model, which the next look forgets; and what kept one person from deciding is not the next one's.
            if leavesConflict || isForNothing, await jobs.goals(of: id).isEmpty { await queue.mark([id]) }
            let again = try await perform(plan, on: view, in: zoo)
            guard again else { return try await settle(plan, view, policy, in: zoo) }
            if Task.isCancelled { return }
        }
        logger.warning("does not come to rest; looked at again in a minute", metadata: ["zoo_model": "\(id)"])
        await queue.wake(id, at: clock.now.addingTimeInterval(60))
    }

    /// Nil when there is no model and nothing is remembered of one.
    private func gather(
        _ id: ModelID, _ disk: DiskView, _ goals: [Goal], _ inFlight: [RelativePath: BinaryWork], in zoo: Zoo
    ) async throws -> ModelView? {
        let memory = try await presence.memory(of: id, disk, at: clock.now)
        var view = ModelView(
            id: id, disk: disk, memory: memory, goals: goals, inFlight: inFlight, directory: zoo.absolute(id.path),
            shortID: await board.shortID(id))
        switch disk {
        case .absent, .notAModel, .ignored:
            let isWanted = goals.contains { $0.kind.addWish != nil }
            if !isWanted, !memory.isWorthKeeping {
                if memory != ModelMemory() { try await events.record(id, []) { $0 = ModelMemory() } }
                return nil
            }
        case .unknown: if memory == ModelMemory(), await board[id] == nil { return nil }
        case .present: break
        }
        let gistID = view.reading?.card?.gistID
        let binaries = view.reading?.binaryClaims ?? []
        let affected = await claims.claim(gistID, binaries, by: id)
        await lookAgain(affected)
        for claim in binaries { try await gatherRivals(of: claim, &view) }
        if let gistID {
            view.claims.gistID = await claims.others(claiming: gistID, besides: id)
            let keeper = try await store.keeper(of: gistID)
            view.claims.gistKeeper = keeper == id ? nil : keeper
        }
        view.brake = await brake.verdicts(for: id)
        if memory.awaitsRoom { view.room = await roomWatch.room(in: zoo) }
        return view.allowingSecrets
    }

    /// What another model's pass changed concerns these too.
    private func lookAgain(_ affected: some Collection<ModelID> & Sendable) async {
        if !affected.isEmpty { await queue.mark(affected) }
    }

    /// So many of those with the same checksum are looked at closely; real zoos have one or two.
    private static let rivalLookLimit = 16

    private func gatherRivals(of claim: BinaryClaim, _ view: inout ModelView) async throws {
        var rivals = await claims.rivals(of: claim, besides: view.id)
        for rival in rivals.prefix(Self.rivalLookLimit) {
            let memory = try await store.memory(of: rival)
            // Both files were seen to have it: then it is one binary under two names.
            if view.memory.hasVerified(claim.sha1), memory.hasVerified(claim.sha1) {
                rivals.removeAll { $0 == rival }
                if await board[rival]?.view.claims.sha1[claim.sha1]?.contains(view.id) == true { await queue.mark([rival]) }
            } else if view.claims.sha1Keepers[claim.sha1] == nil, memory.hasRecorded(claim.sha1) {
                view.claims.sha1Keepers[claim.sha1] = rival
            }
        }
        view.claims.sha1[claim.sha1] = rivals.isEmpty ? nil : rivals
    }

    /// A renamed directory brings its readme and with it the gist's id, or is at least the same directory: the new place takes what is
    /// remembered of the old one, once that holds the model no more.
    /// - Returns: False while it cannot yet: nothing is decided about the new place before, so that no second gist is made.
    private func takeOver(_ id: ModelID, _ disk: DiskView) async throws -> Bool {
        guard case .present(let model) = disk,
            let keeper = try await presence.origin(of: id, model, asksDirectory: settings().policy.host != .none),
            let zoo = zoos[keeper.zoo]
        else { return true }
        if let gistID = model.reading.card?.gistID, await !claims.others(claiming: gistID, besides: id).allSatisfy({ $0 == keeper }) {
            return true
        }
        guard try await presence.hasLeft(keeper, await observer.look(at: keeper, in: zoo, settings().look), for: id) else { return true }
        // A pass over the old place may still be recording. Two that changed places wait for each other: one of them for less.
        guard await !queue.isPending(keeper) else {
            await queue.wake(id, at: clock.now.addingTimeInterval(id < keeper ? 1 : 2.5))
            return false
        }
        try await presence.move(keeper, to: id, at: clock.now)
        await queue.mark([keeper])
        return true
    }

    private func decide(_ view: ModelView, in zoo: Zoo) async -> (Plan, Policy) {
        let policy = await policy(for: zoo)
        return (plan(view, policy: policy, now: clock.now), policy)
    }

    private func policy(for zoo: Zoo) async -> Policy {
        var policy = settings().policy
        policy.zooIsReadOnly = zoo.isReadOnly
        policy.hostClosed = await gate.closed
        policy.hostSince = await gate.since
        return policy
    }

    /// What would be done now, for those who ask: the disk as the last pass saw it, all else as it is at this moment.
    func foresight(on entry: StatusBoard.Entry) async throws -> Foresight {
        let id = entry.view.id
        var view = entry.view
        // The board keeps no texts, so what is on disk now is looked at: that is what the next pass would see.
        view.disk = try await askedLook.look(at: id, in: entry.zoo, settings().look)
        view.memory = try await store.memory(of: id)
        view.goals = await jobs.goals(of: id)
        view.inFlight = await workshop.work(of: id)
        view.brake = await brake.verdicts(for: id)
        view.room = view.memory.awaitsRoom ? await roomWatch.room(in: entry.zoo) : nil
        return Foresight(view, await policy(for: entry.zoo), now: clock.now)
    }

    /// - Returns: Whether anything was done that a look would see.
    private func perform(_ plan: Plan, on view: ModelView, in zoo: Zoo) async throws -> Bool {
        var again = false
        guard case .present(let model) = view.disk else {
            for action in plan.actions where try await performer.performWithoutFiles(action, on: view, in: zoo) { again = true }
            return again
        }
        let readings = plan.actions.filter(\.isReading)
        if !readings.isEmpty { await performer.read(readings, of: view, model, in: zoo) }
        for action in plan.actions where !action.isReading {
            if try await performer.perform(action, on: view, model, in: zoo) { again = true }
        }
        return again
    }

    private func settle(_ plan: Plan, _ view: ModelView, _ policy: Policy, in zoo: Zoo) async throws {
        if plan.gist.state != .held, plan.gist.state != .pending { await brake.withdraw(view.id) }
        await roomWatch.put(view.id, awaits: plan.awaitedRoom, in: zoo)
        if let wakeAt = plan.wakeAt { await queue.wake(view.id, at: wakeAt) }
    }

    private func forget(_ id: ModelID) async throws {
        await lookAgain(board.remove(id))
        for code in HealthBoard.Code.allCases { await health.note(code, met: id, because: nil) }
        let affected = await claims.claim(nil, by: id)
        await lookAgain(affected)
        await brake.withdraw(id)
        await roomWatch.drop(id)
        try await jobs.lose(id, wasLookedAt: true)
    }
}
