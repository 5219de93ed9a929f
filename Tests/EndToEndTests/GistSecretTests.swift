import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

/// Lines that look like secrets and that a person lets go.
struct GistSecretTests {
    /// Begin like tokens of GitHub's; made here, so that no scanner takes this file for a leak.
    private static let (one, other) = ("ghp_" + String(repeating: "aB3dE6gH9", count: 4), "ghp_" + String(repeating: "Zy8xW5vU2", count: 4))

    @Test func `a line that looks like a secret goes out when an operator allows it, and a changed one is held again`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt, "notes.txt": "a\n# \(Self.one)\n# \(Self.other)\n"])
        let daemon = try await RunningDaemon.start(in: zoo)

        let preview = try await daemon.zooctl("publish", "tiny", "--dry-run")
        #expect(preview.status == 8 && preview.standardOutput.contains("notes.txt:2:1: error secret-found"))
        let held = try await daemon.zooctl("publish", "tiny")
        #expect(held.status != 0 && (held.standardOutput + held.standardError).contains("--allow-secret notes.txt:2"))
        // What is no finding cannot be allowed, and what is one is named.
        let wrong = try await daemon.zooctl("publish", "tiny", "--allow-secret", "notes.txt:1")
        #expect(wrong.status == 2 && wrong.standardError.contains("notes.txt:2, notes.txt:3"))
        #expect(try await daemon.zooctl("publish", "tiny", "--allow-secret", "notes.txt").status == 2)
        // One of two is not enough.
        #expect(try await daemon.zooctl("publish", "tiny", "--allow-secret", "notes.txt:2").status != 0)
        #expect(try zoo.localGists.ids.isEmpty)

        let both = try await daemon.zooctl("publish", "tiny", "--dry-run", "--allow-secret", "notes.txt:3")
        #expect(both.status == 0 && both.standardOutput.contains("notes.txt:2:1: note secret-allowed"), "\(both)")
        #expect(try zoo.localGists.ids.isEmpty)
        let published = try await daemon.zooctl("publish", "tiny", "--allow-secret", "notes.txt:3")
        #expect(published.status == 0, "\(published)")
        let id = try #require(try await daemon.waitUntilInSync().gist.id).description
        #expect(try await zoo.localGists.bytes(of: "notes.txt", in: id) == Array("a\n# \(Self.one)\n# \(Self.other)\n".utf8))
        #expect(try #require(try await daemon.model("tiny")).has(.secretAllowed, about: "notes.txt"))

        // The same lines elsewhere in the file are the same content, and known after a restart.
        try await daemon.kill9()
        let next = try await RunningDaemon.start(in: zoo)
        try zoo.write("# \(Self.other)\n\n# \(Self.one)\n", to: "tiny/notes.txt")
        try await next.lookAgain(times: 1)
        try await next.waitUntilInSync()
        #expect(try await zoo.localGists.bytes(of: "notes.txt", in: id) == Array("# \(Self.other)\n\n# \(Self.one)\n".utf8))
        try zoo.write("# \(Self.other)x\n", to: "tiny/notes.txt")
        let again = try await next.waitUntilHeld("tiny", "not published: notes.txt:1")
        #expect(!String(describing: again).contains(Self.other))
        // The lines that were allowed are so in their own file only.
        try zoo.write("# \(Self.other)\n", to: "tiny/notes.txt")
        try await next.waitUntilInSync()
        try zoo.write(TemporaryZoo.prototxt + "# \(Self.one)\n", to: "tiny/deploy.prototxt")
        try await next.waitUntilHeld("tiny", "not published: deploy.prototxt")
    }

    @Test func `a new gist is public only when asked for or configured`() async throws {
        for (visibility, options, isPublic) in [
            ("secret", [], false), ("secret", ["--public"], true), ("public", [], true), ("public", ["--secret"], false),
        ] {
            let zoo = try TemporaryZoo()
            try zoo.configure(["gists": "{ host: local, visibility: \(visibility) }"])
            try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
            let daemon = try await RunningDaemon.start(in: zoo)
            let word = isPublic ? "public" : "secret"
            let preview = try await daemon.zooctl(["publish", "tiny", "--dry-run"] + options)
            #expect(preview.status == 0 && preview.standardOutput.contains("a new \(word) gist on local"), "\(preview)")
            #expect(try zoo.localGists.ids.isEmpty)
            #expect(try await daemon.zooctl(["publish", "tiny"] + options).status == 0)
            #expect(try await daemon.gistEvents().contains { $0.kind == "gist-created" && $0.message.hasSuffix("(\(word))") })
            try await daemon.kill9()
        }
    }
}
