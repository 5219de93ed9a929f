import Foundation
import ModelInfo
import Planning
import Testing
import ZooTestSupport

@testable import SyncEngine

struct SchedulingSlotsTests {
    @Test func `so many enter at once, and the others in the order of coming`() async throws {
        let slots = Slots(count: 2)
        let order = Shared<[Int]>([])
        #expect(await slots.enter())
        #expect(await slots.enter())
        try await withThrowingTaskGroup { group in
            for number in 0..<3 {
                group.addTask {
                    guard await slots.enter() else { return }
                    order.change { $0.append(number) }
                }
                try await eventually("number \(number) waits") { await slots.waitingCount == number + 1 }
            }
            for count in 1...3 {
                await slots.leave()
                try await eventually("\(count) entered") { order.value.count == count }
            }
        }
        #expect(order.value == [0, 1, 2])
    }

    @Test func `another number counts at once, and nobody is thrown out for it`() async throws {
        let slots = Slots(count: 1)
        #expect(await slots.enter())
        let second = Task { await slots.enter() }
        try await eventually("one waits") { await slots.waitingCount == 1 }
        await slots.resize(to: 2)
        #expect(await second.value)
        await slots.resize(to: 1)
        let third = Task { await slots.enter() }
        try await eventually("one waits") { await slots.waitingCount == 1 }
        await slots.leave()
        #expect(await slots.waitingCount == 1, "one of two is in still")
        await slots.leave()
        #expect(await third.value)
    }

    @Test func `who is cancelled while waiting goes, and takes no place`() async throws {
        let slots = Slots(count: 1)
        #expect(await slots.enter())
        let impatient = Task { await slots.enter() }
        try await eventually("one waits") { await slots.waitingCount == 1 }
        let patient = Task { await slots.enter() }
        try await eventually("two wait") { await slots.waitingCount == 2 }
        impatient.cancel()
        #expect(await impatient.value == false)
        await slots.leave()
        #expect(await patient.value)
        await slots.leave()
        #expect(await slots.enter(), "the place is free again")
        let late = Task { () -> Bool in
            try? await Task.sleep(for: .seconds(60))  // no wait: work that does not end
            return await slots.enter()
        }
        late.cancel()
        #expect(await late.value == false)
    }
}

struct SchedulingBrakeTests {
    let gate = BrakeGate()

    private func ask(_ kind: BrakeKind, _ count: Int, from first: Int = 0) async -> [ModelID] {
        let models = (first..<first + count).map { model("m\($0)") }
        for model in models { await gate.ask(kind, for: model, at: Date(timeIntervalSince1970: 0)) }
        return models
    }

    @Test func `all that ask within one pass go, or none`() async {
        let few = await ask(.firstPublication, 10)
        #expect(await gate.verdicts(for: few[0]) == [.firstPublication: .waiting])
        #expect(await Set(gate.judge(modelCounts: ["zoo": 100])) == Set(few))
        #expect(await gate.verdicts(for: few[0]) == [.firstPublication: .granted])
        let other = BrakeGate()
        for number in 0..<11 { await other.ask(.firstPublication, for: model("m\(number)"), at: Date(timeIntervalSince1970: 0)) }
        #expect(await other.judge(modelCounts: ["zoo": 100]).count == 11)
        #expect(await other.verdicts(for: model("m0")) == [.firstPublication: .held(models: 11)])
        #expect(await other.judge(modelCounts: ["zoo": 100]).isEmpty, "the same answer is no news")
    }

    @Test func `one zoo's accident does not hold another's models`() async {
        _ = await ask(.losesRemoteFile, 3)
        await gate.ask(.losesRemoteFile, for: model("x", zoo: "other"), at: Date(timeIntervalSince1970: 0))
        _ = await gate.judge(modelCounts: ["zoo": 3, "other": 100])
        #expect(await gate.verdicts(for: model("m0")) == [.losesRemoteFile: .held(models: 3)])
        #expect(await gate.verdicts(for: model("x", zoo: "other")) == [.losesRemoteFile: .granted])
    }

    @Test func `what is held stays so until its files are back or somebody lets it go`() async {
        let models = await ask(.losesRemoteFile, 11)
        _ = await gate.judge(modelCounts: ["zoo": 1000])
        for model in models.prefix(9) { await gate.withdraw(model) }
        #expect(await gate.judge(modelCounts: ["zoo": 1000]).allSatisfy { models.suffix(2).contains($0) })
        guard case .held = await gate.verdicts(for: models[10])[.losesRemoteFile] else { return #expect(Bool(false), "it was let go") }
        let newcomer = model("new")
        await gate.ask(.losesRemoteFile, for: newcomer, at: Date(timeIntervalSince1970: 0))
        _ = await gate.judge(modelCounts: ["zoo": 1000])
        guard case .held = await gate.verdicts(for: newcomer)[.losesRemoteFile] else {
            return #expect(Bool(false), "fewer are no smaller accident")
        }
        #expect(await Set(gate.releaseAll()) == Set(models.suffix(2) + [newcomer]))
        #expect(await gate.verdicts(for: models[10]) == [.losesRemoteFile: .granted])
        #expect(await gate.judge(modelCounts: ["zoo": 1000]).isEmpty)
        #expect(await gate.releaseAll().isEmpty)
    }

    @Test func `who no longer wants is not counted`() async {
        let models = await ask(.firstPublication, 11)
        await gate.withdraw(models[0])
        _ = await gate.judge(modelCounts: ["zoo": 100])
        #expect(await gate.verdicts(for: models[1]) == [.firstPublication: .granted])
        #expect(await gate.verdicts(for: models[0]).isEmpty)
    }
}

struct SchedulingClaimTests {
    let x = GistID(bare: "034c6ac3865563b69e60")!
    let y = GistID(bare: "134c6ac3865563b69e60")!
    let a = model("a")
    let b = model("b")
    let c = model("c")

    @Test func `everybody whose situation changes is told, nobody else`() async {
        let claims = ClaimRegistry()
        #expect(await claims.claim(x, by: a).isEmpty)
        #expect(await claims.claim(x, by: b) == [a])
        #expect(await claims.claim(x, by: b).isEmpty, "nothing is new")
        #expect(await claims.claim(y, by: c).isEmpty)
        #expect(await claims.others(claiming: x, besides: a) == [b])
        #expect(await claims.claim(y, by: b) == [a, c], "those it leaves and those it joins")
        #expect(await claims.claim(nil, by: b) == [c])
        #expect(await claims.others(claiming: x, besides: a).isEmpty)
        #expect(await claims.others(claiming: x, besides: b) == [a])
    }

    private func binary(_ file: String, _ url: String?, sha1: String = String(repeating: "1", count: 40)) -> BinaryClaim {
        BinaryClaim(
            DeclaredBinary(file: try? RelativePath(file), fileText: file, url: url, urlText: url, sha1: SHA1Digest(hex: sha1)))!
    }

    @Test func `two different binaries of one checksum are rivals, one binary in two directories is not`() async {
        let claims = ClaimRegistry()
        let mine = binary("a.caffemodel", "http://h/a")
        #expect(await claims.claim(nil, [mine], by: a).isEmpty)
        #expect(await claims.claim(nil, [binary("a.caffemodel", "http://mirror/a")], by: b).isEmpty, "the same name")
        #expect(await claims.claim(nil, [binary("c.caffemodel", "http://h/a")], by: c) == [b], "the same source as one of them")
        #expect(await claims.rivals(of: mine, besides: a).isEmpty)
        let d = model("d")
        #expect(await claims.claim(x, [binary("d.caffemodel", "http://h/d")], by: d) == [a, b, c])
        #expect(await claims.rivals(of: mine, besides: a) == [d])
        #expect(await claims.claim(x, [binary("d.caffemodel", "http://h/d")], by: d).isEmpty, "nothing is new")
        #expect(await claims.claim(x, [binary("d.caffemodel", "http://h/d", sha1: String(repeating: "2", count: 40))], by: d) == [a, b, c])
        #expect(await claims.rivals(of: mine, besides: a).isEmpty)
        #expect(await claims.claim(nil, [binary("e.caffemodel", nil)], by: d) == [a, b, c], "without URLs only the name counts")
        #expect(await claims.claim(nil, by: d) == [a, b, c])
    }
}
