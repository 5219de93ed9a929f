import Foundation
import ModelInfo
import Testing

@testable import Planning

/// A model is its weights: without them it is not ok.
struct WeightsTests {
    static let mark = SampleModel().reading.declaredBinaries[0].fetchMark
    static let withoutURL = SampleModel().with { $0.keys.remove(at: 2) }
    /// Each with what is said, and with the command that ends it.
    static let lacking: [(SampleModel, note: String, hint: String)] = [
        (.withBinary(nil, trouble: .sample(.cancelled, about: mark, notBefore: nil)), "it did not work", "zooctl fetch net"),
        (withoutURL, "weights.caffemodel is missing, and the readme names no URL", "zooctl import net FILE"),
        (withoutURL.with { $0.policy.zooIsReadOnly = true }, "read-only", "mode: read-write"),
        (SampleModel().with { $0.policy.zooIsReadOnly = true }, "weights.caffemodel is missing; this zoo is read-only", "mode: read-write"),
        (SampleModel().with { $0.sha1 = nil }, "no sha1", "zooctl fetch net"),
        (SampleModel().with { $0.policy.fetchesBinaries = false }, "binaries.fetch is manual", "zooctl fetch net"),
        (SampleModel().with { $0.memory.decisions.unconfirmedSources = [mark] }, "a person has to want it", "zooctl fetch net"),
    ]

    @Test func `a model without its weights needs a person where nobody gets them by himself`() {
        for (sample, note, hint) in Self.lacking {
            for sample in [sample, sample.with { $0.policy.host = .none }] {
                let plan = sample.plan
                #expect(plan.state == .attention && [.missing, .none].contains(plan.binary.state), "\(note): \(plan.state)")
                #expect(plan.note?.contains(note) == true, "\(plan.note ?? "")")
                #expect(plan.hint?.contains(hint) == true, "\(plan.hint ?? "")")
            }
        }
    }

    @Test func `a readme that declares no binary lacks none`() {
        let sample = SampleModel().with {
            $0.keys.removeAll { $0.hasPrefix("caffemodel") }; $0.sha1 = nil
        }
        #expect(sample.reading.declaredBinaries.isEmpty && sample.plan.state == .ok)
    }

    @Test func `weights that are on their way make a model busy, those that are there ok`() {
        #expect(SampleModel().plan.state == .busy)
        #expect(SampleModel().with { $0.inFlight = [weights: BinaryWork(kind: .fetching)] }.plan.state == .busy)
        #expect(SampleModel.withBinary(hashed: .sample(), good: .sample()).plan.state == .ok)
        let good = SampleModel.withBinary(hashed: .sample(), good: .sample())
        #expect(good.with { $0.keys.remove(at: 2) }.plan.state == .ok, "nobody needs a URL for what is there")
    }

    /// What was there once, and something else now.
    private func modified(_ hashed: HashedFile, _ change: (inout SampleModel) -> Void = { _ in }) -> SampleModel {
        SampleModel.withBinary(hashed.identity, hashed: hashed, good: .sample()).with(change)
    }

    private let other = HashedFile.sample(.sample(inode: 8), sha1: otherSHA1, sha256: otherSHA256)

    @Test func `what is not the good file any more is read with its SHA-1, however often`() {
        let sample = modified(other)
        #expect(sample.plan.binary.state == .modified)
        let asked = sample.with { $0.goals = [.sample(.verify)] }
        #expect(asked.plan.deeds == [.verify(weights, sha1: true, because: .asked(goal: 1))])
        let due = sample.with { $0.policy.verifyEvery = 50 }
        #expect(due.plan.deeds == [.verify(weights, sha1: true, because: .due)])
        let inLine = asked.with { $0.inFlight = [weights: BinaryWork(kind: .verifying, reason: .due)] }
        #expect(inLine.plan.deeds == [.verify(weights, sha1: true, because: .asked(goal: 1))])
        let good = SampleModel.withBinary(hashed: .sample(), good: .sample()).with { $0.goals = [.sample(.verify)] }
        #expect(good.plan.deeds == [.verify(weights, sha1: false, because: .asked(goal: 1))])
    }

    @Test func `a SHA-1 that was computed for the same bytes is not forgotten`() {
        var memory = BinaryMemory(hashed: other, good: .sample())
        var again = other
        (again.sha1, again.at) = (nil, now)
        memory.wasRead(again, declared: SampleModel().reading.declaredBinaries[0])
        #expect(memory.hashed?.sha1 == otherSHA1 && memory.hashed?.at == now)
    }

    @Test func `who keeps a changed file is told its sha1, and who drops it how it comes back`() {
        let keep = "to keep it: zooctl set ./net sha1=\(otherSHA1); to drop it: move it away, then "
        #expect(modified(other).plan.binary.hint == keep + "zooctl fetch net")
        #expect(modified(other) { $0.keys.remove(at: 2) }.plan.binary.hint == keep + "zooctl import net FILE")
        let neverGood = SampleModel.withBinary(hashed: .sample(sha1: otherSHA1, sha256: otherSHA256))
        #expect(neverGood.plan.binary.hint == keep + "zooctl fetch net")
        // What an older zood read without it.
        let unknown = modified(.sample(.sample(inode: 8), sha1: nil, sha256: otherSHA256))
        #expect(unknown.plan.binary.hint?.hasPrefix("to keep it: zooctl verify net tells its sha1; to drop it") == true)
        #expect(unknown.plan.binary.hint?.contains("…") == false)
    }

    @Test func `the digest of nothing is recommended to nobody`() {
        let empty = HashedFile.sample(.sample(inode: 8, size: 0), sha1: otherSHA1, sha256: otherSHA256)
        for sample in [modified(empty), .withBinary(empty.identity, hashed: empty)] {
            #expect(sample.plan.binary.hint == "it is empty: move it away, then zooctl fetch net")
        }
    }

    private func refusal(_ bytes: HashedFile, _ sample: SampleModel, unverified: Bool = false) -> (why: String, hint: String) {
        guard
            case .refused(.verificationFailed, let why, let hint?) = sample.view.importing(
                sample.reading.declaredBinaries[0], bytes, allowsUnverified: unverified, zooIsReadOnly: false, by: 0)
        else { return ("", "") }
        return (why, hint)
    }

    @Test func `a file that is handed over and does not fit is told with the model, both digests and the way to have it all the same`() {
        let named = refusal(other, SampleModel())
        #expect(
            named.why
                == "the file has sha1 \(otherSHA1) and sha256 \(otherSHA256), and weights.caffemodel of net is to have sha1 \(goodSHA1)")
        #expect(named.hint == "if it is the right file: zooctl set ./net sha1=\(otherSHA1); then import again")
        let recorded = refusal(other, SampleModel.withBinary(hashed: .sample(), good: .sample()).with { $0.sha1 = nil }, unverified: true)
        #expect(recorded.why.hasSuffix("weights.caffemodel of net is to have sha256 \(goodSHA256), as first recorded"))
        #expect(
            recorded.hint
                == "if it is the right file, move away what is there, then: zooctl import --unverified net FILE")
    }
}
