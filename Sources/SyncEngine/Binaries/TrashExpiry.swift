import FoundationEssentials
import Logging
import ModelInfo
import Planning
import SystemIO

/// Removes by itself what has been in the trash for its time. Sleeps until the first of it is due, and where nothing is, until something new
/// was moved away.
actor TrashExpiry {
    /// After one look over the trash the next comes a day later at the soonest, in seconds; an hour, where there is too much in it.
    static let pause: TimeInterval = 86_400
    static let pauseOverCap: TimeInterval = 3600

    private let store: StateStore
    private let clock: any DaemonClock
    private let logger: Logger
    private let lane: BlockingLane
    /// Zoos in which something may be removed.
    private let zoos: Set<String>

    private let nextLook: UntilDue
    /// What the trash held when it was last asked when something is due.
    private var known: [String] = []

    /// The last sweep, also where it could not be written down.
    private var sweptAt: Date?
    private let uptime: @Sendable () -> TimeInterval

    init(
        zoos: [Zoo], store: StateStore, lane: BlockingLane, clock: any DaemonClock, logger: Logger,
        uptime: @escaping @Sendable () -> TimeInterval = ClockTrust.processUptime
    ) {
        self.uptime = uptime
        (self.store, self.lane, self.clock, self.logger) = (store, lane, clock, logger)
        nextLook = UntilDue(clock: clock)
        self.zoos = Set(zoos.filter { $0.staging != nil }.map(\.name))
    }

    /// Until the task is cancelled.
    func run(with collector: GarbageCollector) async {
        // What happened last, happened before now, by whatever clock.
        let newest = try? await store.newestEvents(1).first?.event.at
        var trust = ClockTrust(lastKnown: newest ?? clock.now, uptime: uptime)
        while !Task.isCancelled {
            let due = await nextDue(collector)
            await nextLook.wait(until: due)
            guard !Task.isCancelled, let due, due <= clock.now else { continue }
            if let pause = trust.doubt(about: clock.now) {
                await nextLook.wait(until: clock.now.addingTimeInterval(pause))
                continue
            }
            await sweep(collector)
        }
    }

    /// Work that may have moved something away has ended.
    func workEnded() async {
        guard await timed().map(\.item) != known else { return }
        await nextLook.changed()
    }

    /// Of what is recorded, what is kept for a time.
    private func timed() async -> [TrashRecord] {
        let records = try? await lane.run { [store] in try store.trash() }
        return (records ?? []).filter { zoos.contains($0.model.zoo) && $0.reason.keptFor != nil }
    }

    /// Nil: nothing is.
    private func nextDue(_ collector: GarbageCollector) async -> Date? {
        let records = await timed()
        known = records.map(\.item)
        guard let first = records.compactMap({ TrashItem($0).keptUntil }).min() else { return nil }
        let stored = (try? await store.setting(.trashSweptAt, as: Date.self)) ?? nil
        // A clock that was set back must not put it off for good.
        let last = [stored, sweptAt].compactMap { $0 }.map { min($0, clock.now) }.max() ?? .distantPast
        let due = max(first, last.addingTimeInterval(Self.pause))
        let soon = (try? await collector.expired(at: clock.now.addingTimeInterval(GarbageRules.leastKept))) ?? []
        guard let over = soon.filter({ $0.reason == .overCap }).map(\.since).min() else { return due }
        return min(due, max(over.addingTimeInterval(GarbageRules.leastKept), last.addingTimeInterval(Self.pauseOverCap)))
    }

    private func sweep(_ collector: GarbageCollector) async {
        // Told first: whatever becomes of it, also by a kill, the next one is not sooner.
        sweptAt = clock.now
        try? await store.set(.trashSweptAt, to: clock.now)
        do {
            for garbage in try await collector.expired() {
                if Task.isCancelled { return }
                do { _ = try await collector.remove(garbage, by: nil) } catch {
                    logger.notice("something stays in the trash", metadata: ["because": "\(error)"])
                }
            }
        } catch {
            logger.notice("the trash could not be looked at", metadata: ["because": "\(error)"])
        }
    }
}
