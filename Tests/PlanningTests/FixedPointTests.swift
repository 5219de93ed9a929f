import Foundation
import ModelInfo
import Testing

@testable import Planning

/// Numbers that are the same in every run, so that a failure can be repeated.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

struct FixedPointTests {
    @Test(arguments: [UInt64](1...20))
    func `whatever is done, planning is quiet after at most three passes`(seed: UInt64) {
        var numbers = SeededNumbers(state: seed)
        for round in 0..<100 {
            let start = SampleModel.random(&numbers)
            var sample = start
            var passes = 0
            while !sample.plan.isQuiet, passes < 4 {
                // The brake's answer comes between two passes, and is none itself.
                let asksBrake = sample.plan.deeds.contains { if case .askBrake = $0 { true } else { false } }
                if !asksBrake { passes += 1 }
                for action in sample.plan.deeds { sample.done(action) }
            }
            #expect(passes <= 3, "seed \(seed), round \(round): \(start) still wants \(sample.plan.actions)")
        }
    }

    @Test(arguments: [UInt64](1...20))
    func `no view makes zood write, fetch or send where it may not`(seed: UInt64) {
        var numbers = SeededNumbers(state: seed &+ 1000)
        for _ in 0..<100 {
            let sample = SampleModel.random(&numbers)
            for action in sample.plan.actions {
                switch action {
                case .fetch(let declared, _): #expect(!sample.policy.zooIsReadOnly && declared.url != nil && declared.file != nil)
                case .writeGistID(let id, _):
                    #expect(sample.memory.gist?.id == id && sample.edit != .never)
                    if let written = sample.gistID { #expect(written.isLocal != id.isLocal) }
                case .createGist(let files, _):
                    #expect(sample.reading.canPublish && files["readme.md"] != nil && sample.claims.gistKeeper == nil)
                    #expect(sample.memory.gist?.id.isLocal != (sample.policy.host == .local))
                case .updateGist(let id, let changes):
                    #expect(id == sample.memory.gist?.id && !changes.isEmpty)
                    let gist = sample.memory.gist
                    #expect(gist?.isOwn == true && gist?.hasBase == true && gist?.remote == nil && sample.policy.direction != .pull)
                case .integrate(let id):
                    #expect(id == sample.memory.gist?.id && sample.memory.gist?.remote != nil && sample.memory.gist?.hasBase == true)
                    #expect(!sample.policy.zooIsReadOnly && sample.policy.direction != .publish)
                case .readGist(let id): #expect(id == sample.memory.gist?.id)
                case .meetGist(let id): #expect(id == sample.gistID && sample.memory.gist?.id.isLocal != id.isLocal)
                case .removeGistID(let id, _): #expect(id == sample.memory.decisions.withdrawn?.id && sample.edit != .never)
                case .resolve, .deleteGist, .restoreVersion, .allowSecrets, .allowAnySize, .addModel, .settleArrival:
                    Issue.record("nobody asked for \(action)")
                case .sleep(let until): #expect(until > now)
                case .verify, .askBrake, .findOwnGist, .keepLeftover: break
                }
            }
        }
    }
}

extension SampleModel {
    /// What the world looks like after an action succeeded.
    mutating func done(_ action: Action) {
        switch action {
        case .createGist(let files, _):
            let id = policy.host == .local ? localID : gitHubID
            memory.gist = GistMemory(id: id, url: "", revision: nil, publishedAt: now, files: files, everPublished: Set(files.keys))
            (memory.intent, memory.gistTrouble) = (nil, nil)
        case .findOwnGist:
            done(.createGist(files: ["readme.md": "an older one\n"], isPublic: false))
        case .writeGistID(let id, _):
            switch FrontmatterEditor.setting("gist_id", to: id.description, in: readmeBytes) {
            case .success(let bytes): (readme, memory.editTrouble, gistID) = (bytes, nil, id)
            case .failure(let refusal):
                memory.editTrouble = .sample(.refused, about: mark, at: now, notBefore: nil, hint: refusal.lineToAdd)
            }
        case .updateGist(_, let changes):
            for (name, text) in changes {
                memory.gist?.files[name] = text
                memory.gist?.everPublished.insert(name)
            }
            memory.gistTrouble = nil
        case .meetGist(let id):
            var met = gist(id)
            (met.isOwn, met.isProven) = (id.isLocal, true)
            memory.gist = met
            memory.gistTrouble = nil
        case .readGist:
            memory.gist?.noticedAt = nil
            memory.gist?.sendingOver = nil
            memory.gist?.sending = nil
            memory.gist?.readAt = now
            memory.gistTrouble = nil
        case .integrate, .resolve:
            if let remote = memory.gist?.remote { memory.gist?.files = remote.files }
            memory.gist?.remote = nil
            memory.gist?.hasBase = true
        case .deleteGist(let id, let goal):
            memory.gist = nil
            memory.decisions.withdrawn = WithdrawnGist(id: id, at: now)
            memory.decisions.carriedOut.insert(goal)
        case .removeGistID: gistID = nil
        case .allowSecrets(let lines): memory.decisions.allowedSecrets.formUnion(lines)
        case .allowAnySize(let sources): memory.decisions.sourcesOfAnySize.formUnion(sources)
        case .restoreVersion(_, let goal): memory.decisions.carriedOut.insert(goal)
        case .askBrake(let kind): brake[kind] = .granted
        case .fetch(let declared, _):
            binary = .sample(inode: 99)
            let read = HashedFile.sample(
                .sample(inode: 99), sha1: declared.sha1 ?? goodSHA1, sha256: declared.sha1 == otherSHA1 ? otherSHA256 : goodSHA256, at: now)
            memory.binaries[weights, default: BinaryMemory()] = BinaryMemory(hashed: read, good: read)
        case .verify(_, let sha1, let reason):
            // The bytes go by the inode, so that a reading is always the same.
            let isGood = binary!.inode.isMultiple(of: 2)
            let read = HashedFile.sample(
                binary!, sha1: sha1 ? (isGood ? goodSHA1 : otherSHA1) : nil, sha256: isGood ? goodSHA256 : otherSHA256, at: now)
            memory.binaries[weights, default: BinaryMemory()].wasRead(
                read, declared: reading.declaredBinaries[0], answering: reason.goal)
        case .keepLeftover, .addModel, .settleArrival, .sleep: break
        }
    }

    static func random(_ numbers: inout SeededNumbers) -> SampleModel {
        var sample = SampleModel()
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &numbers) < percent }
        func one<T>(_ of: T...) -> T { of.randomElement(using: &numbers)! }

        sample.policy.host = one(.local, .local, .github, .none)
        sample.policy.createsGists = chance(50)
        sample.policy.sendsNewFiles = chance(30)
        sample.policy.direction = one(.both, .both, .both, .publish, .pull)
        sample.policy.newGistsArePublic = chance(30)
        sample.policy.zooIsReadOnly = chance(15)
        sample.policy.fetchesBinaries = chance(80)
        sample.policy.fetchesUnverified = chance(30)
        sample.policy.verifyEvery = one(nil, 150, 86_400)
        sample.policy.repairs = chance(70)

        sample.sha1 = one(nil, goodSHA1, goodSHA1, otherSHA1)
        if chance(15) { sample.keys.remove(at: 2) }
        if chance(10) { sample.files["notes.txt"] = "a\0b" }
        if chance(10) { sample.keys.append("sha1: 12") }
        sample.edit = sample.policy.zooIsReadOnly ? .never : one(.own, .own, .ownerOnly(owner: 7), .inPlace(quietAt: ago(1)))
        sample.gistID = one(nil, nil, localID, otherLocalID, gitHubID)

        if chance(50) {
            let gist = sample.gist(one(localID, gitHubID))
            sample.memory.gist = gist
            if chance(20) { sample.memory.gist?.isOwn = false }
            if chance(20) { sample.memory.gist?.noticedAt = ago(5) }
            if chance(20) {
                sample.memory.gist?.remote = RemoteContent(revision: "1", files: ["readme.md": "---\nname: Remote\n---\n"])
            }
            if chance(40) { sample.keys[3] = "license: changed" }
            if chance(20) { sample.files["solver.prototxt"] = "x: 1\n" }
            if chance(20) { sample.files["deploy.prototxt"] = nil }
            if chance(20) { sample.gistID = sample.memory.gist?.id }
        } else if chance(30) {
            sample.memory.intent = PublishIntent(
                token: "0123456789ab", isPublic: true, sentAt: one(nil, ago(5), ago(400)), fruitlessSearches: one(0, 1, 2, 3, 4))
        }
        if chance(20) { sample.memory.gistTrouble = .sample(one(.network, .conflict, .gone, .refused), notBefore: one(nil, ago(1))) }
        if chance(10) { sample.memory.editTrouble = .sample(.local, notBefore: one(nil, ago(1))) }

        if chance(60) { sample.binary = .sample(inode: one(6, 7, 8)) }
        func read() -> HashedFile? {
            guard chance(60) else { return nil }
            let isGood = chance(50)
            return .sample(
                .sample(inode: one(6, 7, 8)), sha1: chance(30) ? nil : isGood ? goodSHA1 : otherSHA1,
                sha256: isGood ? goodSHA256 : otherSHA256, at: one(ago(100), ago(200)))
        }
        let (hashed, good) = (read(), read())
        sample.memory.binaries[weights] = BinaryMemory(hashed: hashed, good: good)
        if chance(20) {
            let about = sample.reading.declaredBinaries[0].fetchMark
            sample.memory.binaries[weights]?.trouble = .sample(
                one(.network, .local, .verification), about: about, notBefore: one(nil, ago(1)))
        }
        for kind in [Goal.Kind.sync, .fetch, .verify, .publish(PublishWish(isPublic: true, replacesID: chance(30)))] where chance(15) {
            sample.goals.append(.sample(kind))
        }
        if chance(10), sample.gistID != nil { sample.claims = Claims(gistID: [model("copy")], gistKeeper: one(nil, model("copy"))) }
        return sample
    }
}
