import Foundation
import Testing

@testable import Planning

/// What came is not what the readme names.
struct MismatchPlanTests {
    /// A model with a gist, whose binary is missing since its host served something else ten seconds ago.
    private func mismatched(readAt: Date?, _ kind: Trouble.Kind = .verification) -> SampleModel {
        .published { sample in
            sample.binary = nil
            let about = sample.reading.declaredBinaries[0].fetchMark
            sample.memory.binaries[weights] = BinaryMemory(trouble: .sample(kind, about: about, at: ago(10)))
            sample.memory.gist?.readAt = readAt
        }
    }

    @Test func `a mismatch reads the gist once before the host is blamed, for its author may have corrected it`() {
        for readAt in [nil, ago(11)] {
            let plan = mismatched(readAt: readAt).plan
            #expect(plan.deeds == [.readGist(localID)] && plan.binary.state == .queued && plan.state == .busy)
            #expect(plan.binary.note?.contains("gist") == true)
        }
        let told = mismatched(readAt: ago(9)).plan
        #expect(told.deeds.isEmpty && told.binary.state == .mismatch && told.binary.note == "it did not work")
        // A followed gist as well; nothing else is a reason.
        #expect(mismatched(readAt: nil).with { $0.memory.gist?.isOwn = false }.plan.deeds == [.readGist(localID)])
        #expect(mismatched(readAt: nil, .network).plan.deeds.isEmpty)
        #expect(mismatched(readAt: nil).with { $0.memory.binaries[weights]?.trouble?.about = "another URL" }.plan.deeds.count == 1)
        #expect(mismatched(readAt: nil).with { $0.policy.direction = .publish }.plan.binary.state == .mismatch)
    }

    @Test func `what the gist holds then comes here first, and the job that waits is not over before`() {
        let fetch = Goal.sample(.fetch, at: ago(20))
        func progress(_ sample: SampleModel) -> GoalProgress { fetch.progress(in: sample.plan, view: sample.view) }
        var sample = mismatched(readAt: nil).with { $0.goals = [fetch] }
        #expect(progress(sample) == .goesOn)
        sample.memory.gist?.readAt = ago(9)
        sample.memory.gist?.remote = RemoteContent(revision: "r2", files: ["readme.md": "---\nname: Newer\n---\n"])
        #expect(sample.plan.deeds == [.integrate(localID)] && progress(sample) == .goesOn)
        sample.memory.gist?.remote = nil
        #expect(progress(sample) == .failed(.verificationFailed, note: "it did not work", hint: sample.plan.binary.hint))
    }

    @Test func `while the gist cannot be read the mismatch is told`() {
        let closed = mismatched(readAt: nil).with {
            $0.policy.hostClosed = Closure(until: now.addingTimeInterval(60), because: "limited")
        }
        #expect(closed.plan.deeds.isEmpty && closed.plan.binary.state == .mismatch)
        let failing = mismatched(readAt: nil).with { $0.memory.gistTrouble = .sample(.network) }
        #expect(failing.plan.deeds.isEmpty && failing.plan.binary.state == .mismatch)
    }

    @Test func `who asked before somebody else's gist named another source did not ask for that`() {
        var sample = mismatched(readAt: ago(9)).with { $0.memory.gist?.isOwn = false }
        let mark = sample.reading.declaredBinaries[0].fetchMark
        sample.memory.binaries[weights] = nil
        sample.memory.decisions.unconfirmedSources = [mark]
        sample.memory.decisions.unconfirmedAt = ago(5)
        sample.goals = [.sample(.fetch, at: ago(6))]
        #expect(sample.plan.deeds.isEmpty && sample.plan.binary.note?.contains("somebody else's gist") == true)
        guard case .failed(.needsPerson, _, _) = sample.goals[0].progress(in: sample.plan, view: sample.view) else {
            Issue.record("the job waits for ever")
            return
        }
        sample.goals = [.sample(.fetch, at: ago(4))]
        #expect(sample.plan.deeds.count == 1)
    }
}
