import Testing

@testable import Transfers

@Suite struct `The number of connections` {
    /// Bytes that one connection brings in a millisecond, told since when it is open and how many there are.
    private typealias Link = (_ open: Duration, _ count: Int) -> Int64

    /// Looks each millisecond for so long.
    /// - Parameter busy: Which part of the time is not spent on waiting.
    /// - Returns: When which width was reached first.
    private func widths(
        for time: Duration, roundTrip: Duration = .zero, maximum: Int = 8, busy: Double = 0, _ link: Link
    ) -> (reached: [Int: Duration], last: Int) {
        let tick = Duration.milliseconds(1)
        var ramp = ConnectionRamp(at: .zero, byteCount: 0, roundTrip: roundTrip)
        var (now, byteCount, opened, reached) = (Duration.zero, Int64(0), [Duration.zero], [1: Duration.zero])
        while now < time {
            now += tick
            while opened.count < ramp.width { opened.append(now + roundTrip * 2) }
            if opened.count > ramp.width { opened.removeLast(opened.count - ramp.width) }
            for (index, start) in opened.enumerated() where start <= now {
                let count = link(now - start, opened.count)
                if index > 0, count > 0, now - start < tick * 2 { ramp.furtherBegan(at: now, byteCount: byteCount) }
                byteCount += count
            }
            ramp.look(at: now, byteCount: byteCount, waited: tick * (1 - busy), maximum: maximum)
            if reached[ramp.width] == nil { reached[ramp.width] = now }
        }
        return (reached, ramp.width)
    }

    @Test func `at a host that sends two mebibytes at once and then pauses, eight are open within 100 ms`() {
        let (reached, last) = widths(for: .seconds(1)) { open, _ in open % 250 < 4 ? 512 << 10 : 0 }
        #expect(last == 8)
        #expect(reached[8]! <= .milliseconds(100))
    }

    @Test func `over a long way eight are open after two steps of two round trips`() {
        // Slow start: twice as much each 50 ms.
        let (reached, last) = widths(for: .seconds(2), roundTrip: .milliseconds(50)) { open, _ in
            let round = min(6, open.milliseconds / 50)
            return open.milliseconds % 50 == 0 ? 14_600 << Int64(round) : 0
        }
        #expect(last == 8 && reached[2] == nil)
        #expect(reached[4]! <= .milliseconds(5) && reached[8]! <= .milliseconds(210))
    }

    @Test func `where each brings as much as the first there are as many as allowed`() {
        #expect(widths(for: .seconds(1)) { _, _ in 8 << 10 }.last == 8)
        #expect(widths(for: .seconds(1), maximum: 3) { _, _ in 8 << 10 }.last == 3)
        #expect(widths(for: .seconds(1), maximum: 1) { _, _ in 8 << 10 }.last == 1)
    }

    @Test(arguments: [Int64(80 << 10), 20 << 10])
    func `where all together bring no more than one, or less, a second one is tried and taken back`(shared: Int64) {
        let (reached, last) = widths(for: .seconds(4)) { _, count in count == 1 ? 80 << 10 : shared / Int64(count) }
        #expect(last == 1 && reached[2] != nil && reached[4] == nil)
    }

    @Test func `what did not help is tried again, seldom`() {
        var tries = 0
        var before = 1
        _ = widths(for: .seconds(80)) { open, count in
            if count > before { tries += 1 }
            before = count
            return (80 << 10) / Int64(count)
        }
        // At once, and after 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 and 63.5 s.
        #expect(tries == 8)
    }

    @Test func `after a connection broke there are half as many for a while`() {
        var ramp = ConnectionRamp(at: .zero, byteCount: 0, roundTrip: .milliseconds(50))
        ramp.look(at: .milliseconds(1), byteCount: 0, waited: .milliseconds(1), maximum: 8)
        #expect(ramp.width == 4)
        ramp.rest(at: .milliseconds(2))
        #expect(ramp.width == 2)
        ramp.look(at: .milliseconds(501), byteCount: 0, waited: .milliseconds(500), maximum: 8)
        #expect(ramp.width == 2)
        ramp.look(at: .milliseconds(502), byteCount: 0, waited: .milliseconds(1), maximum: 8)
        #expect(ramp.width == 8)
    }

    @Test func `while further connections say nothing, a rate of nothing is not taken again and again`() {
        var ramp = ConnectionRamp(at: .zero, byteCount: 0, roundTrip: .milliseconds(50))
        ramp.look(at: .milliseconds(50), byteCount: 1 << 20, waited: .milliseconds(50), maximum: 8)
        #expect(ramp.nextLook(maximum: 8) == .milliseconds(100))
        ramp.look(at: .milliseconds(100), byteCount: 1 << 20, waited: .milliseconds(50), maximum: 8)
        #expect(ramp.nextLook(maximum: 8) == .milliseconds(150))
        ramp.look(at: .milliseconds(150), byteCount: 1 << 20, waited: .milliseconds(50), maximum: 8)
        #expect(ramp.nextLook(maximum: 8) == nil)
    }

    @Test func `while our own limit holds it up there is no further one`() {
        var ramp = ConnectionRamp(at: .zero, byteCount: 0, roundTrip: .milliseconds(50))
        ramp.wasHeld(at: .milliseconds(1))
        ramp.look(at: .milliseconds(500), byteCount: 1, waited: .milliseconds(499), maximum: 8)
        #expect(ramp.width == 1)
        ramp.look(at: .milliseconds(501), byteCount: 1, waited: .milliseconds(1), maximum: 8)
        #expect(ramp.width == 4)
    }

    @Test func `a worker that is busy most of the time gets no second one`() {
        #expect(widths(for: .seconds(1), busy: 0.6) { _, _ in 1 << 20 }.reached[2] == nil)
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { Int64(self / .milliseconds(1)) }

    fileprivate static func % (a: Duration, b: Int64) -> Int64 { a.milliseconds % b }
}
