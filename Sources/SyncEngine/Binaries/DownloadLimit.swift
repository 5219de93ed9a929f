import ControlProtocol
import FoundationEssentials
import Synchronization

/// The bandwidth of all downloads together: `binaries.bandwidth`, or what an operator said in its place. That outlives restarts and
/// reloads, until it is given back.
actor DownloadLimit {
    /// What an operator said.
    struct Override: Codable, Equatable, Sendable {
        /// Nil: no limit.
        var bytesPerSecond: Int?
        var at: Date
        /// A uid.
        var by: UInt32
    }

    private let store: StateStore
    private nonisolated let configured: @Sendable () -> Int?
    private nonisolated let override: Mutex<Override?>
    /// The last change; the next one waits for it, so that what is stored is what counts.
    private var change: Task<Void, any Error>?

    /// - Parameter configured: `binaries.bandwidth` in bytes a second, asked each time; nil: no limit.
    init(store: StateStore, configured: @escaping @Sendable () -> Int?) async throws {
        (self.store, self.configured) = (store, configured)
        override = Mutex(try await store.setting(.downloadLimit, as: Override.self))
    }

    /// What counts now; nil: no limit.
    nonisolated var bytesPerSecond: Int? {
        guard let override = override.withLock({ $0 }) else { return configured() }
        return override.bytesPerSecond
    }

    /// What counts now, and where it comes from.
    nonisolated var report: LimitReport {
        let (override, configured) = (override.withLock { $0 }, configured().map(Int64.init))
        return LimitReport(
            bandwidth: override == nil ? configured : override?.bytesPerSecond.map(Int64.init),
            source: override == nil ? .configuration : .operator, configured: configured, setAt: override?.at, setBy: override?.by)
    }

    /// Counts as soon as it is stored; nil gives it back to the configuration.
    func set(_ new: Override?) async throws {
        let before = change
        let task = Task { [store] in
            _ = try? await before?.value
            try await store.set(.downloadLimit, to: new)
            override.withLock { $0 = new }
        }
        change = task
        try await task.value
    }
}
