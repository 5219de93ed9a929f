import Foundation
import ModelInfo
import Testing

@testable import Planning

struct BinaryPlanTests {
    let declared = SampleModel().reading.declaredBinaries[0]

    @Test func `a missing binary is fetched`() {
        let plan = SampleModel().plan
        #expect(plan.binary.state == .queued)
        #expect(plan.deeds == [.fetch(declared, purpose: .missing)])
    }

    @Test func `a file that was never read is read with both digests`() {
        let plan = SampleModel.withBinary().plan
        #expect(plan.binary.state == .verifying)
        #expect(plan.deeds == [.verify(weights, sha1: true)])
    }

    @Test func `what was verified is read again when it is due, by SHA-256 alone`() throws {
        var sample = SampleModel.withBinary(hashed: .sample(at: ago(40)), good: .sample(at: ago(40)))
        sample.policy.verifyEvery = 100
        let due = try #require(sample.plan.binary.nextVerifyAt)
        #expect(due > now && due <= ago(40).addingTimeInterval(100))
        #expect(sample.plan.binary == BinaryVerdict(declared, .verified, verifiedAt: ago(40), nextVerifyAt: due))
        #expect(sample.plan.wakeAt == due && sample.plan.isQuiet)
        sample.policy.verifyEvery = 40
        #expect(sample.plan.deeds == [.verify(weights, sha1: false, because: .due)])
        sample.policy.verifyEvery = nil
        #expect(sample.plan.binary.state == .verified && sample.plan.wakeAt == nil && sample.plan.binary.nextVerifyAt == nil)
    }

    @Test func `what is due waits for the window, what is new or asked for does not`() {
        // 1,800,000,000 is a Friday, 08:00.
        let closed = ReadingHours(WeeklyWindow(days: [4], startMinute: 9 * 60, endMinute: 10 * 60), zone: .gmt)
        var sample = SampleModel.withBinary(hashed: .sample(at: ago(200)), good: .sample(at: ago(200)))
        (sample.policy.verifyEvery, sample.policy.readingHours) = (100, closed)
        #expect(sample.plan.isQuiet && sample.plan.wakeAt == now.addingTimeInterval(3600) && sample.plan.binary.state == .verified)
        let open = sample.with {
            $0.policy.readingHours = ReadingHours(WeeklyWindow(days: [4], startMinute: 0, endMinute: 1440), zone: .gmt)
        }
        #expect(open.plan.deeds == [.verify(weights, sha1: false, because: .due)])
        #expect(sample.with { $0.goals = [.sample(.verify)] }.plan.deeds == [.verify(weights, sha1: false, because: .asked(goal: 1))])
        #expect(sample.with { $0.binary = .sample(inode: 8) }.plan.deeds == [.verify(weights, sha1: true, because: .new)])
    }

    @Test func `bytes that are not what they should be are read again in their turn, too`() {
        var sample = SampleModel.withBinary(
            .sample(inode: 8), hashed: .sample(.sample(inode: 8), sha1: otherSHA1, sha256: otherSHA256), good: .sample())
        #expect(sample.plan.binary.state == .modified && sample.plan.isQuiet && sample.plan.wakeAt == sample.plan.binary.nextVerifyAt)
        sample.policy.verifyEvery = 50
        #expect(sample.plan.deeds == [.verify(weights, sha1: true, because: .due)])
    }

    @Test(arguments: [
        FileIdentity.sample(inode: 8), .sample(size: 101), .sample(modified: 5_001),
    ])
    func `size, modification time and inode make it another file, which is read anew`(identity: FileIdentity) {
        let plan = SampleModel.withBinary(identity, hashed: .sample(), good: .sample()).plan
        #expect(plan.deeds == [.verify(weights, sha1: true)])
    }

    @Test func `the time of the last status change decides nothing`() {
        let plan = SampleModel.withBinary(.sample(changed: 9_999), hashed: .sample(), good: .sample()).plan
        #expect(plan.binary.state == .verified && plan.deeds.isEmpty)
    }

    @Test func `other bytes in an untouched file are corrupt, and replaced`() {
        let rotten = HashedFile.sample(sha1: nil, sha256: otherSHA256)
        let plan = SampleModel.withBinary(.sample(changed: 9_999), hashed: rotten, good: .sample()).plan
        #expect(plan.binary.state == .corrupt && plan.state == .failed)
        #expect(plan.deeds == [.fetch(declared, purpose: .repair)])
    }

    @Test func `who has rot found hears whether it is replaced now`() {
        let rotten = HashedFile.sample(sha1: nil, sha256: otherSHA256)
        var sample = SampleModel.withBinary(.sample(changed: 9_999), hashed: rotten, good: .sample())
        let goal = Goal.sample(.verify, at: ago(200))
        sample.memory.binaries[weights]?.answered = goal.id
        sample.goals = [goal]
        let words = "weights.caffemodel rotted: its bytes changed although nobody wrote to it"
        #expect(
            goal.progress(in: sample.plan, view: sample.view)
                == .failed(.verificationFailed, note: "\(words); it is replaced now", hint: nil))
        sample.policy.repairs = false
        #expect(
            goal.progress(in: sample.plan, view: sample.view) == .failed(.verificationFailed, note: words, hint: "zooctl repair net"))
    }

    @Test func `what a person put back is read anew, and never called rot, be it the very inode that was good`() {
        let rotten = HashedFile.sample(sha1: otherSHA1, sha256: otherSHA256)
        var sample = SampleModel.withBinary(hashed: rotten, good: .sample())
        sample.memory.binaries[weights]?.wasPutBack()
        #expect(sample.plan.deeds == [.verify(weights, sha1: true)])
        sample.memory.binaries[weights]?.wasRead(rotten, declared: declared)
        #expect(sample.plan.binary.state == .modified && sample.plan.deeds.isEmpty)
        sample.memory.binaries[weights]?.wasRead(.sample(), declared: declared)
        #expect(sample.plan.binary.state == .verified)
    }

    @Test(arguments: [FileIdentity.sample(inode: 8), .sample(size: 101), .sample(modified: 5_001)])
    func `other bytes in a file that somebody wrote are modified, and left alone`(identity: FileIdentity) {
        let edited = HashedFile.sample(identity, sha1: otherSHA1, sha256: otherSHA256)
        let plan = SampleModel.withBinary(identity, hashed: edited, good: .sample()).plan
        #expect(plan.binary.state == .modified && plan.state == .attention && plan.deeds.isEmpty)
        #expect(plan.binary.hint?.contains("sha1=\(otherSHA1)") == true)
    }

    @Test func `a disk that came back under another device number is read again, and does not excuse rot`() {
        let moved = FileIdentity.sample(device: 2)
        #expect(SampleModel.withBinary(moved, hashed: .sample(), good: .sample()).plan.deeds == [.verify(weights, sha1: true)])
        let rotten = HashedFile.sample(moved, sha1: otherSHA1, sha256: otherSHA256)
        #expect(SampleModel.withBinary(moved, hashed: rotten, good: .sample()).plan.binary.state == .corrupt)
    }

    @Test func `a good old file under a new checksum is outdated, kept, and the new one is fetched`() {
        var sample = SampleModel.withBinary(hashed: .sample(), good: .sample())
        sample.sha1 = otherSHA1
        #expect(sample.plan.binary.state == .outdated)
        #expect(sample.plan.deeds == [.fetch(sample.reading.declaredBinaries[0], purpose: .replaceOutdated)])
        sample.policy.fetchesBinaries = false
        #expect(sample.plan.binary.state == .outdated && sample.plan.deeds.isEmpty)
    }

    @Test func `what belongs to somebody else is judged like all files, and replaced neither by policy nor by a wish`() throws {
        let rotten = SampleModel.withBinary(hashed: .sample(sha256: otherSHA256), good: .sample())
        let outdated = SampleModel.withBinary(hashed: .sample(), good: .sample()).with { $0.sha1 = otherSHA1 }
        for (sample, state) in [(rotten, BinaryState.corrupt), (outdated, .outdated)] {
            #expect(!sample.plan.deeds.isEmpty)
            for goals in [[], [Goal.sample(.fetch)], [Goal.sample(.repair)]] {
                let plan = sample.with {
                    $0.binaryOwner = 4712; $0.goals = goals
                }.plan
                let verdict = try #require(plan.binaries.first)
                #expect(verdict.state == state && plan.deeds.isEmpty)
                #expect(verdict.note?.contains("belongs to uid 4712") == true && verdict.hint?.contains("mv -n ") == true, "\(verdict)")
            }
        }
        let missing = SampleModel().with { $0.binaryOwner = 4712 }
        #expect(missing.plan.deeds == SampleModel().plan.deeds)
    }

    @Test func `bytes that never had the named checksum are left alone`() {
        let plan = SampleModel.withBinary(hashed: .sample(sha1: otherSHA1, sha256: otherSHA256)).plan
        #expect(plan.binary.state == .modified && plan.deeds.isEmpty && plan.binary.hint != nil)
    }

    @Test func `the SHA-1 is read again only when the readme names another`() {
        var sample = SampleModel.withBinary(hashed: .sample(sha1: nil), good: .sample(sha1: nil))
        #expect(sample.plan.deeds == [.verify(weights, sha1: true)])
        sample = SampleModel.withBinary(hashed: .sample(sha1: nil), good: .sample())
        #expect(sample.plan.binary.state == .verified)
    }

    @Test func `without a checksum the first digest is recorded and watched`() {
        var sample = SampleModel.withBinary(hashed: .sample(), good: .sample())
        sample.sha1 = nil
        #expect(sample.plan.binary.state == .unverifiable && sample.plan.binary.hint == "zooctl fetch net --pin")
        sample.memory.binaries[weights]?.hashed = .sample(sha1: otherSHA1, sha256: otherSHA256)
        #expect(sample.plan.binary.state == .corrupt)
    }

    @Test func `without a checksum nothing is fetched unless asked for or allowed`() {
        var sample = SampleModel()
        sample.sha1 = nil
        #expect(sample.plan.binary.state == .missing && sample.plan.binary.hint == "zooctl fetch net" && sample.plan.deeds.isEmpty)
        #expect(sample.with { $0.policy.fetchesUnverified = true }.plan.deeds.count == 1)
        #expect(sample.with { $0.goals = [.sample(.fetch)] }.plan.deeds.count == 1)
    }

    @Test func `a forged SHA-1 with another SHA-256 is never good`() {
        let collision = HashedFile.sample(sha1: goodSHA1, sha256: otherSHA256)
        var memory = BinaryMemory(good: .sample())
        memory.wasRead(collision, declared: declared)
        #expect(memory.good == .sample() && memory.hashed == collision && !memory.accepts(collision, declared))
        let sample = SampleModel.withBinary(hashed: collision, good: .sample())
        #expect(sample.plan.binary.state == .corrupt)
        let written = HashedFile.sample(.sample(inode: 8), sha256: otherSHA256)
        #expect(SampleModel.withBinary(.sample(inode: 8), hashed: written, good: .sample()).plan.binary.state == .modified)
    }

    @Test func `bytes with a known SHA-256 have the SHA-1 that was computed for them`() {
        var memory = BinaryMemory(good: .sample())
        memory.wasRead(.sample(sha1: nil, at: now), declared: declared)
        #expect(memory.hashed?.sha1 == goodSHA1 && memory.good?.at == now)
    }

    @Test func `a read-only zoo is verified and never written into`() {
        let absent = SampleModel().with { $0.policy.zooIsReadOnly = true }
        #expect(absent.plan.binary.state == .missing && absent.plan.deeds.isEmpty && absent.plan.note?.contains("read-only") == true)
        #expect(absent.with { $0.goals = [.sample(.fetch)] }.plan.deeds.isEmpty)
        let unread = SampleModel.withBinary().with { $0.policy.zooIsReadOnly = true }
        #expect(unread.plan.deeds == [.verify(weights, sha1: true)])
        let rotten = SampleModel.withBinary(hashed: .sample(sha256: otherSHA256), good: .sample()).with { $0.policy.zooIsReadOnly = true }
        #expect(rotten.plan.binary.state == .corrupt && rotten.plan.deeds.isEmpty)
        let outdated = SampleModel.withBinary(hashed: .sample(), good: .sample()).with {
            $0.sha1 = otherSHA1
            $0.policy.zooIsReadOnly = true
        }
        #expect(outdated.plan.binary.state == .outdated && outdated.plan.deeds.isEmpty)
    }

    @Test func `without a URL there is none, and a rotten or outdated file stays`() {
        let keys = SampleModel().keys.filter { !$0.hasPrefix("caffemodel_url") }
        #expect(SampleModel().with { $0.keys = keys }.plan.binary.state == .none)
        let rotten = SampleModel.withBinary(hashed: .sample(sha256: otherSHA256), good: .sample()).with { $0.keys = keys }
        #expect(rotten.plan.binary.state == .corrupt && rotten.plan.deeds.isEmpty)
        let outdated = SampleModel.withBinary(hashed: .sample(), good: .sample()).with {
            $0.keys = keys
            $0.sha1 = otherSHA1
        }
        #expect(outdated.plan.binary.state == .outdated && outdated.plan.deeds.isEmpty)
    }

    @Test(arguments: ["ftp://files.example.org/w", "https://user:word@files.example.org/w", "http://10.0.0.1/w", "http://localhost/w"])
    func `a URL that may not be fetched blocks the binary and says why`(url: String) {
        let sample = SampleModel().with { $0.keys[2] = "caffemodel_url: \(url)" }
        #expect(sample.plan.binary.state == .blocked && sample.plan.binary.note != nil && sample.plan.binary.hint != nil)
        #expect(sample.plan.deeds.isEmpty && sample.with { $0.goals = [.sample(.fetch)] }.plan.deeds.isEmpty)
    }

    @Test func `two keys that contradict each other are no order to fetch`() {
        let sample = SampleModel().with { $0.keys.append("sha1: \(otherSHA1)") }
        #expect(sample.reading.canDownload == false)
        #expect(sample.plan.deeds.isEmpty && sample.plan.binary.state == .blocked && sample.plan.binary.note != nil)
    }

    @Test func `a failed fetch is void when the URL or checksum changed, its time came or a person asks`() {
        let failed = SampleModel.withBinary(nil, trouble: .sample(about: declared.fetchMark))
        #expect(failed.plan.binary.state == .failed && failed.plan.wakeAt == now.addingTimeInterval(50) && failed.plan.deeds.isEmpty)
        #expect(failed.with { $0.sha1 = otherSHA1 }.plan.deeds.count == 1)
        #expect(failed.with { $0.keys[2] += "2" }.plan.deeds.count == 1)
        #expect(failed.with { $0.goals = [.sample(.fetch, at: ago(9))] }.plan.deeds.count == 1)
        #expect(failed.with { $0.goals = [.sample(.fetch, at: ago(11))] }.plan.deeds.isEmpty)
        #expect(failed.with { $0.goals = [.sample(.verify, at: ago(9))] }.plan.deeds.isEmpty)
        #expect(failed.with { $0.memory.binaries[weights]?.trouble?.notBefore = now }.plan.deeds.count == 1)
    }

    @Test func `a fetch that had no room goes on when there is enough for it`() {
        var trouble = Trouble.sample(.space, about: declared.fetchMark)
        trouble.neededRoom = 100
        let waiting = SampleModel.withBinary(nil, trouble: trouble)
        #expect(waiting.plan.binary.state == .failed && waiting.plan.deeds.isEmpty && waiting.plan.awaitedRoom == 100)
        #expect(waiting.with { $0.room = 99 }.plan.awaitedRoom == 100)
        let enough = waiting.with { $0.room = 100 }
        #expect(enough.plan.deeds == [.fetch(declared, purpose: .missing)] && enough.plan.awaitedRoom == nil)
        // What is fetched only on request waits for the request.
        let manual = enough.with { $0.policy.fetchesBinaries = false }
        #expect(manual.plan.deeds.isEmpty && manual.plan.awaitedRoom == nil)
        #expect(
            SampleModel.withBinary(nil, trouble: .sample(.network, about: declared.fetchMark)).with { $0.room = 100 }.plan.deeds.isEmpty)
    }

    @Test func `who asks for verification after a file could not be read has it tried again`() {
        let failed = SampleModel.withBinary(trouble: .sample(.local, about: declared.readMark))
        #expect(failed.plan.binary.state == .failed && failed.plan.deeds.isEmpty)
        #expect(
            failed.with { $0.goals = [.sample(.verify, at: ago(9))] }.plan.deeds == [.verify(weights, sha1: true, because: .asked(goal: 1))]
        )
    }

    @Test func `asking for verification reads what was read before, and once, whatever the clock shows`() {
        var sample = SampleModel.withBinary(hashed: .sample(at: now.addingTimeInterval(60)), good: .sample(at: now.addingTimeInterval(60)))
        // The wish is older than the reading by the clock, which was set back since.
        sample.goals = [.sample(.verify, at: ago(99))]
        #expect(sample.plan.deeds == [.verify(weights, sha1: false, because: .asked(goal: 1))])
        sample.memory.binaries[weights]?.wasRead(.sample(at: ago(200)), declared: declared, answering: 1)
        #expect(sample.plan.deeds.isEmpty && sample.plan.binary.state == .verified)
        sample.goals.append(Goal(id: 2, kind: .verify, requestedAt: ago(100)))
        #expect(sample.plan.deeds == [.verify(weights, sha1: false, because: .asked(goal: 2))])
    }

    @Test func `what failed to be read for a wish is not tried again for the same one`() {
        var sample = SampleModel.withBinary(trouble: .sample(.local, about: declared.readMark, at: ago(500)))
        sample.goals = [.sample(.verify, at: now.addingTimeInterval(60))]
        #expect(sample.plan.deeds == [.verify(weights, sha1: true, because: .asked(goal: 1))])
        sample.memory.binaries[weights]?.answered = 1
        #expect(sample.plan.binary.state == .failed && sample.plan.deeds.isEmpty)
    }

    @Test func `a person who asks is not made to wait for a slow reading, and shares one that was asked for`() {
        var sample = SampleModel.withBinary(hashed: .sample(), good: .sample())
        sample.goals = [.sample(.verify)]
        for reason in [ReadingReason.due, .new] {
            for kind in [BinaryWork.Kind.queuedVerification, .verifying] {
                sample.inFlight = [weights: BinaryWork(kind: kind, reason: reason)]
                #expect(sample.plan.deeds == [.verify(weights, sha1: false, because: .asked(goal: 1))])
                #expect(sample.plan.binary.state == .verifying)
            }
        }
        for goal in [Goal.Kind.fetch, .repair] {
            sample.inFlight = [weights: BinaryWork(kind: .verifying, reason: .new)]
            #expect(sample.with { $0.goals = [.sample(goal)] }.plan.deeds == [.verify(weights, sha1: false, because: .awaited)])
            sample.inFlight = [weights: BinaryWork(kind: .verifying, reason: .awaited)]
            #expect(sample.with { $0.goals = [.sample(goal)] }.plan.deeds.isEmpty)
        }
        sample.inFlight = [weights: BinaryWork(kind: .verifying, reason: .asked(goal: 1))]
        #expect(sample.plan.deeds.isEmpty && sample.plan.binary.state == .verifying)
        #expect(sample.with { $0.goals = [] }.plan.deeds.isEmpty)
    }

    @Test func `what was never read is read at full speed when somebody waits for it`() {
        #expect(SampleModel.withBinary().plan.deeds == [.verify(weights, sha1: true, because: .new)])
        #expect(
            SampleModel.withBinary().with { $0.goals = [.sample(.fetch)] }.plan.deeds == [
                .verify(weights, sha1: true, because: .awaited)
            ])
    }
}
