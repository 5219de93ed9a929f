import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning

/// The jobs: what people asked for and wait for. A job is a goal that stays with its models until they have got there;
/// it is judged after every pass and survives a restart.
actor JobDesk {
    private let store: StateStore
    private let clock: any DaemonClock
    private var goals: [ModelID: [Goal]] = [:]
    /// Who waits for a job to end.
    private var waiters: [Int64: [Int: CheckedContinuation<Void, Never>]] = [:]
    private var nextWaiter = 0
    /// Jobs for which something went out to the gist host: it cannot be called back.
    private var sent: Set<Int64> = []
    /// Jobs that were cancelled while this process runs, for passes that began before: numbers, and people cancel few.
    private var cancelled: Set<Int64> = []

    /// Takes up the jobs that were open when the last process ended.
    init(store: StateStore, clock: any DaemonClock) async throws {
        (self.store, self.clock) = (store, clock)
        for job in try await store.openJobs() {
            for member in job.members where member.state == .running {
                goals[member.model, default: []].append(Goal(id: job.id, kind: job.kind, requestedAt: job.requestedAt))
            }
        }
    }

    func goals(of model: ModelID) -> [Goal] { goals[model] ?? [] }

    /// Models that a job waits for, also such as are in no zoo any more: their jobs end, too.
    var models: [ModelID] { goals.keys.sorted() }

    func start(_ kind: Goal.Kind, models: [ModelID], uid: UInt32) async throws -> StoredJob {
        let job = try await store.addJob(kind, models: models, uid: uid, at: clock.now)
        for model in models { goals[model, default: []].append(Goal(id: job.id, kind: kind, requestedAt: job.requestedAt)) }
        return job
    }

    /// Ends the model's part in every job that has got where it wanted, or cannot.
    /// - Returns: Whether a conflict could not be ended as somebody wished: that it is one still has to be seen without that wish.
    @discardableResult
    func judge(_ plan: Plan, _ view: ModelView) async throws -> Bool {
        var leavesConflict = false
        // Only what the pass knew of: a goal that came during the pass is judged after the next.
        for goal in view.goals {
            guard goals[view.id]?.contains(goal) == true else { continue }
            switch goal.progress(in: plan, view: view) {
            case .goesOn: continue
            case .reached(let note): try await end(goal, .init(model: view.id, state: .done, note: note))
            case .failed(let failure, let note, let hint):
                if case .resolve = goal.kind { leavesConflict = true }
                try await end(goal, .init(model: view.id, state: .failed, failure: failure, note: note, hint: hint))
            }
        }
        return leavesConflict
    }

    /// The model is no more: its jobs fail, but for those that only wanted it looked at.
    func lose(_ model: ModelID, wasLookedAt: Bool) async throws {
        for goal in goals(of: model) {
            if goal.kind == .sync, wasLookedAt {
                try await end(goal, .init(model: model, state: .done, note: "\(model.path) is no model any more"))
                continue
            }
            try await end(goal, .init(model: model, state: .failed, failure: .noSuchModel, note: "\(model.path) is no model any more"))
        }
    }

    /// Asked right before something goes out to the gist host, when its turn has come: until then it can be called off.
    /// - Parameter wishes: What people want that it is sent for.
    /// - Returns: Whether all of them still stand; then their jobs cannot be cancelled any more.
    func mayBeSent(for wishes: [Goal], of model: ModelID) -> Bool {
        guard cancelled.isDisjoint(with: wishes.map(\.id)) else { return false }
        sent.formUnion(wishes.filter { goals[model]?.contains($0) == true }.map(\.id))
        return true
    }

    /// The host has surely done nothing of it.
    func wasNotDone(for wishes: [Goal]) { sent.subtract(wishes.map(\.id)) }

    /// Whether an open job can still be cancelled.
    func mayCancel(_ id: Int64) -> Bool { !sent.contains(id) }

    /// - Returns: The models whose work is to be stopped; nil when there is no such open job.
    /// - Throws: ``ControlError`` when what the job wanted has gone out already.
    func cancel(_ id: Int64) async throws -> [ModelID]? {
        let members = goals.filter { $0.value.contains { $0.id == id } }.keys.sorted()
        guard !members.isEmpty else { return nil }
        guard mayCancel(id) else {
            throw ControlError(
                .conflict, "job \(id) cannot be cancelled any more: its request has gone out to the gist host", hint: "zooctl jobs")
        }
        cancelled.insert(id)
        var stopped: [ModelID] = []
        for model in members {
            let wasWork = goals(of: model).contains { $0.id == id && $0.kind.isLongWork }
            for goal in goals(of: model) where goal.id == id { try await end(goal, .init(model: model, state: .cancelled)) }
            // Somebody else may still wait for the same work.
            if wasWork, !goals(of: model).contains(where: \.kind.isLongWork) { stopped.append(model) }
        }
        return stopped
    }

    private func end(_ goal: Goal, _ member: StoredJob.Member) async throws {
        // First recorded, then told: who waits for the job reads how it ended.
        let job = try await store.endJob(goal.id, for: member, at: clock.now)
        goals[member.model]?.removeAll { $0.id == goal.id }
        if goals[member.model]?.isEmpty == true { goals[member.model] = nil }
        guard let job else { return }
        sent.remove(job.id)
        for waiter in waiters.removeValue(forKey: job.id)?.values.map({ $0 }) ?? [] { waiter.resume() }
    }

    /// Returns when the job is over or `deadline` has come.
    func wait(for id: Int64, until deadline: Date) async throws {
        guard try await store.job(id)?.isOpen == true, deadline > clock.now else { return }
        let key = nextWaiter
        nextWaiter += 1
        let alarm = Task { await ring(id, key, at: deadline) }
        defer { alarm.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiters[id, default: [:]][key] = $0 }
        } onCancel: {
            Task { await self.wake(id, key) }
        }
    }

    /// How many wait for a job to end.
    func waiterCount(of id: Int64) -> Int { waiters[id]?.count ?? 0 }

    /// Begins when the waiter stands in line, since the actor is its own until then: an end from here on finds it there, and one
    /// before is seen by asking again.
    private func ring(_ id: Int64, _ key: Int, at deadline: Date) async {
        if (try? await store.job(id)?.isOpen) == true { try? await clock.sleep(until: deadline) }
        wake(id, key)
    }

    private func wake(_ id: Int64, _ key: Int) {
        waiters[id]?.removeValue(forKey: key)?.resume()
        if waiters[id]?.isEmpty == true { waiters[id] = nil }
    }
}

extension StoredJob.Member {
    init(model: ModelID, state: StoredJob.State, note: String? = nil) {
        self.init(model: model, state: state, failure: nil, note: note, hint: nil)
    }

    init(model: ModelID, state: StoredJob.State, failure: GoalFailure, note: String) {
        self.init(model: model, state: state, failure: failure, note: note, hint: nil)
    }
}
