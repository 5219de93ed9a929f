import Foundation
import ModelInfo
import Testing

@testable import Planning

/// What is told while a host is left alone. `now` is 2027-01-15 08:00 GMT.
struct HostWaitTests {
    private let about = SampleModel().reading.declaredBinaries[0].fetchMark
    private let asked = HostPause("files.example.org:443", isAskedFor: true, until: now.addingTimeInterval(120))
    private let rests = HostPause("files.example.org:443", isAskedFor: false, until: now.addingTimeInterval(120))

    private func waiting(_ pause: HostPause, after before: Trouble? = nil, manual: Bool = false) -> SampleModel {
        let trouble = Trouble.left(by: .waits(for: pause, after: nil), about: about, before: before, now: ago(1), chance: 0)
        return SampleModel.withBinary(nil, trouble: trouble).with { $0.policy.fetchesBinaries = !manual }
    }

    private func end(_ sample: SampleModel, _ kind: Goal.Kind = .fetch) -> GoalProgress {
        let goal = Goal.sample(kind, at: ago(2))
        let asking = sample.with { $0.goals = [goal] }
        return goal.progress(in: asking.plan, view: asking.view)
    }

    @Test func `what merely waits for its host is queued, and says who asked for it and until when`() {
        let plan = waiting(asked).plan
        #expect(plan.state == .busy && plan.binary.state == .queued && plan.isQuiet && plan.wakeAt == asked.until)
        #expect(plan.note == "files.example.org asked for a pause until 08:02")
        #expect(
            waiting(rests).plan.note == "files.example.org did not take requests; it is asked again at 08:02"
                && waiting(rests).plan.binary.hint == "at once: zooctl fetch net")
        // What lies there is told first.
        var old = waiting(asked)
        old.binary = .sample()
        old.memory.binaries[weights]?.hashed = .sample(sha1: otherSHA1)
        old.memory.binaries[weights]?.good = .sample(sha1: otherSHA1)
        #expect(
            old.plan.binary.state == .outdated
                && old.plan.binary.note?.hasSuffix("verified; files.example.org asked for a pause until 08:02") == true)
    }

    @Test func `who wants it now is told until when, and gets no command that cannot work`() {
        let words = "files.example.org asked for a pause until 08:02"
        #expect(end(waiting(asked)) == .failed(.network, note: words, hint: "it is tried by itself then"))
        #expect(end(waiting(asked, manual: true)) == .failed(.network, note: words, hint: "then: zooctl fetch net"))
        #expect(waiting(asked, manual: true).plan.binary.state == .missing)
        // When it is over nothing more is said of it, by itself.
        let manual = waiting(asked, manual: true)
        #expect(manual.plan.wakeAt == asked.until)
        let after = plan(manual.view, policy: manual.policy, now: asked.until)
        #expect(after.binary.note == "binaries.fetch is manual" && after.isQuiet)
        // A person who comes later has it tried.
        let later = waiting(asked).with { $0.goals = [.sample(.fetch, at: now)] }
        #expect(later.plan.deeds.count == 1)
    }

    @Test func `what was found out before stays told while its host is left alone`() {
        let gone = Trouble(
            kind: .network, about: about, failures: 2, at: ago(60), notBefore: now.addingTimeInterval(9000), message: "404",
            hint: "correct it")
        let plan = waiting(asked, after: gone).plan
        #expect(plan.state == .failed && plan.binary.state == .failed)
        #expect(plan.note == "404; files.example.org asked for a pause until 08:02")
        #expect(plan.hint == "correct it; it is tried again by itself at 08:02")
        #expect(end(waiting(asked, after: gone)) == .failed(.network, note: plan.note ?? "", hint: "it is tried by itself then"))
        // But not what a pause made void: a full disk, somebody's word.
        for kind in [Trouble.Kind.space, .cancelled, .local] {
            #expect(waiting(asked, after: .sample(kind, about: about)).plan.binary.state == .queued, "\(kind)")
        }
    }

    @Test func `what failed says when it is tried again, and how at once`() {
        func hint(_ trouble: Trouble) -> String? { SampleModel.withBinary(nil, trouble: trouble).plan.hint }
        #expect(hint(.sample(about: about)) == "it is tried again by itself at 08:01; at once: zooctl fetch net")
        #expect(
            hint(.sample(about: about, notBefore: now.addingTimeInterval(86_400)))
                == "it is tried again by itself at 2027-01-16 08:00; at once: zooctl fetch net")
        #expect(hint(.sample(about: about, hint: "correct it")) == "correct it; it is tried again by itself at 08:01")
        #expect(
            hint(.sample(.space, about: about, hint: "make room: df -h; it goes on by itself")) == "make room: df -h; it goes on by itself")
    }

    @Test func `times are those of the clock on the wall, never too early`() {
        let zone = ZoneOffsets([.init(since: 0, seconds: -8 * 3600 - 1800)])
        #expect(zone.wallTime(now, today: now) == "23:30")
        #expect(zone.wallTime(now.addingTimeInterval(1), today: now) == "23:31")
        #expect(zone.wallTime(now.addingTimeInterval(1800), today: now) == "2027-01-15 00:00")
        #expect(ZoneOffsets.gmt.wallTime(Date(timeIntervalSince1970: 1_709_164_800 + 86_399), today: now) == "2024-03-01 00:00")
        #expect(ZoneOffsets.gmt.wallTime(Date(timeIntervalSince1970: 1_709_164_800), today: now) == "2024-02-29 00:00")
        #expect(ZoneOffsets.gmt.wallTime(Date(timeIntervalSince1970: -1), today: now) == "1970-01-01 00:00")
        #expect(ZoneOffsets.gmt.wallTime(Date(timeIntervalSince1970: -86_460), today: now) == "1969-12-30 23:59")
    }
}
