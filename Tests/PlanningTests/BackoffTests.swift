import Foundation
import Testing

@testable import Planning

struct BackoffTests {
    @Test func `each failure doubles the wait, from 2 s to an hour at the 12th`() {
        for failures in 1...11 { #expect(Backoff.delay(failures: failures, chance: 0) == 2 * pow(2, Double(failures - 1))) }
        for failures in [12, 13, 100, Int.max] { #expect(Backoff.delay(failures: failures, chance: 0) == 3600) }
        #expect(Backoff.delay(failures: 0, chance: 0) == 2)
    }

    @Test func `chance stretches a wait by up to a tenth and never shortens it`() {
        #expect(Backoff.delay(failures: 1, chance: 0.5) == 2.1)
        #expect(Backoff.delay(failures: 20, chance: 0.999) < 3960 && Backoff.delay(failures: 20, chance: 0.999) > 3900)
    }

    @Test func `failures about the same thing add up, and begin anew about another`() {
        let outcome = Outcome.retry(after: nil, kind: .network, because: "no route", hint: nil)
        var trouble: Trouble?
        for failures in 1...5 {
            trouble = .left(by: outcome, about: "a", before: trouble, now: now, chance: 0)
            #expect(trouble?.failures == failures)
            #expect(trouble?.notBefore == now.addingTimeInterval(Backoff.delay(failures: failures, chance: 0)))
        }
        trouble = .left(by: outcome, about: "b", before: trouble, now: now, chance: 0)
        #expect(trouble?.failures == 1)
    }

    @Test func `a host's own wish to wait is kept when it is longer`() {
        let long = Trouble.left(
            by: .retry(after: 70, kind: .network, because: "", hint: nil), about: "", before: nil, now: now, chance: 0)
        let short = Trouble.left(
            by: .retry(after: 1, kind: .network, because: "", hint: nil), about: "", before: nil, now: now, chance: 0)
        #expect(long?.notBefore == now.addingTimeInterval(70) && short?.notBefore == now.addingTimeInterval(2))
    }

    @Test func `what needs a person has no time, and success leaves nothing`() {
        let person = Trouble.left(
            by: .needsPerson(kind: .refused, why: "no", hint: "do"), about: "", before: nil, now: now, chance: 0)
        #expect(person?.notBefore == nil && person?.hint == "do")
        #expect(Trouble.left(by: .done, about: "", before: person, now: now, chance: 0) == nil)
    }

    @Test func `what needs room remembers how much, and is tried without it seldom`() throws {
        let outcome = Outcome.needsRoom(byteCount: 7, because: "full", hint: "make room")
        let trouble = try #require(Trouble.left(by: outcome, about: "a", before: nil, now: now, chance: 0))
        #expect(trouble.kind == .space && trouble.neededRoom == 7 && trouble.notBefore == now.addingTimeInterval(3600))
        #expect(try JSONDecoder().decode(Trouble.self, from: JSONEncoder().encode(trouble)) == trouble)
    }

    @Test func `a trouble keeps its count and its time when it is written down`() throws {
        let trouble = Trouble(
            kind: .space, about: "a", failures: 7, at: now.addingTimeInterval(0.1234), notBefore: now, message: "m", hint: "h")
        #expect(try JSONDecoder().decode(Trouble.self, from: JSONEncoder().encode(trouble)) == trouble)
    }
}

struct BrakeTests {
    @Test(arguments: [(1, true), (10, true), (11, false)])
    func `ten first publications at once go, eleven are held`(asking: Int, goes: Bool) {
        #expect(Brake.lets(asking, of: 1000, do: .firstPublication) == goes)
    }

    @Test(arguments: [
        (1, 1, true), (2, 2, true), (3, 10, true), (3, 9, false), (4, 13, false), (4, 14, true), (10, 34, true), (10, 33, false),
        (11, 1000, false), (3, 0, false),
    ])
    func `losses are held when they are over ten, or at least three and over thirty percent`(asking: Int, models: Int, goes: Bool) {
        #expect(Brake.lets(asking, of: models, do: .losesRemoteFile) == goes)
    }
}
