import Foundation
import ModelInfo
import Testing

@testable import Planning

/// A POST whose answer was lost: the own gists are searched before there is another.
struct IntentTests {
    func sample(sent: TimeInterval, fruitless: Int) -> SampleModel {
        SampleModel().with {
            $0.policy.host = .github
            $0.goals = [.publish]
            $0.memory.intent = PublishIntent(token: "0123456789ab", isPublic: true, sentAt: ago(sent), fruitlessSearches: fruitless)
        }
    }

    func gistDeeds(_ sample: SampleModel) -> [Action] {
        sample.plan.deeds.filter { if case .fetch = $0 { false } else { true } }
    }

    @Test(arguments: zip([0, 1, 2, 3], [0.0, 10, 60, 300]))
    func `the own gists are searched at once, after 10 s, 60 s and 5 min`(fruitless: Int, delay: TimeInterval) {
        let due = sample(sent: delay, fruitless: fruitless)
        #expect(gistDeeds(due) == [.findOwnGist(due.memory.intent!)])
        guard delay > 0 else { return }
        let early = sample(sent: delay - 1, fruitless: fruitless)
        #expect(gistDeeds(early).isEmpty && early.plan.actions.contains(.sleep(until: now.addingTimeInterval(1))))
        #expect(early.plan.gist.state == .publishing && early.plan.gist.note != nil)
    }

    @Test func `a second POST comes only after all four searches were without it`() {
        for fruitless in 0..<4 {
            #expect(!gistDeeds(sample(sent: 1_000_000, fruitless: fruitless)).contains { if case .createGist = $0 { true } else { false } })
        }
        let done = sample(sent: 300, fruitless: 4)
        #expect(gistDeeds(done) == [.createGist(files: done.reading.publishable.mapValues(\.text), isPublic: true)], "as it was asked for")
    }

    @Test func `what was taken back, or wanted of a model that is gone, is looked for and not sent again`() {
        let takenBack = sample(sent: 300, fruitless: 4).with { $0.goals = [] }
        #expect(takenBack.plan.gist.state == .unpublished && gistDeeds(takenBack).isEmpty)
        let other = sample(sent: 300, fruitless: 4).with {
            ($0.goals, $0.policy.newGistsArePublic) = ([.sample(.publish(PublishWish(isPublic: false)))], true)
            $0.memory.decisions.absentSince = ago(10)
        }
        #expect(gistDeeds(other) == [.createGist(files: other.reading.publishable.mapValues(\.text), isPublic: false)])
    }

    @Test func `an intent that surely reached nobody needs no search and waits for a wish`() {
        let sample = SampleModel().with { $0.memory.intent = PublishIntent(token: "0123456789ab", isPublic: true, sentAt: nil) }
        #expect(sample.plan.gist.state == .unpublished && gistDeeds(sample).isEmpty)
    }
}
