import ModelInfo
import Testing

@testable import Planning

/// Every way in which one file may stand to its base on both sides, by rules that are written down here once more.
struct MergeStepTests {
    /// No file, and three texts that differ.
    static let texts: [String?] = [nil, "one\n", "two\n", "three\n"]
    static let ways = texts.flatMap { base in texts.flatMap { local in texts.map { (base, local, $0) } } }

    @Test(arguments: ways)
    func `of one file what only the gist changed comes, what only this side changed stays, and else a merge tells`(
        base: String?, local: String?, remote: String?
    ) {
        let step = MergeStep.decide(base: base, local: local, remote: remote)
        let (changedHere, changedThere) = (local != base, remote != base)
        switch (changedHere, changedThere) {
        case (_, false): #expect(step == .keep)
        case (false, true): #expect(step == remote.map(MergeStep.take) ?? .goneThere)
        case (true, true) where local == remote: #expect(step == .keep)
        case (true, true):
            if let local, let remote {
                #expect(step == .merge(base: base ?? "", local: local, remote: remote))
            } else if let remote {
                #expect(step == .take(remote), "removed here, changed there: it comes back")
            } else {
                #expect(step == .goneThere, "changed here, removed there: it stays here")
            }
        }
    }

    @Test func `no step ever removes a file here`() {
        for (base, local, remote) in Self.ways where local != nil {
            switch MergeStep.decide(base: base, local: local, remote: remote) {
            case .keep, .goneThere: break
            case .take(let text): #expect(text == remote && local == base)
            case .merge(_, let here, let there): #expect(here == local && there == remote)
            }
        }
    }

    @Test func `texts that only Unicode calls equal are two texts`() {
        let (one, other) = ("u\u{308}\n", "\u{FC}\n")
        guard case .take(let text) = MergeStep.decide(base: one, local: one, remote: other) else {
            return #expect(Bool(false), "the gist's spelling is not taken")
        }
        #expect(text.hasSameBytes(as: other))
        guard case .merge = MergeStep.decide(base: "u\n", local: one, remote: other) else {
            return #expect(Bool(false), "two spellings are taken for one")
        }
    }
}
