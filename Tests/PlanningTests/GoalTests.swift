import Foundation
import ModelInfo
import Testing

@testable import Planning

struct GoalTests {
    func progress(_ kind: Goal.Kind, of sample: SampleModel) -> GoalProgress {
        let goal = Goal.sample(kind)
        let view = sample.with { $0.goals = [goal] }.view
        return goal.progress(in: plan(view, policy: sample.policy, now: now), view: view)
    }

    func failure(_ kind: Goal.Kind, of sample: SampleModel) -> GoalFailure? {
        if case .failed(let failure, let note, _) = progress(kind, of: sample), !note.isEmpty { failure } else { nil }
    }

    let publish = Goal.Kind.publish(PublishWish())
    let rotten = SampleModel.withBinary(hashed: .sample(sha256: otherSHA256), good: .sample())
    let verified = SampleModel.withBinary(hashed: .sample(at: now), good: .sample(at: now)).with {
        $0.memory.binaries[weights]?.answered = 1
    }

    @Test func `looking again is over when nothing more is done`() {
        #expect(progress(.sync, of: SampleModel.published()) == .reached(note: nil))
        #expect(progress(.sync, of: SampleModel()) == .goesOn)
        let busy = verified.with { $0.inFlight = [weights: BinaryWork(kind: .fetching)] }
        #expect(progress(.sync, of: busy) == .goesOn)
    }

    @Test func `a fetch that has no URL to go to says so`() {
        let sample = SampleModel().with { $0.keys = ["name: Net", "caffemodel: weights.caffemodel", "license: MIT"] }
        let note = "weights.caffemodel is missing, and the readme names no URL"
        guard case .failed(.needsPerson, note, let hint?) = progress(.fetch, of: sample) else {
            Issue.record("\(progress(.fetch, of: sample))")
            return
        }
        #expect(hint.contains("zooctl import net FILE"))
    }

    @Test func `a job that found nothing to do says why`() {
        let there = SampleModel.withBinary(hashed: .sample(), good: .sample())
        #expect(progress(.fetch, of: there) == .reached(note: "weights.caffemodel is there already"))
        let none = SampleModel().with {
            $0.keys = ["name: Net", "license: MIT"]; $0.sha1 = nil
        }
        #expect(progress(.fetch, of: none) == .reached(note: "the readme names no binary"))
        #expect(progress(.verify, of: none) == .reached(note: "the readme names no binary"))
        let missing = SampleModel().with { $0.policy.fetchesBinaries = false }
        #expect(progress(.verify, of: missing) == .reached(note: "weights.caffemodel is missing, so it was not read"))
        #expect(progress(.repair, of: missing) == .reached(note: "nothing to repair: weights.caffemodel is missing"))
    }

    @Test(arguments: [KeptSide.local, .merged, .remote])
    func `a conflict is over when what was decided has been sent`(side: KeptSide) {
        let decided = SampleModel.published {
            $0.memory.gist?.files["readme.md"] = "---\nname: Theirs\n---\n"
            $0.memory.decisions.carriedOut = [1]
        }
        #expect(progress(.resolve(side), of: decided) == .goesOn)
        let closed = Closure(until: .distantFuture, because: "no such token", hint: "another", needsPerson: true)
        #expect(failure(.resolve(side), of: decided.with { $0.policy.hostClosed = closed }) == .notPermitted)
        #expect(progress(.resolve(side), of: .published { $0.memory.decisions.carriedOut = [1] }) == .reached(note: nil))
    }

    @Test func `where nothing is sent a gist is not deleted either`() {
        let followed = SampleModel.published { $0.policy.direction = .pull }
        #expect(failure(.unpublish, of: followed) == .needsPerson)
        #expect(progress(.unpublish, of: .published()) == .goesOn)
    }

    @Test func `publishing is over when the gist is in sync`() {
        #expect(progress(publish, of: SampleModel.published()) == .reached(note: nil))
        #expect(progress(publish, of: SampleModel()) == .goesOn)
        let waiting = SampleModel().with { $0.policy.hostClosed = Closure(until: .distantFuture, because: "wait") }
        #expect(progress(publish, of: waiting) == .goesOn)
    }

    @Test func `publishing fails by the word that a script understands`() {
        let troubled = SampleModel().with { $0.memory.gistTrouble = .sample(.network, at: now) }
        #expect(failure(publish, of: troubled) == .network)
        #expect(failure(publish, of: troubled.with { $0.memory.gistTrouble?.kind = .permission }) == .notPermitted)
        #expect(failure(publish, of: troubled.with { $0.memory.gistTrouble?.kind = .gone }) == .needsPerson)
        #expect(failure(publish, of: troubled.with { $0.memory.gistTrouble?.kind = .conflict }) == .needsPerson)
        #expect(
            failure(publish, of: SampleModel().with { $0.files["a.prototxt"] = "ghp_0123456789abcdefghijklmnopqrstuvwxyz" }) == .invalidInfo
        )
        #expect(failure(publish, of: SampleModel.published().with { $0.memory.gist?.isOwn = false }) == .needsPerson)
        #expect(failure(publish, of: SampleModel().with { $0.policy.host = .none }) == .needsPerson)
    }

    @Test func `fetching is over when the binary is there and good`() {
        #expect(progress(.fetch, of: verified) == .reached(note: nil))
        #expect(progress(.fetch, of: verified.with { $0.sha1 = nil }) == .reached(note: nil))
        #expect(progress(.fetch, of: SampleModel()) == .goesOn)
        #expect(progress(.fetch, of: rotten) == .goesOn)
        #expect(progress(.fetch, of: rotten.with { $0.policy.repairs = false }) == .goesOn, "asking for it is more than the policy")
        #expect(progress(.fetch, of: verified.with { $0.sha1 = otherSHA1 }) == .goesOn)
        #expect(progress(.fetch, of: SampleModel.withBinary()) == .goesOn)
    }

    @Test func `fetching what cannot be fetched fails rather than wait`() {
        let readOnly = SampleModel().with { $0.policy.zooIsReadOnly = true }
        #expect(failure(.fetch, of: readOnly) == .needsPerson)
        #expect(
            failure(
                .fetch,
                of: verified.with {
                    $0.sha1 = otherSHA1; $0.policy.zooIsReadOnly = true
                }) == .verificationFailed)
        #expect(failure(.fetch, of: SampleModel().with { $0.keys[2] = "caffemodel_url: ftp://h/w" }) == .needsPerson)
    }

    @Test(arguments: [
        (Trouble.Kind.network, GoalFailure.network), (.space, .noSpace), (.local, .failed), (.verification, .verificationFailed),
        (.refused, .needsPerson),
    ])
    func `a failed fetch fails by its cause, also where an old file lies`(kind: Trouble.Kind, expected: GoalFailure) {
        let absent = SampleModel()
        let trouble = Trouble.sample(kind, about: absent.reading.declaredBinaries[0].fetchMark, at: now)
        #expect(failure(.fetch, of: absent.with { $0.memory.binaries[weights] = BinaryMemory(trouble: trouble) }) == expected)
        let outdated = verified.with {
            $0.sha1 = otherSHA1
            var trouble = trouble
            trouble.about = $0.reading.declaredBinaries[0].fetchMark
            $0.memory.binaries[weights]?.trouble = trouble
        }
        #expect(failure(.fetch, of: outdated) == expected)
    }

    @Test func `repairing replaces what rotted, whatever the policy says, and leaves everything else alone`() {
        #expect(progress(.repair, of: rotten.with { $0.policy.repairs = false }) == .goesOn)
        let done = SampleModel.withBinary(hashed: .sample(at: now), good: .sample(at: now))
        #expect(progress(.repair, of: done) == .reached(note: nil))
        for sample in [SampleModel.withBinary(hashed: .sample(), good: .sample()), SampleModel()] {
            guard case .reached(let note?) = progress(.repair, of: sample) else {
                Issue.record("\(progress(.repair, of: sample))")
                continue
            }
            #expect(note.contains("nothing to repair"))
        }
        #expect(failure(.repair, of: SampleModel.withBinary(hashed: .sample(sha1: otherSHA1, sha256: otherSHA256))) == .verificationFailed)
        let outdated = SampleModel.withBinary(hashed: .sample(), good: .sample()).with {
            $0.sha1 = otherSHA1
            $0.policy.fetchesBinaries = false
        }
        #expect(outdated.with { $0.goals = [.sample(.repair)] }.plan.deeds.isEmpty, "that is a matter of fetching")
    }

    @Test(arguments: [
        (Trouble.Kind.network, GoalFailure.network), (.space, .noSpace), (.local, .verificationFailed),
        (.verification, .verificationFailed),
        (.refused, .verificationFailed),
    ])
    func `what stays corrupt fails to be repaired, by the disk or the network where it is theirs`(
        kind: Trouble.Kind, expected: GoalFailure
    ) {
        var sample = rotten
        let mark = sample.reading.declaredBinaries[0].fetchMark
        sample.memory.binaries[weights]?.trouble = .sample(kind, about: mark, at: now)
        #expect(failure(.repair, of: sample) == expected)
        sample.memory.binaries[weights]?.trouble?.at = ago(2)
        #expect(progress(.repair, of: sample) == .goesOn, "asking again is trying again")
    }

    @Test func `an operator's word lets a source through however large the file is, and is remembered once`() {
        let sample = SampleModel()
        let declared = sample.reading.declaredBinaries[0]
        let asked = sample.with { $0.goals = [.sample(.forcedFetch)] }
        #expect(asked.plan.deeds.contains(.allowAnySize([declared.fetchMark])) && asked.view.allowsAnySize(of: declared))
        #expect(asked.plan.deeds.contains(.fetch(declared, purpose: .missing)) && progress(.forcedFetch, of: sample) == .goesOn)
        let remembered = sample.with { $0.memory.decisions.sourcesOfAnySize = [declared.fetchMark] }
        #expect(remembered.view.allowsAnySize(of: declared) && !sample.view.allowsAnySize(of: declared))
        #expect(!remembered.with { $0.goals = [.sample(.forcedFetch)] }.plan.deeds.contains(.allowAnySize([declared.fetchMark])))
        let corrected = remembered.with { $0.sha1 = otherSHA1 }
        #expect(!corrected.view.allowsAnySize(of: corrected.reading.declaredBinaries[0]), "another file is another question")
    }

    @Test func `decisions that were stored before there was one about sizes are read`() throws {
        let stored = #"{"carriedOut":[7],"allowedSecrets":[],"unconfirmedSources":["a b c"],"addedBy":1000}"#
        let decisions = try JSONDecoder().decode(Decisions.self, from: Data(stored.utf8))
        #expect(decisions.carriedOut == [7] && decisions.addedBy == 1000 && decisions.sourcesOfAnySize.isEmpty)
        #expect(try JSONDecoder().decode(Decisions.self, from: JSONEncoder().encode(decisions)) == decisions)
    }

    @Test func `verifying is over when everything that is there was read since`() {
        #expect(progress(.verify, of: verified) == .reached(note: nil))
        #expect(progress(.verify, of: SampleModel.withBinary(hashed: .sample(), good: .sample())) == .goesOn)
        let outdated = verified.with {
            $0.sha1 = otherSHA1
            $0.policy.fetchesBinaries = false
        }
        #expect(failure(.verify, of: outdated) == .verificationFailed)
        let damaged = SampleModel.withBinary(hashed: .sample(sha256: otherSHA256, at: now), good: .sample()).with {
            $0.policy.repairs = false
            $0.memory.binaries[weights]?.answered = 1
        }
        #expect(failure(.verify, of: damaged) == .verificationFailed)
    }

    @Test func `verifying waits for no fetch of what is not there, and fails by none`() {
        let unread = GoalProgress.reached(note: "weights.caffemodel is missing, so it was not read")
        #expect(progress(.verify, of: SampleModel()) == unread, "about to be fetched")
        let fetching = SampleModel().with { $0.inFlight = [weights: BinaryWork(kind: .fetching)] }
        #expect(progress(.verify, of: fetching) == unread)
        let mark = SampleModel().reading.declaredBinaries[0].fetchMark
        for kind in [Trouble.Kind.network, .verification, .refused, .space] {
            let failed = SampleModel().with {
                $0.memory.binaries[weights] = BinaryMemory(trouble: .sample(kind, about: mark, at: now))
            }
            #expect(progress(.verify, of: failed) == unread, "\(kind)")
        }
        // What lies there and cannot be read is another thing.
        #expect(failure(.verify, of: SampleModel().with { $0.refusedBinary = "is a symbolic link" }) == .needsPerson)
    }

    @Test func `a model that is not there fails every goal, and one that cannot be read is not called gone`() {
        for kind in [Goal.Kind.sync, publish, .fetch, .verify] {
            let goal = Goal.sample(kind)
            for (disk, expected) in [
                (DiskView.absent, GoalFailure.noSuchModel), (.notAModel, .noSuchModel), (.unknown(because: "EIO"), .failed),
            ] {
                let view = ModelView(id: model("net"), disk: disk, memory: SampleModel.published().memory)
                guard case .failed(let failure, _, _) = goal.progress(in: plan(view, policy: Policy(), now: now), view: view) else {
                    #expect(Bool(false), "\(kind) \(disk)")
                    continue
                }
                #expect(failure == expected)
            }
        }
    }

    @Test func `of two open jobs with one deed each, only the one that was carried out counts as done`() {
        let goals = [
            Goal(id: 1, kind: .resolve(.local), requestedAt: now), Goal(id: 2, kind: .rollback(version: 3), requestedAt: now),
            Goal(id: 3, kind: .unpublish, requestedAt: now),
        ]
        var decisions = Decisions()
        decisions.carryOut(2, open: goals)
        #expect(goals.pending(decisions) { _ in true }?.id == 1 && goals.pendingRollback(decisions) == nil)
        decisions.carryOut(1, open: goals)
        #expect(decisions.carriedOut == [1, 2] && goals.pending(decisions) { _ in true }?.id == 3)
        // What is over need not be remembered.
        decisions.carryOut(3, open: [goals[2]])
        #expect(decisions.carriedOut == [3])
    }
}
