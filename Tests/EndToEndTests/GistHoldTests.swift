import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// What does not go out; against the local host.
struct GistHoldTests {
    /// Begins like a token of GitHub's; made here, so that no scanner takes this file for a leak.
    private static let secret = "ghp_" + String(repeating: "aB3dE6gH9", count: 4)

    @Test func `info that is invalid, half saved, in conflict or holds a secret is held, and its gist stays`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        let good = ReadmeText().text
        let unfinished = good.replacing("\n---\n", with: "\n")
        // Never published: nothing of it may appear.
        try zoo.makeModel("new", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        try zoo.write(unfinished, to: "new/readme.md")
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync().gist.id).description
        try await daemon.waitUntilHeld("new", "not published")
        let saved = try #require(try zoo.text(of: "tiny/readme.md"))
        let spoiled: [(file: String, text: String)] = [
            ("readme.md", saved.replacing("\n---\n", with: "\n")),
            (
                "readme.md",
                saved.replacing("license:", with: "<<<<<<< ours\nlicense:").replacing("\n---\n", with: "\n=======\n>>>>>>> theirs\n---\n")
            ),
            ("readme.md", saved + "token: \(Self.secret)\n"),
            ("deploy.prototxt", TemporaryZoo.prototxt + "# \(Self.secret)\n"),
        ]
        for (file, text) in spoiled {
            let before = try #require(try zoo.text(of: "tiny/\(file)"))
            try zoo.write(text, to: "tiny/\(file)")
            let held = try await daemon.waitUntilHeld("tiny", "not published")
            #expect(held.state == .attention && held.hint != nil)
            #expect(held.info.state != .valid)
            #expect(!String(describing: held).contains(Self.secret))
            try await daemon.lookAgain(times: 1)
            try zoo.write(before, to: "tiny/\(file)")
            try await daemon.waitUntilInSync()
        }
        #expect(try zoo.localGists.ids == [id])
        #expect(try await zoo.localGists.revisionCount(of: id) == 2)
        #expect(try zoo.text(of: "new/readme.md") == unfinished)
    }

    @Test func `a published file that became a link, a pipe, too large or no text holds the model, and the gist keeps the old one`()
        async throws
    {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        let spoils: [(id: String, spoil: (String) throws -> Void)] = [
            ("link", { try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "readme.md") }),
            ("pipe", { try #require(unsafe mkfifo($0, 0o644) == 0) }),
            ("large", { try Data(count: 5000).write(to: URL(filePath: $0)) }),
            ("bytes", { try Data([0xff, 0xfe, 0x00]).write(to: URL(filePath: $0)) }),
            ("empty", { try Data().write(to: URL(filePath: $0)) }),
        ]
        for (id, _) in spoils { try zoo.makeModel(id, files: ["deploy.prototxt": TemporaryZoo.prototxt]) }
        let daemon = try await RunningDaemon.start(in: zoo)
        for (id, _) in spoils { try await daemon.waitUntilInSync(id) }
        for (id, spoil) in spoils {
            // The edit beside it may not go out alone either.
            try zoo.remove("\(id)/deploy.prototxt")
            try spoil(zoo.path("\(id)/deploy.prototxt").string)
        }
        for (id, _) in spoils {
            let held = try await daemon.waitUntilHeld(id, "deploy.prototxt was published but cannot be sent any more")
            #expect(held.has(.publishedFileRefused, about: "deploy.prototxt") && held.hint?.hasPrefix("zooctl lint ") == true)
        }
        for (id, _) in spoils { try zoo.write((try zoo.text(of: "\(id)/readme.md") ?? "") + "More.\n", to: "\(id)/readme.md") }
        try await daemon.lookAgain()
        #expect(try await zoo.localGists.revisionCount() == 2 * spoils.count)
        for (id, _) in spoils {
            try zoo.remove("\(id)/deploy.prototxt")
            try zoo.write(TemporaryZoo.prototxt, to: "\(id)/deploy.prototxt")
            try await daemon.waitUntilInSync(id)
        }
        #expect(try await zoo.localGists.revisionCount() == 3 * spoils.count)
    }

    @Test func `a copied directory is held while the recorded model keeps the gist, and a foreign id is left alone`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let stranger = try #require(GistID(bare: "local-0123456789abcdef0123456789abcdef"))
        let atGitHub = try #require(GistID(bare: "aa5a315d61ae9438b18d"))
        try zoo.makeModel("stranger", ReadmeText(gistID: stranger), files: ["deploy.prototxt": TemporaryZoo.prototxt])
        try zoo.makeModel("at-github", ReadmeText(gistID: atGitHub), files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let before = try (zoo.bytes(of: "stranger/readme.md"), zoo.bytes(of: "at-github/readme.md"))
        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync().gist.id).description

        // Sorts before the original: being first on disk must not decide.
        try await ProgramRun.succeed("cp", ["--recursive", zoo.path("tiny").string, zoo.path("a-copy").string])
        let copy = try await daemon.waitUntilHeld("a-copy", "tiny")
        #expect(copy.hint?.contains("gist_id") == true)
        try zoo.write((try zoo.text(of: "a-copy/readme.md") ?? "") + "The copy.\n", to: "a-copy/readme.md")
        try zoo.write((try zoo.text(of: "tiny/readme.md") ?? "") + "The original.\n", to: "tiny/readme.md")
        try await eventually("the original is published") {
            try await zoo.localGists.bytes(of: "readme.md", in: id) == zoo.bytes(of: "tiny/readme.md")
        }
        try await daemon.lookAgain()

        #expect(try await daemon.model("a-copy")?.gist.state == .held)
        try await daemon.waitForModel("stranger", "has an unknown gist") { $0.gist.state == .gone }
        let off = try #require(try await daemon.model("at-github"))
        #expect(off.gist.state == .off && off.gist.note == "its gist is on GitHub" && off.state == .ok)
        #expect(try (zoo.bytes(of: "stranger/readme.md"), zoo.bytes(of: "at-github/readme.md")) == before)
        #expect(try zoo.localGists.ids == [id])
        #expect(try await zoo.localGists.revisionCount(of: id) == 3)

        // Without the line the copy is a model of its own.
        let text = try #require(try zoo.text(of: "a-copy/readme.md"))
        try zoo.write(text.replacing("gist_id: \(id)\n", with: ""), to: "a-copy/readme.md")
        #expect(try await daemon.waitUntilInSync("a-copy").gist.id?.description != id)
        #expect(try zoo.localGists.ids.count == 2)
    }

    @Test func `a checksum copied from another model holds the newcomer, until it is corrected or its own file proves it`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself.merging(["binaries": "{ fetch: manual }"]) { $1 })
        let weights = FileContent.bytes(Array("weights of one net".utf8))
        let digest = try weights.digests().sha1
        func readme(_ name: String) -> ReadmeText {
            ReadmeText(caffemodel: "\(name).caffemodel", url: "https://files.example.org/\(name).bin", sha1: digest)
        }
        func shared(_ model: ModelStatus) -> Bool { model.has(.sha1Shared, about: "readme.md") }
        // Both new at once, without their files.
        try zoo.makeModel("a", readme("a"), files: ["deploy.prototxt": TemporaryZoo.prototxt])
        try zoo.makeModel("b", readme("b"), files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        let (a, b) = (try await daemon.waitUntilHeld("a", "b claims sha1"), try await daemon.waitUntilHeld("b", "a claims sha1"))
        #expect(shared(a) && shared(b) && a.hint?.contains("sha1sum") == true)
        #expect(try zoo.localGists.ids.isEmpty)
        // The file shows that the readme is right.
        try zoo.write(weights, to: "a/a.caffemodel")
        #expect(shared(try await daemon.waitUntilInSync("a")))
        try zoo.write(try #require(try zoo.text(of: "b/readme.md")) + "More.\n", to: "b/readme.md")
        try await daemon.waitUntilHeld("b", "a, which had it first")
        // Two models may really hold the same weights.
        try zoo.write(weights, to: "b/b.caffemodel")
        #expect(!shared(try await daemon.waitUntilInSync("b")))
        _ = try await daemon.waitForModel("a", "is no longer told of b", within: .seconds(30)) { !shared($0) }
        // The same file name is the same binary.
        try zoo.makeModel("c", readme("a"), files: ["deploy.prototxt": TemporaryZoo.prototxt])
        #expect(!shared(try await daemon.waitUntilInSync("a")))
    }
}
