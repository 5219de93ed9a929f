import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@testable import SyncEngine

/// Whose gist it is that a readme names.
struct SimulatedOwnerTests {
    @Test func `a readme that names a gist of somebody else follows it from the first contact on, and nothing is ever sent`() async throws {
        try await SimulatedZoo.with(isPolling: true) { zoo in
            zoo.github.addAccount(login: "ann", token: "ghp_of_ann", scopes: ["gist"])
            let text = "---\nname: Net\nlicense: MIT\n---\n\nOne.\n\nTwo.\n\nThree.\n"
            let gist = zoo.github.addGist(owner: "ann", isPublic: true, texts: ["readme.md": text])
            let id = try #require(GistID(bare: gist))
            let here = text.naming(id)
            try zoo.rooms.write(here, to: "net/readme.md")
            await zoo.rooms.queue.mark([try zoo.rooms.id("net")])
            try await zoo.live(until: "it was met", atMost: 600) { try await zoo.verdict(on: "net")?.state == .readOnly }
            #expect(try await zoo.verdict(on: "net")?.note == nil)

            // What is changed here stays here, and is said; what she changes comes, beside it.
            try zoo.rooms.write(here.replacing("One.", with: "One, ours."), to: "net/readme.md")
            await zoo.rooms.queue.mark([try zoo.rooms.id("net")])
            try await zoo.live(until: "it is said", atMost: 600) {
                try await zoo.verdict(on: "net")?.note == "what was changed here is not sent: its gist belongs to ann"
            }
            zoo.github.push(text.replacing("Three.", with: "Three, hers."), as: "readme.md", to: gist)
            try await zoo.live(until: "it comes", atMost: 3600) { try zoo.rooms.text(of: "net/readme.md").contains("Three, hers.") }
            #expect(
                try zoo.rooms.text(of: "net/readme.md")
                    == here.replacing("One.", with: "One, ours.").replacing("Three.", with: "Three, hers."))

            // The account that it is given to may write.
            zoo.github.transfer(gist, to: zoo.account)
            try await zoo.live(for: 3600)
            #expect(zoo.github.requests.all.allSatisfy { $0.method == "GET" })
            #expect(zoo.github.gist(gist)?.revisions.count == 2)
        }
    }

    /// A model whose readme names a gist of that account, as far as it can be told without a token.
    private func makeFollowed(_ name: String, of owner: String, in zoo: SimulatedZoo) async throws -> String {
        let gist = zoo.github.addGist(owner: owner, isPublic: true, texts: ["readme.md": Self.text])
        let named = Self.text.naming(try #require(GistID(bare: gist)))
        zoo.github.push(named, as: "readme.md", to: gist)
        try zoo.rooms.write(named, to: "\(name)/readme.md")
        await zoo.rooms.queue.mark([try zoo.rooms.id(name)])
        try await zoo.live(until: "it was met", atMost: 1800) { try await zoo.verdict(on: name)?.state == .readOnly }
        return gist
    }

    private static let text = "---\nname: Net\nlicense: MIT\n---\n\nOne.\n"

    @Test func `a gist that was met without a token is one's own once there is one`() async throws {
        try await SimulatedZoo.with { zoo in
            try await zoo.reload(token: nil)
            let gist = try await makeFollowed("net", of: zoo.account, in: zoo)
            try await zoo.edit("net", adding: "Ours.")
            await zoo.polling.pollNow()
            try await zoo.live(for: 60)
            #expect(try await zoo.verdict(on: "net")?.state == .readOnly)
            try await zoo.reload()
            await zoo.polling.pollNow()
            try await zoo.live(until: "it is sent", atMost: 1800) { try await zoo.isInSync("net") }
            #expect(zoo.github.gist(gist)?.text("readme.md")?.hasSuffix("Ours.\n") == true)
            let asked = zoo.github.requests.all.count { $0.path == "/user" }
            for _ in 0..<3 { await zoo.polling.pollNow() }
            #expect(asked == 1 && zoo.github.requests.all.count { $0.path == "/user" } == 1, "once for a token")
        }
    }

    @Test(arguments: [false, true])
    func `with the token of another account a gist is followed, and with the right one it is written to again`(isKnown: Bool) async throws {
        try await SimulatedZoo.with { zoo in
            try await zoo.makeModel("net")
            try await zoo.live(until: "published", atMost: 1800) { try await zoo.isInSync("net") }
            zoo.github.addAccount(login: "ann", token: "ghp_of_ann", scopes: ["gist"])
            if isKnown { _ = try await makeFollowed("other", of: "carl", in: zoo) }
            try await zoo.reload(token: "ghp_of_ann")
            await zoo.polling.pollNow()
            let asked = zoo.github.requests.count
            try await zoo.edit("net", adding: "Ours.")
            try await zoo.live(until: "it is said", atMost: 1800) {
                try await zoo.verdict(on: "net")?.note == "what was changed here is not sent: its gist belongs to octo"
            }
            #expect(try await zoo.verdict(on: "net")?.state == .readOnly)
            let writes = zoo.github.requests.all.dropFirst(asked).count { $0.method != "GET" }
            #expect(writes == (isKnown ? 0 : 1), "whose the token is, is known, or is asked after the refusal")
            // As a start with the right one does.
            try await zoo.reload()
            await zoo.polling.pollNow()
            try await zoo.live(until: "it is sent", atMost: 1800) { try await zoo.isInSync("net") }
        }
    }

    @Test func `an account that gets another name keeps its gists`() async throws {
        try await SimulatedZoo.with { zoo in
            try await zoo.makeModel("net")
            try await zoo.live(until: "published", atMost: 1800) { try await zoo.isInSync("net") }
            let gist = try #require(try await zoo.gist(of: "net")).id
            zoo.github.addAccount(login: "octo2", token: LoopbackGitHub.token, scopes: ["gist"])
            zoo.github.transfer(gist, to: "octo2")
            try await zoo.reload()
            await zoo.polling.pollNow()
            try await zoo.edit("net", adding: "More.")
            try await zoo.live(until: "it is sent", atMost: 1800) { try await zoo.isInSync("net") }
            #expect(try await zoo.rooms.store.memory(of: zoo.rooms.id("net")).gist?.owner == "octo2")
        }
    }

    @Test func `without a token nothing is published, and what others publish comes all the same`() async throws {
        try await SimulatedZoo.with { zoo in
            zoo.github.addAccount(login: "ann", token: "ghp_of_ann", scopes: ["gist"])
            try await zoo.reload(token: nil)
            let gist = try await makeFollowed("net", of: "ann", in: zoo)
            for name in ["a", "b", "c", "d"] { try await zoo.makeModel(name) }
            try await zoo.live(for: 60)
            let verdict = try #require(try await zoo.verdict(on: "a"))
            #expect(verdict.state == .failed && verdict.note?.contains("there is no GitHub token") == true, "\(verdict)")
            #expect(verdict.hint?.contains("zooctl reload") == true)
            let theirs = try zoo.rooms.text(of: "net/readme.md") + "Hers.\n"
            zoo.github.push(theirs, as: "readme.md", to: gist)
            try await zoo.ask(.pull, for: "net")
            try await zoo.live(until: "it comes", atMost: 1800) { try zoo.rooms.text(of: "net/readme.md") == theirs }
            try await zoo.reload()
            try await zoo.live(until: "they are published", atMost: 1800) { try await zoo.areInSync(["a", "b", "c", "d"]) }
        }
    }
}
