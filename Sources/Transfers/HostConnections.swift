import Synchronization

/// How many connections there are to each host, all downloads of a client together, and which hosts want one only.
///
/// A host is told apart by its origin: scheme, name and port.
final class HostConnections: Sendable {
    private struct Host {
        var open = 0
        /// Of downloads that have no connection yet; woken when one ends.
        var waiting: [CurlMulti] = []
        var wantsOneUntil: SuspendingClock.Instant?
    }

    /// How long it is remembered that a host refused a further connection.
    static let memory = Duration.seconds(3600)

    private let configured: @Sendable () -> Int
    private let now: @Sendable () -> SuspendingClock.Instant
    private let hosts = Mutex<[String: Host]>([:])

    /// - Parameter maximum: Asked each time, so that a changed one counts at once.
    init(maximum: @escaping @Sendable () -> Int, now: @escaping @Sendable () -> SuspendingClock.Instant = { SuspendingClock().now }) {
        (configured, self.now) = (maximum, now)
    }

    /// How many a single download may have at most.
    func maximum(at origin: String) -> Int {
        let isRefused = change(origin) { $0.wantsOneUntil.map { now() < $0 } ?? false }
        return isRefused ? 1 : max(1, configured())
    }

    /// The host refused a further connection: each download has one from now on, for an hour.
    func refusedFurther(at origin: String) { change(origin) { $0.wantsOneUntil = now() + Self.memory } }

    /// A download that has no connection wants its first one; the next further one that ends makes way for it.
    /// - Parameter curl: Woken whenever there may be room for it.
    func beginWaiting(at origin: String, _ curl: CurlMulti) {
        change(origin) { $0.waiting.append(curl) }
    }

    func endWaiting(at origin: String, _ curl: CurlMulti) {
        change(origin) { host in
            if let index = host.waiting.firstIndex(where: { $0 === curl }) { host.waiting.remove(at: index) }
        }
    }

    /// - Returns: Whether there is room for a first connection; then it counts until ``release(at:)``.
    func takeFirst(at origin: String) -> Bool {
        let maximum = max(1, configured())
        return change(origin) { host in
            guard host.open < maximum else { return false }
            host.open += 1
            return true
        }
    }

    /// - Returns: Whether there is room for one more, and nobody waits for a first one.
    func takeFurther(at origin: String) -> Bool {
        let maximum = maximum(at: origin)
        return change(origin) { host in
            guard host.open + host.waiting.count < maximum else { return false }
            host.open += 1
            return true
        }
    }

    /// Whether who gives its place back may leave a connection open for its next download: not where others are waiting for that place.
    func mayKeepOne(at origin: String) -> Bool {
        let maximum = max(1, configured())
        return change(origin) { $0.open + $0.waiting.count <= maximum }
    }

    func release(at origin: String) {
        let waiting = change(origin) { host in
            host.open -= 1
            return host.waiting
        }
        for curl in waiting { curl.wakeUp() }
    }

    private func change<R>(_ origin: String, _ body: (inout Host) -> R) -> R {
        hosts.withLock { hosts in
            var host = hosts[origin] ?? Host()
            if let until = host.wantsOneUntil, until <= now() { host.wantsOneUntil = nil }
            defer { hosts[origin] = host.open == 0 && host.waiting.isEmpty && host.wantsOneUntil == nil ? nil : host }
            return body(&host)
        }
    }
}
