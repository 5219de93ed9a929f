import ModelInfo
import Testing

@testable import Planning

struct GistStandingTests {
    let base = ["readme.md": "base\n"]
    let ours = ["readme.md": "ours\n"]
    let theirs = ["readme.md": "theirs\n"]

    private func memory(sending: [String: String]? = nil, over: String? = nil, hasBase: Bool = true) -> GistMemory {
        var memory = GistMemory(
            id: localID, url: "", revision: "r1", publishedAt: now, files: base, everPublished: [], sending: sending, hasBase: hasBase)
        memory.sendingOver = over
        return memory
    }

    @Test func `a gist that holds the base is unchanged, whatever was on its way there`() {
        for memory in [memory(), memory(sending: ours, over: "r1"), memory(sending: ours)] {
            #expect(memory.standing(of: base, parent: "r0") == .unchanged)
        }
    }

    @Test func `what lies here at the first contact is no base`() {
        #expect(memory(hasBase: false).standing(of: base, parent: nil) == .foreign)
    }

    @Test func `what was sent is our own, if it went over the revision that was read`() {
        #expect(memory(sending: ours, over: "r1").standing(of: ours, parent: "r1") == .ownWriting)
        #expect(memory(sending: ours, over: "r1").standing(of: ours, parent: "r2") == .overwriting("r2"))
        #expect(memory(sending: ours, over: "r1").standing(of: ours, parent: nil) == .ownWriting, "the host does not say")
        #expect(memory(sending: ours).standing(of: ours, parent: "r9") == .ownWriting, "it is known what it went over")
    }

    @Test func `anything else is somebody else's`() {
        #expect(memory().standing(of: theirs, parent: "r1") == .foreign)
        #expect(memory(sending: ours, over: "r1").standing(of: theirs, parent: "r1") == .foreign)
        #expect(memory().standing(of: [:], parent: "r1") == .foreign)
        #expect(memory().standing(of: base.merging(["b.txt": "b"]) { $1 }, parent: "r1") == .foreign)
    }

    @Test func `only an update of which nobody knows what it went over is uncertain`() {
        #expect(memory(sending: ours, over: "r1").isSendingUncertain)
        #expect(!memory(sending: ours).isSendingUncertain && !memory().isSendingUncertain)
    }
}
