import FoundationEssentials
import ModelInfo

/// Which models are to be looked at, and when. Gives a model to one lane at a time; a mark that arrives meanwhile earns it one more pass.
///
/// Marks carry no reason and no content: losing one delays work and never corrupts it.
public actor LookQueue {
    /// How long a model must be left alone before it is looked at, and how long at most that may put it off. In seconds.
    public struct Settling: Equatable, Sendable {
        public var quiet: TimeInterval
        public var atMost: TimeInterval

        public init(quiet: TimeInterval, atMost: TimeInterval) { (self.quiet, self.atMost) = (quiet, atMost) }
    }

    private struct Entry {
        /// When the first and when the next look because of changes is due; nil when nothing changed.
        var settling: (since: Date, due: Date)?
        /// When something else falls due: a backoff, a re-verification, a request.
        var timer: Date?

        /// While somebody is still writing, timers wait too: a half-saved readme is no version of it.
        var due: Date? { settling?.due ?? timer }
    }

    private let clock: any DaemonClock
    private var settling: Settling
    private var entries: [ModelID: Entry] = [:]
    private var settlingModels: Set<ModelID> = []
    /// Due now, in the order of becoming so.
    private var ready: [ModelID] = []
    private var readyHead = 0
    private var isReady: Set<ModelID> = []
    private var inPass: Set<ModelID> = []
    private var takers: [CheckedContinuation<ModelID?, Never>] = []
    private var alarm: (at: Date, task: Task<Void, Never>)?
    private var isClosed = false

    public init(clock: any DaemonClock, settling: Settling) {
        (self.clock, self.settling) = (clock, settling)
    }

    public func use(_ settling: Settling) { self.settling = settling }

    /// The files of these models changed: look when they have been quiet for a while.
    public func touch(_ models: some Sequence<ModelID>) {
        let now = clock.now
        for model in models {
            var entry = entries[model] ?? Entry()
            let since = entry.settling?.since ?? now
            entry.settling = (since, min(now.addingTimeInterval(settling.quiet), since.addingTimeInterval(settling.atMost)))
            put(entry, for: model, now: now)
        }
    }

    /// Look at these models as soon as a lane is free.
    public func mark(_ models: some Sequence<ModelID>) {
        let now = clock.now
        for model in models { putTimer(now, for: model, now: now) }
    }

    /// Look at this model at `time`, unless it is looked at before.
    public func wake(_ model: ModelID, at time: Date) {
        putTimer(time, for: model, now: clock.now)
    }

    /// The next model that is due; waits for one. Nil once the queue is closed.
    public func take() async -> ModelID? {
        if isClosed { return nil }
        if let model = popReady() { return model }
        return await withCheckedContinuation { takers.append($0) }
    }

    /// Ends the pass over a model.
    /// - Returns: Whether now nothing is due, settling or under way: the end of a pass over all that was marked.
    public func finish(_ model: ModelID) -> Bool {
        inPass.remove(model)
        if let entry = entries[model] { put(entry, for: model, now: clock.now) }
        return isDrained
    }

    /// How many lanes wait for something to do.
    var takerCount: Int { takers.count }

    /// How long the line of what is due is, with what was taken from it and not yet let go.
    var lineLength: Int { ready.count }

    /// Whether nothing is due, settling or under way.
    public var isDrained: Bool { inPass.isEmpty && isReady.isEmpty && settlingModels.isEmpty }

    /// Whether this model is settling, due or under way.
    public func isPending(_ model: ModelID) -> Bool {
        inPass.contains(model) || isReady.contains(model) || entries[model]?.settling != nil
    }

    /// Whether its files changed just now, so that it has to be left alone for a while.
    func isSettling(_ model: ModelID) -> Bool { settlingModels.contains(model) }

    /// Forgets what was planned for a model that is no more.
    public func drop(_ model: ModelID) {
        entries[model] = nil
        settlingModels.remove(model)
    }

    /// Lets every taker go with nil.
    public func close() {
        isClosed = true
        alarm?.task.cancel()
        alarm = nil
        for taker in takers { taker.resume(returning: nil) }
        takers = []
    }

    private func putTimer(_ time: Date, for model: ModelID, now: Date) {
        var entry = entries[model] ?? Entry()
        entry.timer = min(entry.timer ?? time, time)
        put(entry, for: model, now: now)
    }

    private func put(_ entry: Entry, for model: ModelID, now: Date) {
        if entry.settling != nil { settlingModels.insert(model) }
        entries[model] = entry
        guard let due = entry.due, !inPass.contains(model) else { return }
        if due <= now { makeReady(model) } else { arm(at: due) }
    }

    private func makeReady(_ model: ModelID) {
        entries[model] = nil
        settlingModels.remove(model)
        guard isReady.insert(model).inserted else { return }
        if let taker = takers.popLast() {
            isReady.remove(model)
            inPass.insert(model)
            taker.resume(returning: model)
        } else {
            ready.append(model)
        }
    }

    private func popReady() -> ModelID? {
        guard readyHead < ready.count else { return nil }
        let model = ready[readyHead]
        readyHead += 1
        // Let go of what was taken once it is most of the line, which may never become empty.
        if readyHead > ready.count / 2 {
            ready.removeFirst(readyHead)
            readyHead = 0
        }
        isReady.remove(model)
        inPass.insert(model)
        return model
    }

    /// One sleeping task until the earliest due time, and none when nothing is due: an idle daemon does not wake.
    private func arm(at due: Date) {
        guard !isClosed else { return }
        if let alarm, alarm.at <= due { return }
        alarm?.task.cancel()
        let clock = clock
        alarm = (
            due,
            Task { [weak self] in
                do { try await clock.sleep(until: due) } catch { return }
                await self?.ring()
            }
        )
    }

    private func ring() {
        alarm = nil
        let now = clock.now
        var next: Date?
        for (model, entry) in entries where !inPass.contains(model) {
            guard let due = entry.due else { continue }
            if due <= now { makeReady(model) } else { next = min(next ?? due, due) }
        }
        if let next { arm(at: next) }
    }
}
