import Foundation
import Testing

@testable import Planning

struct ReadingScheduleTests {
    private static let day: TimeInterval = 86_400

    private func schedule(_ name: String = "net", every: TimeInterval = 30 * day, hours: ReadingHours? = nil) -> ReadingSchedule {
        ReadingSchedule(every: every, hours: hours, name: name)
    }

    @Test func `what was all read at once falls due evenly, each time within verify.every`() {
        var due: [Int: Int] = [:]
        for number in 0..<10_000 {
            let schedule = schedule("zoo:model-\(number)/weights.caffemodel")
            var last = now
            for round in 0..<3 {
                let next = schedule.next(after: last, now: last)
                let wait = next.timeIntervalSince(last)
                #expect(wait > 12 * Self.day && wait <= 27.03 * Self.day, "model \(number), round \(round): \(wait)")
                if round == 0 { due[Int(wait / 3600), default: 0] += 1 }
                // Read some seconds after its turn came, as in a line.
                last = next.addingTimeInterval(Double(number % 60))
            }
        }
        // 13.5 days are 324 hours: about 31 an hour, and never many at once.
        #expect(due.count >= 320 && due.values.allSatisfy { $0 < 70 }, "\(due.values.max() ?? 0) in one hour of \(due.count)")
    }

    @Test func `in the long run a file is read once in nine tenths of verify.every`() {
        let schedule = schedule()
        var last = now
        var times: [Date] = []
        for _ in 0..<10 {
            last = schedule.next(after: last, now: last).addingTimeInterval(30)
            times.append(last)
        }
        for (earlier, later) in zip(times.dropFirst(2), times.dropFirst(3)) {
            #expect(abs(later.timeIntervalSince(earlier) - 27 * Self.day) < 60)
        }
    }

    @Test func `a restart changes nothing of the schedule, and two files have moments of their own`() {
        #expect(schedule("a").next(after: now, now: now) == schedule("a").next(after: now, now: now.addingTimeInterval(5)))
        #expect(schedule("a").next(after: now, now: now) != schedule("b").next(after: now, now: now))
    }

    @Test func `after a long time off a file is due at once, and once`() {
        let schedule = schedule()
        let later = now.addingTimeInterval(400 * Self.day)
        #expect(schedule.next(after: now, now: later) <= later)
        #expect(schedule.next(after: later, now: later) > later.addingTimeInterval(12 * Self.day))
    }

    @Test(arguments: [TimeInterval(10 * 365) * day, -10 * 365 * day])
    func `a clock that jumps by ten years, and back, has a file read at most once each time`(jump: TimeInterval) {
        let schedule = schedule()
        var (clock, last, readings) = (now, now, 0)
        for step in [jump, -jump] {
            clock += step
            let before = readings
            for _ in 0..<10 where schedule.next(after: last, now: clock) <= clock {
                (last, readings) = (clock, readings + 1)
            }
            #expect(readings - before <= 1)
            // After the jump all goes on as ever.
            let next = schedule.next(after: last, now: clock)
            #expect(next > clock && next <= clock.addingTimeInterval(30 * Self.day))
        }
        #expect(readings >= 1)
    }

    @Test func `a reading from a future that is near is no reason to read again, one from a far future is`() {
        let schedule = schedule()
        #expect(schedule.next(after: now.addingTimeInterval(ReadingSchedule.clockSlack), now: now) > now)
        #expect(schedule.next(after: now.addingTimeInterval(ReadingSchedule.clockSlack + 1), now: now) <= now)
    }
}

/// Berlin in 2026: an hour later from 29 March 01:00 GMT to 25 October 01:00 GMT.
private let berlin = ZoneOffsets([
    .init(since: 1_700_000_000, seconds: 3600), .init(since: 1_774_746_000, seconds: 7200), .init(since: 1_792_890_000, seconds: 3600),
])

/// GMT.
private func moment(_ text: String) -> Date { try! Date(text + ":00Z", strategy: .iso8601) }

struct ReadingHoursTests {
    private let nights = ReadingHours(WeeklyWindow(days: Set(0..<5), startMinute: 20 * 60, endMinute: 6 * 60), zone: berlin)
    private let early = ReadingHours(WeeklyWindow(days: Set(0..<7), startMinute: 2 * 60, endMinute: 3 * 60), zone: berlin)

    @Test func `a window is open by the clock on the wall, in winter and in summer`() {
        // A Monday in winter: 20:00 is 19:00 GMT.
        #expect(!nights.isOpen(at: moment("2026-01-12T18:59")) && nights.isOpen(at: moment("2026-01-12T19:00")))
        #expect(nights.isOpen(at: moment("2026-01-13T04:59")) && !nights.isOpen(at: moment("2026-01-13T05:00")))
        // One in summer: 18:00 GMT.
        #expect(!nights.isOpen(at: moment("2026-07-13T17:59")) && nights.isOpen(at: moment("2026-07-13T18:00")))
        // Friday's night ends on Saturday, and Saturday has none.
        #expect(nights.isOpen(at: moment("2026-07-18T03:59")) && !nights.isOpen(at: moment("2026-07-18T20:00")))
    }

    @Test func `the next opening is the first moment at which it is open`() {
        #expect(nights.opening(from: moment("2026-07-18T12:00")) == moment("2026-07-20T18:00"))
        #expect(nights.opening(from: moment("2026-07-20T18:30")) == moment("2026-07-20T18:30"))
        // Over the weekend on which the clock goes forward, and on which it goes back.
        #expect(nights.opening(from: moment("2026-03-28T12:00")) == moment("2026-03-30T18:00"))
        #expect(nights.opening(from: moment("2026-10-24T12:00")) == moment("2026-10-26T19:00"))
    }

    @Test func `an hour that is skipped in spring is missing, and one that comes twice in autumn is open twice`() {
        // 02:00 to 03:00 does not exist on 29 March.
        #expect(early.opening(from: moment("2026-03-28T12:00")) == moment("2026-03-30T00:00"))
        #expect(early.opening(from: moment("2026-10-24T12:00")) == moment("2026-10-25T00:00"))
        #expect(early.isOpen(at: moment("2026-10-25T00:59")) && early.isOpen(at: moment("2026-10-25T01:59")))
        let half = ReadingHours(WeeklyWindow(days: Set(0..<7), startMinute: 120, endMinute: 150), zone: berlin)
        #expect(!half.isOpen(at: moment("2026-10-25T00:45")))
        #expect(half.opening(from: moment("2026-10-25T00:45")) == moment("2026-10-25T01:00"))
    }

    @Test func `openings are right at every minute of the days on which clocks change`() {
        for hours in [nights, early] {
            for start in ["2026-03-28T00:00", "2026-10-24T00:00"] {
                for minute in stride(from: 0, to: 3 * 1440, by: 7) {
                    let from = moment(start).addingTimeInterval(Double(minute) * 60)
                    let opening = hours.opening(from: from)
                    #expect(hours.isOpen(at: opening) && opening >= from)
                    var before = from
                    while before < opening {
                        #expect(!hours.isOpen(at: before), "\(before) is open, \(opening) was said from \(from)")
                        before += 600
                    }
                }
            }
        }
    }

    @Test(arguments: [10, 14])
    func `what is due while the window is closed is read when it opens, or in the last window before it would be late`(days: Int) {
        let every = TimeInterval(days) * 86_400
        let saturdays = ReadingHours(WeeklyWindow(days: [5], startMinute: 0, endMinute: 1440), zone: .gmt)
        for number in 0..<200 {
            let schedule = ReadingSchedule(every: every, hours: saturdays, name: "model \(number)")
            let last = moment("2026-07-18T10:00")
            let next = schedule.next(after: last, now: last)
            #expect(saturdays.isOpen(at: next) && next > last && next.timeIntervalSince(last) <= every, "\(next)")
            // When nothing is due the window changes nothing; when it is, it is read in it only.
            let friday = moment("2026-09-18T12:00")
            #expect(schedule.next(after: last, now: friday) == moment("2026-09-19T00:00"))
            #expect(schedule.next(after: last, now: moment("2026-09-19T12:00")) == moment("2026-09-19T12:00"))
        }
    }

    @Test func `a window that never opens within verify.every is waited for all the same`() {
        let yearly = ReadingHours(WeeklyWindow(days: [6], startMinute: 0, endMinute: 60), zone: .gmt)
        let schedule = ReadingSchedule(every: 3600, hours: yearly, name: "net")
        let last = moment("2026-07-19T00:59")
        #expect(schedule.next(after: last, now: last) == moment("2026-07-26T00:00"))
    }
}
