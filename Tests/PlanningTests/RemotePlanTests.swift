import Foundation
import ModelInfo
import Testing

@testable import Planning

/// What follows from the other side of a gist.
struct RemotePlanTests {
    let theirs = RemoteContent(revision: "r2", files: ["readme.md": "---\nname: Theirs\n---\n"])

    private func sample(_ change: (inout SampleModel) -> Void = { _ in }) -> SampleModel {
        SampleModel.published().with { change(&$0) }
    }

    private func withRemote(_ change: (inout SampleModel) -> Void = { _ in }) -> SampleModel {
        sample { $0.memory.gist!.remote = theirs }.with(change)
    }

    private func edited(_ sample: SampleModel) -> SampleModel { sample.with { $0.keys[3] = "license: changed" } }

    // Reading.

    @Test func `a change that was noticed, an update whose answer was lost and a pull are reasons to read, and nothing else is`() {
        let read = [Action.readGist(localID)]
        #expect(sample().plan.deeds.isEmpty)
        #expect(sample { $0.memory.gist!.noticedAt = ago(5) }.plan.deeds == read)
        #expect(
            sample {
                $0.memory.gist!.sending = [:]; $0.memory.gist!.sendingOver = "r1"
            }.plan.deeds == read)
        let known = sample { $0.memory.gist!.sending = $0.memory.gist!.files }
        #expect(known.plan.deeds.isEmpty, "that it stands there is known")
        #expect(sample { $0.goals = [.sample(.pull)] }.plan.deeds == read)
        #expect(sample { $0.memory.gist!.noticedAt = ago(5) }.plan.gist.state == .pulling)
    }

    @Test func `one reading answers all who asked before it`() {
        let asked = sample { $0.goals = [.sample(.pull, at: ago(5)), .sample(.pull, at: ago(3))] }
        #expect(asked.with { $0.memory.gist!.readAt = ago(4) }.plan.deeds == [.readGist(localID)])
        #expect(asked.with { $0.memory.gist!.readAt = ago(3) }.plan.deeds.isEmpty)
    }

    @Test func `what is uncertain is read before anything is sent or brought here`() {
        let uncertain = edited(
            withRemote {
                $0.memory.gist!.sending = [:]; $0.memory.gist!.sendingOver = "r1"
            })
        #expect(uncertain.plan.deeds == [.readGist(localID)])
        #expect(edited(sample { $0.memory.gist!.noticedAt = ago(5) }).plan.deeds == [.readGist(localID)])
    }

    @Test func `a host that wants to be left alone is not asked for changes either`() {
        let closed = sample {
            $0.memory.gist!.noticedAt = ago(5)
            $0.policy.hostClosed = Closure(until: now.addingTimeInterval(60), because: "wait")
        }
        #expect(closed.plan.deeds.isEmpty && closed.plan.wakeAt == now.addingTimeInterval(60))
        let down = sample {
            $0.memory.gist!.noticedAt = ago(5)
            $0.memory.gistTrouble = .sample(.network)
        }
        #expect(down.plan.deeds.isEmpty && down.plan.wakeAt == now.addingTimeInterval(50))
        #expect(down.with { $0.goals = [.sample(.pull)] }.plan.deeds == [.readGist(localID)])
    }

    @Test func `that the gist is gone is said for as long as it is, and deletes nothing here`() {
        let gone = sample { $0.memory.gistTrouble = .sample(.gone, notBefore: nil) }
        #expect(gone.plan.gist.state == .gone && gone.plan.deeds.isEmpty && gone.plan.state == .attention)
        #expect(gone.with { $0.goals = [.sample(.pull)] }.plan.deeds == [.readGist(localID)])
        let others = gone.with { $0.memory.gist!.isOwn = false }.plan.gist
        #expect(others.state == .gone && others.hint == "nothing to do: the files here stay")
        let due = gone.with { $0.memory.gistTrouble?.notBefore = now.addingTimeInterval(60) }
        #expect(due.plan.gist.state == .gone && due.plan.deeds.isEmpty && due.plan.wakeAt == now.addingTimeInterval(60))
        #expect(gone.with { $0.memory.gistTrouble?.notBefore = now }.plan.deeds == [.readGist(localID)])
    }

    @Test func `who waits for what cannot be brought together is told after some tries, which go on`() {
        func left(by trouble: (inout Trouble) -> Void) -> SampleModel {
            withRemote { sample in
                var failed = Trouble.sample(.local, about: sample.memory.gist!.conflictMark(sample.mark), at: now)
                trouble(&failed)
                sample.memory.gistTrouble = failed
                (sample.memory.gist!.readAt, sample.goals) = (now, [.sample(.pull)])
            }
        }
        let few = left { $0.failures = 3 }
        #expect(few.plan.gist.state == .pulling && progress(.pull, of: few) == .goesOn)
        let many = left { $0.failures = 4 }
        #expect(many.plan.gist.state == .failed && many.plan.wakeAt == now.addingTimeInterval(50))
        #expect(failure(progress(.pull, of: many)) == .failed)
        #expect(failure(progress(.pull, of: many.with { $0.memory.gistTrouble?.kind = .space })) == .noSpace)
    }

    @Test func `what is sent is what the gist does not hold, whatever the base is`() {
        let over = sample { $0.memory.gist!.sending = ["readme.md": "of before\n"] }
        let expected: [String: String?] = over.reading.publishable.mapValues(\.text)
        #expect(over.plan.deeds == [.updateGist(localID, changes: expected)])
    }

    // Bringing together.

    @Test func `what came is brought together with the files here before anything is sent`() {
        #expect(withRemote().plan.deeds == [.integrate(localID)] && withRemote().plan.gist.state == .pulling)
        #expect(edited(withRemote()).plan.deeds == [.integrate(localID)])
        #expect(withRemote { $0.goals = [.publish] }.plan.deeds == [.integrate(localID)])
    }

    @Test func `info that may not go out still gets what comes`() {
        let secret = withRemote { $0.files["a.prototxt"] = "ghp_0123456789abcdefghijklmnopqrstuvwxyz" }
        #expect(!secret.reading.canPublish && secret.plan.deeds == [.integrate(localID)])
    }

    @Test func `a read-only zoo is not written to, and its gist is not written over`() {
        let plan = edited(withRemote { $0.policy.zooIsReadOnly = true }).plan
        #expect(plan.gist.state == .readOnly && plan.deeds.isEmpty && plan.gist.note?.contains("read-only") == true)
    }

    @Test func `without pulling, a change of the gist waits for a person and is not written over`() {
        let plan = edited(withRemote { $0.policy.direction = .publish }).plan
        #expect(plan.gist.state == .conflict && plan.deeds.isEmpty && plan.gist.hint?.contains("zooctl resolve net --keep") == true)
        #expect(sample { ($0.policy.direction, $0.memory.gist!.noticedAt) = (.publish, ago(5)) }.plan.deeds.isEmpty)
    }

    @Test func `without publishing, and to a gist of somebody else, nothing is sent but everything comes`() {
        for follow in [{ (sample: inout SampleModel) in sample.policy.direction = .pull }, { $0.memory.gist!.isOwn = false }] {
            let followed = edited(sample(follow))
            #expect(followed.plan.gist.state == .readOnly && followed.plan.deeds.isEmpty)
            #expect(followed.plan.gist.note?.contains("is not sent") == true)
            #expect(followed.with { $0.goals = [.publish] }.plan.deeds.isEmpty)
            #expect(sample(follow).plan.gist == GistVerdict(.readOnly))
            #expect(followed.with { $0.memory.gist!.remote = theirs }.plan.deeds == [.integrate(localID)])
            #expect(followed.with { $0.memory.gist!.noticedAt = ago(5) }.plan.deeds == [.readGist(localID)])
        }
    }

    @Test func `a conflict waits for a person, and is void when either side changes`() {
        let conflict = withRemote {
            $0.memory.gistTrouble = .sample(.conflict, about: $0.memory.gist!.conflictMark($0.mark), notBefore: nil)
        }
        #expect(conflict.plan.gist.state == .conflict && conflict.plan.isQuiet && conflict.plan.state == .attention)
        #expect(conflict.with { $0.mark = "saved again" }.plan.deeds == [.integrate(localID)])
        #expect(conflict.with { $0.memory.gist!.remote?.revision = "r3" }.plan.deeds == [.integrate(localID)])
    }

    @Test func `a merge that a person is in the middle of is not merged into`() {
        let plan = withRemote { $0.files["deploy.prototxt"] = "<<<<<<< here\na: 1\n=======\nb: 1\n>>>>>>> gist\n" }.plan
        #expect(plan.gist.state == .held && plan.deeds.isEmpty && plan.gist.note?.contains("merge under way") == true)
    }

    // First contact.

    @Test func `a gist that was never synced with this model is met before anything else`() {
        let pasted = SampleModel().with {
            $0.gistID = localID
            $0.policy.createsGists = true
        }
        #expect(pasted.plan.deeds.first == .meetGist(localID))
        #expect(pasted.with { $0.goals = [.publish] }.plan.deeds.first == .meetGist(localID))
    }

    @Test func `where nothing that lies here was ever in the gist, a person tells which side is right`() {
        let plan = edited(withRemote { $0.memory.gist!.hasBase = false }).plan
        #expect(plan.gist.state == .conflict && plan.deeds.isEmpty && plan.gist.hint?.contains("zooctl diff net") == true)
    }

    @Test func `to a gist that does not name itself nothing is sent before a person wants it`() {
        let unproven = edited(sample { $0.memory.gist!.isProven = false })
        #expect(unproven.plan.gist.state == .held && unproven.plan.deeds.isEmpty)
        #expect(unproven.plan.gist.hint?.contains("zooctl publish net") == true)
        guard case .updateGist? = unproven.with({ $0.goals = [.publish] }).plan.deeds.first else {
            return #expect(Bool(false), "a person wants it")
        }
        #expect(sample { $0.memory.gist!.isProven = false }.plan.gist.state == .inSync)
    }

    // What people decide.

    @Test(arguments: KeptSide.allCases) func `a conflict ends as a person decides, once`(side: KeptSide) {
        let conflict = withRemote {
            $0.memory.gistTrouble = .sample(.conflict, about: $0.memory.gist!.conflictMark($0.mark), notBefore: nil)
            $0.goals = [.sample(.resolve(side))]
        }
        for sample in [conflict, conflict.with { $0.memory.gist!.hasBase = false }, conflict.with { $0.policy.direction = .publish }] {
            #expect(sample.plan.deeds == [.resolve(localID, keep: side, goal: 1)])
            let again = sample.with { $0.memory.decisions.carriedOut = [1] }
            #expect(!again.plan.deeds.contains(.resolve(localID, keep: side, goal: 1)))
        }
        let readOnly = conflict.with { $0.policy.zooIsReadOnly = true }
        #expect(readOnly.plan.deeds.isEmpty == (side != .local))
    }

    @Test func `a resolution that could not be written says why, and is over`() {
        let refused = withRemote {
            $0.memory.editTrouble = .sample(.refused, about: $0.memory.gist!.conflictMark($0.mark), at: now, notBefore: nil, hint: "do it")
            $0.goals = [.sample(.resolve(.remote), at: ago(1))]
        }
        #expect(refused.plan.deeds.isEmpty && refused.plan.gist.state == .held && refused.plan.gist.hint == "do it")
    }

    @Test func `a gist is deleted only because a person wants it, and only one's own`() {
        let wanted = sample { $0.goals = [.sample(.unpublish)] }
        #expect(wanted.plan.deeds == [.deleteGist(localID, goal: 1)])
        #expect(wanted.with { $0.memory.decisions.carriedOut = [1] }.plan.deeds.isEmpty)
        let others = wanted.with { ($0.memory.gist!.isOwn, $0.memory.gist!.owner) = (false, "somebody") }
        #expect(others.plan.deeds.isEmpty && others.plan.gist.note?.contains("somebody") == true)
    }

    @Test func `what a person ended is not published again by itself, and its id leaves the readme`() {
        let ended = SampleModel().with {
            $0.policy.createsGists = true
            $0.memory.decisions.withdrawn = WithdrawnGist(id: localID, at: ago(10))
        }
        #expect(ended.plan.gist.state == .unpublished && !ended.plan.deeds.contains { if case .createGist = $0 { true } else { false } })
        #expect(ended.with { $0.gistID = localID }.plan.deeds.first == .removeGistID(localID, readme: path("readme.md")))
        guard case .createGist? = ended.with({ $0.goals = [.publish] }).plan.deeds.first else {
            return #expect(Bool(false), "a person wants it published again")
        }
    }

    // Goals.

    private func progress(_ kind: Goal.Kind, at: Date = ago(2), of sample: SampleModel) -> GoalProgress {
        let goal = Goal.sample(kind, at: at)
        let view = sample.with { $0.goals = [goal] }.view
        return goal.progress(in: plan(view, policy: sample.policy, now: now), view: view)
    }

    private func failure(_ progress: GoalProgress) -> GoalFailure? {
        if case .failed(let failure, let note, _) = progress, !note.isEmpty { failure } else { nil }
    }

    @Test func `a pull is over when the gist was read since and nothing of it waits`() {
        #expect(progress(.pull, of: sample()) == .goesOn)
        let read = sample { $0.memory.gist!.readAt = ago(1) }
        #expect(progress(.pull, of: read) == .reached(note: nil))
        #expect(progress(.pull, of: read.with { $0.memory.gist!.remote = theirs }) == .goesOn)
        let conflict = read.with {
            $0.memory.gist!.remote = theirs
            $0.memory.gistTrouble = .sample(.conflict, about: $0.memory.gist!.conflictMark($0.mark), at: now, notBefore: nil)
        }
        #expect(failure(progress(.pull, of: conflict)) == .needsPerson)
        #expect(failure(progress(.pull, of: SampleModel())) == .needsPerson, "it has no gist")
        let readOnly = read.with { ($0.memory.gist!.remote, $0.policy.zooIsReadOnly) = (theirs, true) }
        #expect(failure(progress(.pull, of: readOnly)) == .needsPerson)
        let down = sample { $0.memory.gistTrouble = .sample(.network, at: now) }
        #expect(failure(progress(.pull, of: down)) == .network)
    }

    @Test func `a resolution is over when it was carried out, and needs a conflict`() {
        let kind = Goal.Kind.resolve(.local)
        #expect(progress(kind, of: withRemote()) == .goesOn)
        #expect(progress(kind, of: sample { $0.memory.decisions.carriedOut = [1] }) == .reached(note: nil))
        #expect(progress(kind, of: withRemote { $0.memory.decisions.carriedOut = [1] }) == .goesOn, "what came since comes here, too")
        #expect(progress(kind, of: sample()) == .reached(note: "there is no conflict"))
        let readOnly = withRemote { $0.policy.zooIsReadOnly = true }
        #expect(failure(progress(.resolve(.remote), of: readOnly)) == .needsPerson)
    }

    @Test(arguments: [(Trouble.Kind.space, GoalFailure.noSpace), (.local, .failed), (.refused, .needsPerson)])
    func `a resolution that cannot be written fails by the word for what keeps it from that`(kind: Trouble.Kind, word: GoalFailure) {
        let kept = withRemote {
            $0.memory.editTrouble = .sample(
                kind, about: $0.memory.gist!.conflictMark($0.mark), at: now, notBefore: kind == .refused ? nil : now.addingTimeInterval(50))
        }
        #expect(failure(progress(.resolve(.remote), of: kept)) == word)
    }

    @Test func `ending a gist is over when it is gone and its id is out of the readme`() {
        #expect(progress(.unpublish, of: sample()) == .goesOn)
        let ended = SampleModel().with {
            $0.memory.decisions.withdrawn = WithdrawnGist(id: localID, at: ago(10))
            $0.memory.decisions.carriedOut = [1]
            $0.policy.fetchesBinaries = false
        }
        #expect(progress(.unpublish, of: ended) == .reached(note: nil))
        #expect(progress(.unpublish, of: ended.with { $0.gistID = localID }) == .goesOn)
        #expect(failure(progress(.unpublish, of: SampleModel())) == .needsPerson)
        #expect(failure(progress(.unpublish, of: sample { $0.memory.gist!.isOwn = false })) == .needsPerson)
    }
}
