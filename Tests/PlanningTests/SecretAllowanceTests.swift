import Foundation
import ModelInfo
import Testing

@testable import Planning

struct SecretAllowanceTests {
    /// Begins like a token of GitHub's; made here, so that no scanner takes this file for a leak.
    private static let secret = "ghp_" + String(repeating: "aB3dE6gH9", count: 4)

    /// A model with so many lines that look like secrets, as a look would give it; the n-th has a digest of its own.
    private static func view(lines count: Int, allowed: Int, wish: Int = 0) -> ModelView {
        var sample = SampleModel()
        sample.files["notes.txt"] = (0..<count).map { "\(secret)\($0)\n" }.joined()
        func secrets(_ count: Int) -> Set<AllowedSecret> { Set((0..<count).map { AllowedSecret(file: "notes.txt", line: digest($0)) }) }
        sample.memory.decisions.allowedSecrets = secrets(allowed)
        sample.goals = [Goal(id: 1, kind: .publish(PublishWish(allowedSecrets: secrets(wish))), requestedAt: now)]
        var model = sample.present
        for number in 0..<count { model.secretLines[SecretPlace(file: "notes.txt", line: number + 1)] = digest(number) }
        var view = sample.view
        view.disk = .present(model)
        return view
    }

    private static func digest(_ number: Int) -> SHA256Digest {
        SHA256Digest(hex: String(repeating: "0", count: 60) + String(1000 + number))!
    }

    private static func creates(_ plan: Plan) -> Bool { plan.actions.contains { if case .createGist = $0 { true } else { false } } }

    @Test func `only when every line that looks like a secret is allowed does anything go out, also beyond those that are told of`() {
        for count in [1, 2, 25, 45] {
            for allowed in Set([0, 1, 20, count - 1]) where allowed < count {
                let plan = plan(Self.view(lines: count, allowed: allowed), policy: Policy(), now: now)
                #expect(!Self.creates(plan) && plan.gist.state == .held, "\(allowed) of \(count)")
                #expect(plan.gist.hint?.contains("--allow-secret notes.txt:\(allowed + 1)") == true, "\(allowed) of \(count): \(plan.gist)")
            }
            #expect(Self.creates(plan(Self.view(lines: count, allowed: count), policy: Policy(), now: now)), "\(count)")
        }
    }

    @Test func `what a wish allows is remembered before anything is sent, and once`() {
        let asked = plan(Self.view(lines: 2, allowed: 0, wish: 2), policy: Policy(), now: now)
        guard case .allowSecrets(let lines)? = asked.actions.first else {
            Issue.record("\(asked.actions)")
            return
        }
        #expect(lines.count == 2 && Self.creates(asked))
        let again = plan(Self.view(lines: 2, allowed: 2, wish: 2), policy: Policy(), now: now)
        #expect(!again.actions.contains { if case .allowSecrets = $0 { true } else { false } } && Self.creates(again))
    }
}
