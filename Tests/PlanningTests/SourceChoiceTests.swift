import Foundation
import Testing

@testable import Planning

struct SourceChoiceTests {
    private let mirrors = ["a", "b"].map { BinarySource(.mirror, url: "https://\($0)/w", host: "\($0):443") }
    private let named = ["c", "d"].map { BinarySource(.named, url: "https://\($0)/w", host: "\($0):443") }
    private var all: [BinarySource] { mirrors + named }

    private func choice(
        hosts: [String: HostRecord] = [:], bad: [String: BadSource] = [:], askedAt: Date? = nil, begun: String? = nil
    ) -> SourceChoice {
        SourceChoice(of: all, hosts: hosts, bad: bad, askedAt: askedAt, begun: begun, now: now)
    }

    private func record(_ change: (inout HostRecord) -> Void) -> HostRecord {
        var record = HostRecord()
        change(&record)
        return record
    }

    @Test func `sources are asked in the order in which they are given; those that failed lately come last`() {
        #expect(choice().asked == all)
        let failed = record { $0.failed(.ofOneFile, at: ago(100), chance: 0) }
        #expect(choice(hosts: ["a:443": failed]).asked == [mirrors[1], named[0], named[1], mirrors[0]])
        #expect(choice(hosts: ["a:443": failed, "c:443": failed]).asked == [mirrors[1], named[1], mirrors[0], named[0]])
        // It worked since, or it is a day ago.
        var worked = failed
        worked.worked(byteCount: 1, seconds: 1, at: ago(50))
        #expect(choice(hosts: ["a:443": worked]).asked == all)
        #expect(choice(hosts: ["a:443": record { $0.failed(.ofOneFile, at: ago(86_401), chance: 0) }]).asked == all)
    }

    @Test func `among equals one that is many times faster comes first, and nobody else`() {
        func rate(_ bytesPerSecond: Int64) -> HostRecord { record { $0.worked(byteCount: bytesPerSecond * 10, seconds: 10, at: ago(5)) } }
        #expect(choice(hosts: ["a:443": rate(1 << 20), "b:443": rate(5 << 20)]).asked == [mirrors[1], mirrors[0], named[0], named[1]])
        #expect(choice(hosts: ["a:443": rate(1 << 20), "b:443": rate(3 << 20)]).asked == all)
        // What the model names does not come before a mirror, nor what was never tried behind what was.
        #expect(choice(hosts: ["a:443": rate(1 << 20), "c:443": rate(1 << 30)]).asked == all)
        #expect(choice(hosts: ["b:443": rate(1 << 30)]).asked == all)
    }

    @Test func `what an earlier try left bytes of comes first`() {
        #expect(choice(begun: named[1].url).asked == [named[1], mirrors[0], mirrors[1], named[0]])
    }

    @Test func `a host in back-off is not asked before its time; who asks by name is not put off by that, but by its own limits`() throws {
        let down = record { $0.failed(.ofHost, at: ago(1), chance: 0) }
        #expect(choice(hosts: ["a:443": down]).asked == [mirrors[1], named[0], named[1]])
        let rests = HostPause("a:443", isAskedFor: false, until: now.addingTimeInterval(1))
        #expect(choice(hosts: ["a:443": down]).unasked == [mirrors[0]: .waits(for: rests, after: nil)])
        #expect(choice(hosts: ["a:443": down], askedAt: now).asked.count == 4)
        #expect(choice(hosts: ["a:443": down], askedAt: ago(2)).asked.count == 3)
        let limited = record { $0.failed(.asksToWait(60), at: ago(1), chance: 0) }
        let asks = HostPause("a:443", isAskedFor: true, until: ago(-59))
        #expect(choice(hosts: ["a:443": limited], askedAt: now).unasked == [mirrors[0]: .waits(for: asks, after: nil)])
        #expect(choice(hosts: ["a:443": record { $0.failed(.asksToWait(60), at: ago(60), chance: 0) }]).asked.count == 4)
    }

    @Test func `back-off grows with the failures of the host, not with those of single files, and ends with a success`() {
        var record = HostRecord()
        for failure in 1...5 {
            record.failed(.ofHost, at: now, chance: 0)
            #expect(record.restsUntil == now.addingTimeInterval(Backoff.delay(failures: failure, chance: 0)))
        }
        record.failed(.ofOneFile, at: now, chance: 0)
        #expect(record.failures == 5)
        record.worked(byteCount: 10, seconds: 1, at: now)
        #expect(record.failures == 0 && record.restsUntil == nil && record.bytesPerSecond == nil)
        // The clock was set back: nobody waits until the old time comes again.
        let ahead = self.record { $0.failed(.asksToWait(86_400), at: now.addingTimeInterval(86_400 * 365), chance: 0) }
        #expect(choice(hosts: ["a:443": ahead]).asked.count == 4)
    }

    @Test func `a source that served other bytes is not asked for 30 days, one that served a page for hours, unless asked by name`() {
        let other = BadSource(isPage: false, because: "x", hint: nil, after: nil, at: ago(100))
        #expect(other.until == ago(100).addingTimeInterval(30 * 86_400))
        #expect(choice(bad: [mirrors[0].url: other]).asked == [mirrors[1], named[0], named[1]])
        #expect(choice(bad: [mirrors[0].url: other]).unasked[mirrors[0]] == other.outcome)
        #expect(choice(bad: [mirrors[0].url: other], askedAt: ago(99)).asked == all)
        var page = BadSource(isPage: true, because: "x", hint: nil, after: nil, at: now)
        #expect(page.until == now.addingTimeInterval(6 * 3600) && page.isVoid(page.until, askedAt: nil))
        for _ in 0..<20 { page = BadSource(isPage: true, because: "x", hint: nil, after: page, at: now) }
        #expect(page.until == now.addingTimeInterval(30 * 86_400))
    }

    @Test func `of several outcomes the last one speaks, and the next try is when the first source can be asked`() {
        let pause = HostPause("a:443", isAskedFor: true, until: now.addingTimeInterval(50))
        let later = Outcome.waits(for: pause, after: nil)
        let gone = Outcome.retry(after: 3600, kind: .network, because: "gone", hint: "h")
        let person = Outcome.needsPerson(kind: .refused, why: "private", hint: "h")
        #expect(Outcome.combined([gone], now: now) == gone && Outcome.combined([later], now: now) == later)
        #expect(Outcome.combined([later, gone], now: now) == .retry(after: 50, kind: .network, because: "gone", hint: "h"))
        #expect(Outcome.combined([gone, later], now: now) == .waits(for: pause, after: 50))
        let busy = Outcome.retry(after: nil, kind: .network, because: "500", hint: nil)
        #expect(Outcome.combined([busy, later], now: now) == .waits(for: pause, after: 0), "the mirror is tried again before that")
        let sooner = HostPause("b:443", isAskedFor: false, until: now.addingTimeInterval(9))
        #expect(Outcome.combined([.waits(for: sooner, after: nil), later], now: now) == .waits(for: sooner, after: nil))
        #expect(Outcome.combined([later, person], now: now) == .retry(after: 50, kind: .refused, because: "private", hint: "h"))
        #expect(Outcome.combined([person, person], now: now) == person)
        let never = Outcome.later(at: now.addingTimeInterval(9), kind: .verification, because: "bad", hint: nil)
        #expect(Outcome.combined([later, never], now: now) == never)
    }

    @Test func `waiting for a host adds no failure`() {
        let pause = HostPause("a:443", isAskedFor: true, until: now.addingTimeInterval(50))
        let waits = Outcome.waits(for: pause, after: nil)
        var before = Trouble.sample(about: "x")
        before.failures = 3
        #expect(Trouble.left(by: waits, about: "x", before: before, now: now, chance: 0)?.failures == 3)
        let first = Trouble.left(by: waits, about: "x", before: nil, now: now, chance: 0)
        #expect(first?.failures == 1 && first?.notBefore == now.addingTimeInterval(50) && first?.kind == .waiting)
        // Another source was asked, and is asked again by its own failures.
        let tried = Trouble.left(by: .waits(for: pause, after: 0), about: "x", before: before, now: now, chance: 0)
        #expect(tried?.failures == 4 && tried?.notBefore == now.addingTimeInterval(16))
    }
}
