import FoundationEssentials
import Planning
import Synchronization

/// What is remembered of the hosts that binaries come from. Kept in memory, and saved when something changed that has to last: a host
/// that goes on working costs no write.
final class HostBook: Sendable {
    /// So many hosts; those that were not asked for longest are forgotten first.
    static let capacity = 1000
    /// Seconds after which a success is saved again, with the rate.
    private static let savingInterval: TimeInterval = 3600

    private struct Page {
        var record: HostRecord
        var savedAt = Date.distantPast
    }

    private let store: StateStore
    private let clock: any DaemonClock
    private let chance: Chance
    private let pages: Mutex<[String: Page]>

    /// Blocks.
    init(store: StateStore, clock: any DaemonClock, chance: Chance) throws {
        (self.store, self.clock, self.chance) = (store, clock, chance)
        pages = Mutex(try store.hostRecords().mapValues { Page(record: $0) })
    }

    /// By host; unknown ones are not in it.
    func records(of hosts: some Sequence<String>) -> [String: HostRecord] {
        pages.withLock { pages in Dictionary(hosts.compactMap { host in pages[host].map { (host, $0.record) } }, uniquingKeysWith: { $1 }) }
    }

    /// A file came from it.
    /// - Returns: What of that has to last, to be saved; mostly nothing.
    func worked(_ host: String, byteCount: Int64, seconds: TimeInterval) -> HostRecord? {
        note(host) { record, now in
            let wasFailing = record.failedAt ?? .distantPast > record.workedAt ?? .distantPast
            record.worked(byteCount: byteCount, seconds: seconds, at: now)
            return wasFailing
        }
    }

    /// A request failed. Blocks.
    func failed(_ host: String, _ failure: HostRecord.Failure) {
        let chance = chance.fraction()
        let saved = note(host) { record, now in
            record.failed(failure, at: now, chance: chance)
            return true
        }
        if let saved { save(saved, of: host) }
    }

    /// What is lost with the process is asked once more. That the state cannot be written is found by whoever needs it. Blocks.
    func save(_ record: HostRecord, of host: String) { try? store.save(record, of: host) }

    /// - Parameter change: Returns whether the change has to last.
    private func note(_ host: String, _ change: (inout HostRecord, Date) -> Bool) -> HostRecord? {
        let now = clock.now
        return pages.withLock { pages -> HostRecord? in
            var page = pages[host] ?? Page(record: HostRecord())
            let hasToLast = change(&page.record, now)
            let isDue = hasToLast || now.timeIntervalSince(page.savedAt) >= Self.savingInterval
            if isDue { page.savedAt = now }
            pages[host] = page
            if pages.count > Self.capacity, let oldest = pages.min(by: { $0.value.record.usedAt < $1.value.record.usedAt })?.key {
                pages[oldest] = nil
            }
            return isDue ? page.record : nil
        }
    }
}
