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
}
