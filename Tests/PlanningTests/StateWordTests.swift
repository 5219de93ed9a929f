import Foundation
import ModelInfo
import Testing

@testable import Planning

/// Every word that status can show comes from some view, and where a person must act it says why and how.
struct StateWordTests {
    static let rotten = SampleModel.withBinary(hashed: .sample(sha256: otherSHA256), good: .sample())
    static let gistViews: [SampleModel] = [
        .published(),
        SampleModel().with { $0.policy.createsGists = true },
        SampleModel().with { $0.goals = [.publish] },
        SampleModel(),
        SampleModel().with { $0.gistID = localID },
        SampleModel.published().with { $0.gistID = otherLocalID },
        SampleModel.published().with {
            $0.files = [:]; $0.brake = [.losesRemoteFile: .held(models: 11)]
        },
        SampleModel.published().with {
            $0.keys[3] = "license: X"; $0.memory.gistTrouble = .sample(.conflict, notBefore: nil)
        },
        SampleModel.published().with {
            $0.keys[3] = "license: X"; $0.memory.gistTrouble = .sample(.gone, notBefore: nil)
        },
        SampleModel.published().with {
            $0.keys[3] = "license: X"; $0.memory.gistTrouble = .sample(.refused, notBefore: nil)
        },
        SampleModel().with { $0.gistID = gitHubID },
        SampleModel.published().with { $0.memory.gist?.noticedAt = ago(1) },
        SampleModel.published().with { $0.memory.gist?.isOwn = false },
        SampleModel().with { $0.policy.host = .none },
    ]
    static let mark = SampleModel().reading.declaredBinaries[0].fetchMark
    static let binaryViews: [SampleModel] = [
        .withBinary(hashed: .sample(), good: .sample()),
        SampleModel.withBinary(hashed: .sample(), good: .sample()).with { $0.sha1 = nil },
        SampleModel().with { $0.policy.fetchesBinaries = false },
        SampleModel(),
        SampleModel().with { $0.inFlight = [weights: BinaryWork(kind: .queuedFetch)] },
        SampleModel().with { $0.inFlight = [weights: BinaryWork(kind: .fetching)] },
        SampleModel.withBinary().with { $0.inFlight = [weights: BinaryWork(kind: .verifying)] },
        SampleModel.withBinary().with { $0.inFlight = [weights: BinaryWork(kind: .queuedVerification)] },
        .withBinary(.sample(inode: 8), hashed: .sample(.sample(inode: 8), sha256: otherSHA256), good: .sample()),
        .withBinary(hashed: .sample(sha1: otherSHA1, sha256: otherSHA256)),
        rotten.with { $0.policy.repairs = false },
        rotten.with { $0.keys.remove(at: 2) },
        SampleModel.withBinary(hashed: .sample(), good: .sample()).with {
            $0.sha1 = otherSHA1; $0.policy.fetchesBinaries = false
        },
        .withBinary(nil, trouble: .sample(.verification, about: mark, notBefore: nil)),
        .withBinary(nil, trouble: .sample(.refused, about: mark, notBefore: nil)),
        .withBinary(nil, trouble: .sample(.local, about: mark, notBefore: nil)),
        SampleModel().with { $0.refusedBinary = "is a directory" },
        SampleModel().with { $0.keys[1] = "caffemodel: ../../etc/passwd" },
        SampleModel().with { $0.keys[2] = "caffemodel_url: ftp://files.example.org/w" },
        SampleModel().with { $0.keys.remove(at: 2) },
    ]

    @Test func `every word for a gist is reached`() {
        let reached = Set(Self.gistViews.map(\.plan.gist.state))
        #expect(reached == Set(GistState.allCases))
    }

    @Test func `every word for a binary is reached`() {
        #expect(Set(Self.binaryViews.map(\.plan.binary.state)) == Set(BinaryState.allCases))
    }

    @Test func `where a person must act there is a reason and a way out`() {
        for verdict in Self.gistViews.map(\.plan.gist) where [.attention, .failed].contains(verdict.state.weight) {
            #expect(verdict.note?.isEmpty == false && verdict.hint?.isEmpty == false, "\(verdict)")
        }
        for verdict in Self.binaryViews.map(\.plan.binary) where [.attention, .failed].contains(verdict.state.weight) {
            #expect(verdict.note?.isEmpty == false && verdict.hint?.isEmpty == false, "\(verdict)")
        }
        for plan in (Self.gistViews + Self.binaryViews).map(\.plan) where [.attention, .failed].contains(plan.state) {
            #expect(plan.note?.isEmpty == false && plan.hint?.isEmpty == false, "\(plan)")
        }
    }

    @Test func `what only a person can undo never wakes the daemon`() {
        for sample in Self.gistViews + Self.binaryViews where [.held, .conflict, .gone, .off].contains(sample.plan.gist.state) {
            let wakes = sample.plan.actions.filter { if case .sleep(let until) = $0 { until <= now } else { false } }
            #expect(wakes.isEmpty)
        }
    }

    @Test func `a directory that is gone or cannot be read sends, deletes and fetches nothing`() {
        for disk in [DiskView.absent, .notAModel, .unknown(because: "EIO")] {
            let view = ModelView(id: model("net"), disk: disk, memory: SampleModel.published().memory, goals: [.publish])
            let plan = plan(view, policy: Policy(), now: now)
            #expect(plan.actions.isEmpty && plan.state == .attention && plan.note != nil && plan.hint != nil && plan.gist.state == .held)
        }
    }

    @Test func `while paused nothing is started, and it goes on by itself`() {
        let until = now.addingTimeInterval(60)
        for sample in Self.gistViews + Self.binaryViews {
            #expect(sample.with { $0.policy.pausedUntil = until }.plan.actions == [.sleep(until: until)])
            #expect(sample.with { $0.policy.pausedUntil = .distantFuture }.plan.actions.isEmpty)
            #expect(sample.with { $0.policy.pausedUntil = now }.plan.actions == sample.plan.actions)
        }
    }

    @Test func `the worst part speaks for the model`() {
        let failed = Self.rotten.with { $0.policy.repairs = false }
        #expect(failed.plan.state == .failed && failed.plan.note == failed.plan.binary.note)
        let invalid = SampleModel.published().with {
            $0.sha1 = nil; $0.keys.append("sha1: 12"); $0.mark = "b"
        }
        #expect(invalid.plan.state == .attention && invalid.plan.note?.hasPrefix("readme.md:") == true && invalid.plan.hint != nil)
    }
}
