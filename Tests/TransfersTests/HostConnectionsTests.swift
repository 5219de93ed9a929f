import Synchronization
import Testing

@testable import Transfers

@Suite struct `Connections to a host` {
    private let host = "http://a:80"
    private let other = "http://b:80"

    @Test func `all downloads together have no more than allowed, each host for itself`() {
        let hosts = HostConnections(maximum: { 3 })
        #expect(hosts.takeFirst(at: host) && hosts.takeFurther(at: host) && hosts.takeFurther(at: host))
        #expect(!hosts.takeFurther(at: host) && !hosts.takeFirst(at: host))
        #expect(hosts.takeFirst(at: other))
        hosts.release(at: host)
        #expect(hosts.takeFirst(at: host))
    }

    @Test func `a changed number counts at once`() {
        let allowed = Mutex(1)
        let hosts = HostConnections(maximum: { allowed.withLock { $0 } })
        #expect(hosts.takeFirst(at: host) && !hosts.takeFurther(at: host))
        allowed.withLock { $0 = 2 }
        #expect(hosts.takeFurther(at: host))
    }

    @Test func `who has none yet comes before who wants one more`() {
        let hosts = HostConnections(maximum: { 2 })
        #expect(hosts.takeFirst(at: host) && hosts.takeFurther(at: host))
        let curl = CurlMulti()
        hosts.beginWaiting(at: host, curl)
        hosts.release(at: host)
        #expect(!hosts.takeFurther(at: host))
        #expect(hosts.takeFirst(at: host))
        hosts.endWaiting(at: host, curl)
        #expect(!hosts.takeFurther(at: host))
        hosts.release(at: host)
        #expect(hosts.takeFurther(at: host))
    }

    @Test func `who waits for a place is woken when one is free`() {
        let hosts = HostConnections(maximum: { 1 })
        #expect(hosts.takeFirst(at: host) && !hosts.takeFirst(at: host))
        let curl = CurlMulti()
        hosts.beginWaiting(at: host, curl)
        hosts.release(at: host)
        #expect(curl.wait(for: .seconds(60)) < .seconds(30))
        #expect(hosts.takeFirst(at: host))
        hosts.endWaiting(at: host, curl)
    }

    @Test func `a host that refused a further connection gets one from each download, for an hour`() {
        let start = SuspendingClock().now
        let passed = Mutex(Duration.zero)
        let hosts = HostConnections(maximum: { 8 }, now: { start + passed.withLock { $0 } })
        #expect(hosts.takeFirst(at: host))
        hosts.refusedFurther(at: host)
        #expect(hosts.maximum(at: host) == 1 && !hosts.takeFurther(at: host) && hosts.takeFirst(at: host))
        #expect(hosts.maximum(at: other) == 8)
        hosts.release(at: host)
        passed.withLock { $0 = .seconds(3599) }
        #expect(hosts.maximum(at: host) == 1)
        passed.withLock { $0 = .seconds(3600) }
        #expect(hosts.maximum(at: host) == 8 && hosts.takeFurther(at: host))
    }
}
