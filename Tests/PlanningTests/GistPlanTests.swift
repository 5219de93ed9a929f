import Foundation
import ModelInfo
import Testing

@testable import Planning

struct GistPlanTests {
    @Test func `what is published and unchanged needs nothing`() {
        let plan = SampleModel.published().plan
        #expect(plan.gist.state == .inSync && plan.state == .ok && plan.deeds.isEmpty && plan.note == nil)
    }

    @Test func `an edited readme updates the gist it already has, and only what changed`() {
        var sample = SampleModel.published()
        sample.keys[3] = "license: BSD"
        let text = String(decoding: sample.readmeBytes, as: UTF8.self)
        #expect(sample.plan.deeds == [.updateGist(localID, changes: ["readme.md": text])])
    }

    @Test(arguments: ["---\nname: Net\n  license: : MIT\n\tx\n---\n\nText.\n", "Text.\n"])
    func `a readme whose block can no longer be read as it could waits for its correction or for a person`(broken: String) {
        var sample = SampleModel.published()
        sample.readme = Array(broken.utf8)
        #expect(sample.plan.gist.state == .held && sample.plan.deeds.isEmpty)
        #expect(sample.plan.gist.hint?.contains("zooctl publish net") == true)
        #expect(sample.with { $0.goals = [.publish] }.plan.gist.state == .publishing)
        // What was never better is read leniently, and sent.
        sample.memory.gist?.files["readme.md"] = broken + "More.\n"
        #expect(sample.plan.gist.state == .publishing)
    }

    @Test func `a change that only Unicode calls equal is a change`() {
        var sample = SampleModel.published { $0.files["train.prototxt"] = "# u\u{308}\n" }
        sample.memory.gist?.everPublished.insert("train.prototxt")
        sample.memory.gist?.files["train.prototxt"] = "# \u{FC}\n"
        guard case .updateGist(_, let changes)? = sample.plan.deeds.first else { return #expect(Bool(false), "nothing is sent") }
        #expect(changes["train.prototxt"]??.utf8.elementsEqual("# u\u{308}\n".utf8) == true)
    }

    @Test func `without a wish or a policy a model stays unpublished and says how to publish it`() {
        let plan = SampleModel().plan
        #expect(plan.gist == GistVerdict(.unpublished, hint: "zooctl publish net"))
        #expect(SampleModel().with { $0.goals = [.publish] }.plan.deeds.contains { if case .createGist = $0 { true } else { false } })
    }

    @Test func `a first publication by policy asks the brake, one by a person does not`() {
        let automatic = SampleModel().with { $0.policy.createsGists = true }
        #expect(automatic.plan.deeds.first == .askBrake(.firstPublication) && automatic.plan.gist.state == .pending)
        #expect(automatic.with { $0.brake = [.firstPublication: .waiting] }.plan.deeds.count == 1)
        let held = automatic.with { $0.brake = [.firstPublication: .held(models: 11)] }.plan
        #expect(held.gist.state == .held && held.gist.note?.contains("10 others") == true && held.gist.hint?.contains("--all-held") == true)
        let granted = automatic.with { $0.brake = [.firstPublication: .granted] }.plan.deeds.first
        #expect(granted == .createGist(files: automatic.reading.publishable.mapValues(\.text), isPublic: false))
    }

    @Test(arguments: [nil, true, false])
    func `who is asked decides the visibility, else the policy`(wish: Bool?) {
        for policy in [true, false] {
            let sample = SampleModel().with {
                $0.goals = [.sample(.publish(PublishWish(isPublic: wish)))]
                $0.policy.newGistsArePublic = policy
            }
            guard case .createGist(_, let isPublic)? = sample.plan.deeds.first else { return #expect(Bool(false)) }
            #expect(isPublic == wish ?? policy)
        }
    }

    @Test func `who wants a model published anew hears what keeps the id of its old gist in the readme`() {
        func withdrawn(_ edit: EditWay, _ change: (inout SampleModel) -> Void = { _ in }) -> SampleModel {
            SampleModel().with {
                ($0.gistID, $0.edit) = (localID, edit)
                $0.memory.decisions.withdrawn = WithdrawnGist(id: localID, at: ago(100))
                change(&$0)
            }
        }
        let barred = [
            withdrawn(.ownerOnly(owner: 1000)), withdrawn(.never),
            withdrawn(.own) { $0.memory.editTrouble = .sample(.refused, notBefore: nil) },
        ]
        for sample in barred {
            #expect(sample.plan.gist.state == .unpublished)
            let wanted = sample.with { $0.goals = [.sample(.publish(PublishWish()), at: ago(20))] }
            let plan = wanted.plan
            #expect(plan.gist.state == .held && plan.gist.note?.contains("still names it") == true)
            #expect(plan.gist.hint == "zooctl set ./net gist_id=")
            guard case .failed(.needsPerson, let note, _) = wanted.goals[0].progress(in: plan, view: wanted.view) else {
                Issue.record("it waits for ever")
                continue
            }
            #expect(note.contains("still names it"))
        }
        // What can still become of it is waited for.
        let own = withdrawn(.own) { $0.goals = [.publish] }
        #expect(own.plan.deeds.contains(.removeGistID(localID, readme: path("readme.md"))))
        #expect(own.goals[0].progress(in: own.plan, view: own.view) == .goesOn)
        let quiet = withdrawn(.inPlace(quietAt: now.addingTimeInterval(5))) { $0.goals = [.publish] }
        #expect(quiet.goals[0].progress(in: quiet.plan, view: quiet.view) == .goesOn)
    }

    @Test func `letting go what the brake held sends nothing else that waits for a person, also after a restart`() {
        let letGo = Goal.sample(.publish(PublishWish(onlyLetsGo: true)))
        let new = SampleModel.published().with {
            $0.files["solver.prototxt"] = "x: 1\n"
            $0.goals = [letGo]
        }
        #expect(new.plan.deeds.isEmpty && new.plan.diagnostics.map(\.code) == [.newFileWaits])
        let broken = SampleModel.published().with {
            $0.readme = Array("Text.\n".utf8)
            $0.goals = [letGo]
        }
        #expect(broken.plan.gist.state == .held && broken.plan.deeds.isEmpty)
        let unproven = SampleModel.published().with {
            $0.keys[3] = "license: BSD"
            $0.memory.gist?.isProven = false
            $0.goals = [letGo]
        }
        #expect(unproven.plan.gist.state == .held && unproven.plan.deeds.isEmpty)
        // The brake itself has forgotten whom it let go.
        let lost = SampleModel.published().with {
            $0.files = [:]
            $0.goals = [letGo]
        }
        #expect(lost.plan.deeds == [.updateGist(localID, changes: ["deploy.prototxt": String?.none])])
        let first = SampleModel().with {
            $0.policy.createsGists = true
            $0.goals = [letGo]
        }
        #expect(first.plan.gist.state == .publishing && !first.plan.deeds.contains(.askBrake(.firstPublication)))
        // Nothing is published by itself any more, and that is no such wish.
        let manual = first.with { $0.policy.createsGists = false }
        #expect(manual.plan.gist.state == .unpublished)
        guard case .failed(.needsPerson, _, _) = letGo.progress(in: manual.plan, view: manual.view) else {
            Issue.record("it waits for ever")
            return
        }
        // Who wants that one model published says so beside it.
        #expect(new.with { $0.goals = [.publish, letGo] }.plan.gist.state == .publishing)
    }

    @Test func `a wish to publish that was stored before there was a choice is read`() throws {
        let wish = try JSONDecoder().decode(PublishWish.self, from: Data(#"{"isPublic":true}"#.utf8))
        #expect(wish == PublishWish(isPublic: true) && !wish.onlyLetsGo)
        let letGo = PublishWish(onlyLetsGo: true)
        #expect(try JSONDecoder().decode(PublishWish.self, from: JSONEncoder().encode(letGo)) == letGo)
    }

    @Test func `a new name waits for a person, and is sent when asked for or allowed`() {
        let sample = SampleModel.published().with { $0.files["solver.prototxt"] = "x: 1\n" }
        let plan = sample.plan
        #expect(plan.gist.state == .inSync && plan.deeds.isEmpty && plan.gist.hint == "zooctl publish net")
        #expect(plan.diagnostics.map(\.code) == [.newFileWaits] && plan.diagnostics[0].file == "solver.prototxt")
        let sent = Action.updateGist(localID, changes: ["solver.prototxt": "x: 1\n"])
        #expect(sample.with { $0.goals = [.publish] }.plan.deeds == [sent])
        #expect(sample.with { $0.policy.sendsNewFiles = true }.plan.deeds == [sent])
    }

    @Test func `a name that was published once is no new name`() {
        let sample = SampleModel.published().with {
            $0.files["solver.prototxt"] = "x: 1\n"
            $0.memory.gist?.everPublished.insert("solver.prototxt")
        }
        #expect(sample.plan.deeds == [.updateGist(localID, changes: ["solver.prototxt": "x: 1\n"])])
    }

    @Test func `a lost file leaves the gist only through the brake`() {
        let sample = SampleModel.published().with { $0.files = [:] }
        #expect(sample.plan.deeds == [.askBrake(.losesRemoteFile)] && sample.plan.gist.state == .pending)
        let granted = sample.with { $0.brake = [.losesRemoteFile: .granted] }
        #expect(granted.plan.deeds == [.updateGist(localID, changes: ["deploy.prototxt": String?.none])])
        let held = sample.with { $0.brake = [.losesRemoteFile: .held(models: 4)] }
        #expect(held.plan.gist.state == .held && held.plan.gist.note?.contains("3 others") == true && held.plan.deeds.isEmpty)
        #expect(held.with { $0.files = ["deploy.prototxt": "name: \"net\"\n"] }.plan.gist.state == .inSync)
    }

    @Test func `a published file that may not be sent any more holds the model, and the gist keeps the old one`() {
        var sample = SampleModel.published { $0.memory.gist?.files["notes.txt"] = "fine" }
        sample.files["notes.txt"] = "a\0b"
        let plan = sample.plan
        #expect(plan.gist.state == .held && plan.deeds.isEmpty && plan.state == .attention)
        #expect(plan.diagnostics.map(\.code) == [.publishedFileRefused] && plan.note?.contains("notes.txt") == true && plan.hint != nil)
    }

    @Test func `info that is not fit to be published is held, with the reason`() {
        let sample = SampleModel.published().with { $0.files["deploy.prototxt"] = "# ghp_0123456789abcdefghijklmnopqrstuvwxyz" }
        #expect(sample.plan.gist.state == .held && sample.plan.deeds.isEmpty)
        #expect(sample.plan.state == .attention && sample.plan.note?.isEmpty == false && sample.plan.hint?.isEmpty == false)
    }

    // Ids.

    @Test func `the one that had the id first keeps it, the newcomer is held, and of two new ones both`() {
        let other = model("copy")
        let keeper = SampleModel.published().with { $0.claims = Claims(gistID: [other]) }
        #expect(keeper.plan.gist.state == .inSync)
        let newcomer = SampleModel().with {
            $0.gistID = localID
            $0.claims = Claims(gistID: [other], gistKeeper: other)
            $0.goals = [.publish]
        }
        #expect(
            newcomer.plan.gist.state == .held && newcomer.plan.gist.note?.contains("copy, which had it first") == true
                && newcomer.plan.gist.hint != nil)
        let both = newcomer.with { $0.claims.gistKeeper = nil }
        #expect(both.plan.gist.state == .held && both.plan.gist.note?.contains("copy claims") == true && both.plan.gist.hint != nil)
        #expect(!both.plan.deeds.contains { if case .createGist = $0 { true } else { false } })
    }

    @Test func `a checksum of another binary holds who did not have it first`() {
        let other = model("copy")
        let claims = Claims(sha1: [goodSHA1: [other]])
        let new = SampleModel().with {
            $0.goals = [.publish]
            $0.claims = claims
        }
        #expect(new.plan.gist.state == .held && new.plan.gist.note?.contains("copy claims sha1 \(goodSHA1) too") == true)
        #expect(new.plan.gist.hint?.contains("zooctl set ./net sha1=") == true && new.plan.state == .attention)
        #expect(new.plan.deeds.allSatisfy { if case .createGist = $0 { false } else { true } })
        let newcomer = new.with { $0.claims.sha1Keepers = [goodSHA1: other] }
        #expect(newcomer.plan.gist.state == .held && newcomer.plan.gist.note?.contains("copy, which had it first") == true)
        // A file that has the digest, or a gist that went out with it, is proof of an older claim.
        let verified = newcomer.with {
            $0.binary = .sample()
            $0.memory.binaries[weights] = BinaryMemory(hashed: .sample(), good: .sample())
        }
        #expect(verified.plan.gist.state == .publishing)
        let published = SampleModel.published {
            $0.memory.binaries = [:]
            $0.claims = claims
        }
        #expect(published.plan.gist.state == .inSync)
        for sample in [new, newcomer, verified, published] {
            let told = sample.plan.diagnostics.filter { $0.code == .sha1Shared }
            #expect(told.count == 1 && told[0].message.contains("copy") && told[0].file == "readme.md", "both sides are told")
        }
        #expect(
            new.with {
                $0.sha1 = otherSHA1; $0.claims = Claims()
            }.plan.gist.state == .publishing)
    }

    @Test func `both claimants of a gist are told`() {
        let keeper = SampleModel.published().with { $0.claims = Claims(gistID: [model("copy")]) }
        #expect(keeper.plan.gist.state == .inSync && keeper.plan.diagnostics.map(\.code) == [.gistIDShared])
    }

    @Test(arguments: [localID, gitHubID])
    func `a gist that this state never synced is only compared with what lies here`(id: GistID) {
        let sample = SampleModel().with {
            $0.gistID = id
            $0.policy.host = id.isLocal ? .local : .github
            $0.goals = [.publish]
            $0.binary = .sample()
            $0.memory.binaries[weights] = BinaryMemory(hashed: .sample(), good: .sample())
        }
        #expect(sample.plan.deeds == [.meetGist(id)])
        // What came of it is none of our own: no revision of it lies here.
        var met = sample.gist(id)
        (met.hasBase, met.remote) = (false, RemoteContent(revision: "r2", files: ["readme.md": "theirs\n"]))
        let unknown = sample.with { $0.memory.gist = met }
        #expect(unknown.plan.gist.state == .conflict && unknown.plan.deeds.isEmpty && unknown.plan.gist.hint != nil)
    }

    @Test func `under the local host a model with GitHub's id is left as it is`() {
        let sample = SampleModel().with {
            $0.gistID = gitHubID
            $0.goals = [.publish]
        }
        #expect(sample.plan.gist.state == .off && sample.plan.gist.hint?.contains("--replace-id") == true)
        #expect(!sample.plan.deeds.contains { if case .createGist = $0 { true } else { false } })
        let pasted = SampleModel.published().with { $0.gistID = gitHubID }
        #expect(pasted.plan.gist.state == .off && pasted.plan.deeds.isEmpty)
    }

    @Test func `a local copy replaces GitHub's id only when somebody asks for that`() {
        let wish = Goal.sample(.publish(PublishWish(replacesID: true)))
        let asked = SampleModel().with {
            $0.gistID = gitHubID
            $0.goals = [wish]
        }
        #expect(asked.plan.deeds.contains { if case .createGist = $0 { true } else { false } })
        let made = SampleModel.published().with {
            $0.gistID = gitHubID
            $0.goals = [wish]
        }
        #expect(made.plan.deeds == [.writeGistID(localID, readme: path("readme.md"))])
    }

    @Test func `under GitHub a local id counts as none, and is replaced at the first publication`() {
        let local = SampleModel.published().with { $0.policy.host = .github }
        #expect(local.plan.gist.state == .unpublished)
        #expect(local.with { $0.goals = [.publish] }.plan.deeds.contains { if case .createGist = $0 { true } else { false } })
        let made = SampleModel.published(as: gitHubID).with { $0.gistID = localID }
        #expect(made.plan.deeds == [.writeGistID(gitHubID, readme: path("readme.md"))])
    }

    @Test func `an id that is not this model's is neither obeyed nor overwritten`() {
        let sample = SampleModel.published().with { $0.gistID = otherLocalID }
        #expect(sample.plan.gist.state == .held && sample.plan.deeds.isEmpty)
        #expect(sample.plan.gist.hint == "zooctl set ./net gist_id=\(localID)")
    }

    @Test func `the id is written into the readme before the gist is updated`() {
        let sample = SampleModel.published().with {
            $0.gistID = nil
            $0.keys[3] = "license: BSD"
        }
        #expect(sample.plan.deeds == [.writeGistID(localID, readme: path("readme.md"))] && sample.plan.gist.state == .publishing)
    }

    @Test(arguments: [EditWay.ownerOnly(owner: 1000), .never])
    func `where the readme may not be written, the gist carries the id and the model says how to add it`(edit: EditWay) {
        let sample = SampleModel.published().with {
            $0.gistID = nil
            $0.edit = edit
        }
        // What is remembered as sent has the id in it already.
        #expect(sample.plan.deeds.isEmpty && sample.plan.gist.state == .inSync)
        #expect(sample.plan.note == "gist_id not in the readme" && sample.plan.hint == "zooctl set ./net gist_id=\(localID)")
    }

    @Test func `somebody else's readme is written into only after it was quiet`() {
        let soon = now.addingTimeInterval(5)
        let sample = SampleModel.published().with {
            $0.gistID = nil
            $0.edit = .inPlace(quietAt: soon)
        }
        #expect(sample.plan.deeds.isEmpty && sample.plan.actions.contains(.sleep(until: soon)) && sample.plan.hint != nil)
        let quiet = sample.with { $0.edit = .inPlace(quietAt: now) }
        #expect(quiet.plan.deeds == [.writeGistID(localID, readme: path("readme.md"))])
    }

    @Test func `an edit that failed is void when the files changed, its time came or a person asks`() {
        let failed = SampleModel.published().with {
            $0.gistID = nil
            $0.memory.editTrouble = .sample(.local)
        }
        let write = [Action.writeGistID(localID, readme: path("readme.md"))]
        #expect(failed.plan.deeds.isEmpty && failed.plan.note?.contains("it did not work") == true && failed.plan.hint != nil)
        #expect(failed.with { $0.mark = "changed" }.plan.deeds == write)
        #expect(failed.with { $0.memory.editTrouble?.notBefore = now }.plan.deeds == write)
        #expect(failed.with { $0.goals = [.sample(.sync, at: ago(9))] }.plan.deeds == write)
    }

    // The host.

    @Test func `a host that wants to be left alone is asked nothing until then`() {
        let until = now.addingTimeInterval(30)
        let sample = SampleModel.published().with {
            $0.keys[3] = "license: BSD"
            $0.policy.hostClosed = Closure(until: until, because: "wait")
        }
        #expect(sample.plan.deeds.isEmpty && sample.plan.gist == GistVerdict(.pending, note: "wait"))
        #expect(sample.plan.wakeAt! <= until && sample.plan.actions.contains(.sleep(until: until)))
        let open = sample.with { $0.policy.hostClosed = Closure(until: now, because: "wait") }
        #expect(open.plan.deeds.count == 1)
    }

    @Test func `a failed publication is void when the files changed, its time came or a person asks`() {
        let failed = SampleModel.published().with {
            $0.keys[3] = "license: BSD"
            $0.memory.gistTrouble = .sample()
        }
        #expect(failed.plan.gist.state == .failed && failed.plan.deeds.isEmpty && failed.plan.state == .failed)
        #expect(failed.with { $0.mark = "changed" }.plan.deeds.count == 1)
        #expect(failed.with { $0.memory.gistTrouble?.notBefore = now }.plan.deeds.count == 1)
        #expect(failed.with { $0.goals = [.sample(.sync, at: ago(9))] }.plan.deeds.count == 1)
        #expect(failed.with { $0.goals = [.sample(.sync, at: ago(11))] }.plan.deeds.isEmpty)
    }

    @Test func `a wish of two minutes ago is not fulfilled when publishing is off`() {
        for change in [{ $0.policy.host = .none }, { $0.policy.direction = .pull }] as [(inout SampleModel) -> Void] {
            var sample = SampleModel().with { $0.goals = [.publish] }
            change(&sample)
            #expect(sample.plan.gist.state == .off && sample.plan.gist.note != nil)
        }
    }
}
