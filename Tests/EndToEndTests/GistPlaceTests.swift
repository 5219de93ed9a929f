import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// Which model a directory holds: the one that was published from it, one that came from elsewhere, or a new one.
struct GistPlaceTests {
    /// Model directories as people make them from one of their own.
    private func readme(_ name: String, gist: String? = nil) -> ReadmeText {
        var readme = ReadmeText(name: name, gistID: gist.flatMap { GistID(bare: $0) })
        readme.body = "# \(name)\n\nWhat \(name) is for, and how it was trained.\n"
        return readme
    }

    private func make(_ id: String, _ name: String, in zoo: TemporaryZoo) throws {
        try zoo.makeModel(id, readme(name), files: ["deploy.prototxt": TemporaryZoo.prototxt])
    }

    private func published(_ ids: [String], in zoo: TemporaryZoo, _ daemon: RunningDaemon) async throws -> [String: String] {
        var gists: [String: String] = [:]
        for id in ids {
            try make(id, "Net \(id)", in: zoo)
            #expect(try await daemon.zooctl("sync").status == 0)
            #expect(try await daemon.zooctl("publish", id).status == 0)
            gists[id] = try #require(try await daemon.waitUntilInSync(id).gist.id).description
        }
        return gists
    }

    /// Whether the newest revision of a gist is this model's.
    private func holds(_ gist: String, _ name: String, in zoo: TemporaryZoo) async throws -> Bool {
        String(decoding: try await zoo.localGists.bytes(of: "readme.md", in: gist), as: UTF8.self).contains("# \(name)\n")
    }

    private static let manual = ["gists": "{ host: local, create: manual }"]

    @Test(arguments: ["seen", "unseen"], ["directory", "files"])
    func `another model where one was published is held until a person says what it is`(absence: String, gone: String) async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(Self.manual)
        var daemon = try await RunningDaemon.start(in: zoo)
        let gist = try #require(try await published(["net"], in: zoo, daemon)["net"])
        if absence == "unseen" { _ = try await daemon.terminate() }
        for path in gone == "directory" ? ["net"] : ["net/readme.md", "net/deploy.prototxt"] { try zoo.remove(path) }
        if absence == "seen" { try await daemon.waitUntilHeld("net", "gone") }
        try make("net", "Private draft", in: zoo)
        try zoo.write("Secret plans.\n", to: "net/notes.txt")
        if absence == "unseen" { daemon = try await RunningDaemon.start(in: zoo) }

        let held = try await daemon.waitUntilHeld("net", "was published as gist \(gist)")
        #expect(held.hint?.contains("zooctl publish net") == true && held.hint?.contains("zooctl forget net") == true)
        #expect(try await daemon.zooctl("pull", "net").status == 8)
        try await daemon.lookAgain()
        #expect(try await zoo.localGists.revisionCount(of: gist) == 2)
        #expect(try await holds(gist, "Net net", in: zoo))
        #expect(try zoo.text(of: "net/readme.md") == readme("Private draft").text)

        if gone == "directory" {
            #expect(try await daemon.zooctl("forget", "net").status == 0)
            try await daemon.waitForModel("net", "is a new one") { $0.gist.state == .unpublished }
            #expect(try await daemon.zooctl("publish", "net").status == 0)
            #expect(try zoo.localGists.ids.count == 2)
            #expect(try await holds(gist, "Net net", in: zoo))
        } else {
            #expect(try await daemon.zooctl("publish", "net").status == 0)
            #expect(try zoo.localGists.ids == [gist])
            #expect(try await holds(gist, "Private draft", in: zoo))
        }
    }

    @Test func `a readme that was saved without its line is put right, also when it changed, but not after it was gone`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(Self.manual)
        let daemon = try await RunningDaemon.start(in: zoo)
        let gist = try #require(try await published(["net"], in: zoo, daemon)["net"])
        try zoo.write(readme("Net net").text + "More.\n", to: "net/readme.md")
        try await eventually("the line is back") { try zoo.text(of: "net/readme.md") == readme("Net net", gist: gist).text + "More.\n" }
        try await daemon.waitUntilInSync("net")
        // Gone and back as it was: that is it.
        let text = try #require(try zoo.text(of: "net/readme.md"))
        try zoo.remove("net/readme.md")
        try zoo.remove("net/deploy.prototxt")
        try await daemon.waitUntilHeld("net", "gone")
        try make("net", "Net net", in: zoo)
        try zoo.write(readme("Net net").text + "More.\n", to: "net/readme.md")
        try await eventually("the line is back") { try zoo.text(of: "net/readme.md") == text }
        try await daemon.waitUntilInSync("net")
        #expect(try zoo.localGists.ids == [gist])
    }

    @Test func `models that change places keep their gists, in whatever circle`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(Self.manual)
        let daemon = try await RunningDaemon.start(in: zoo)
        let gists = try await published(["a", "b", "c", "d", "e"], in: zoo, daemon)
        try await zoo.shell("mv a .x; mv b a; mv .x b; mv c .x; mv d c; mv e d; mv .x e")
        for (place, was) in ["a": "b", "b": "a", "c": "d", "d": "e", "e": "c"] {
            try await daemon.waitForModel(place, "has the gist of \(was)") {
                $0.gist.state == .inSync && $0.gist.id?.description == gists[was]
            }
            try zoo.write(try #require(try zoo.text(of: "\(place)/readme.md")) + "Moved.\n", to: "\(place)/readme.md")
        }
        for (id, gist) in gists {
            try await eventually("what was \(id) is sent to its own gist") {
                String(decoding: try await zoo.localGists.bytes(of: "readme.md", in: gist), as: UTF8.self).hasSuffix("Moved.\n")
            }
            #expect(try await holds(gist, "Net \(id)", in: zoo))
        }
        #expect(try zoo.localGists.ids == gists.values.sorted())
    }

    @Test func `a model that is moved onto a used name keeps its gist, and the other's is left alone, whether that is gone or moved on`()
        async throws
    {
        let zoo = try TemporaryZoo()
        try zoo.configure(Self.manual)
        let daemon = try await RunningDaemon.start(in: zoo)
        let gists = try await published(["gone", "kept", "used"], in: zoo, daemon)
        try zoo.remove("gone")
        try await daemon.waitUntilHeld("gone", "the directory is gone")
        try await zoo.shell("mv kept gone; mv used used.old")
        try make("used", "Another", in: zoo)
        try await daemon.waitForModel("gone", "has its gist") { $0.gist.state == .inSync && $0.gist.id?.description == gists["kept"] }
        try await daemon.waitForModel("used.old", "has its gist") { $0.gist.state == .inSync && $0.gist.id?.description == gists["used"] }
        try await daemon.waitForModel("used", "is a new one") { $0.gist.state == .unpublished }
        // The place that is known for what is gone says so, and is forgotten by that name.
        try await daemon.waitUntilHeld("kept", "the directory is gone")
        // Of what is gone a look fails.
        for _ in 0..<3 { #expect(try await daemon.zooctl("sync").status == 3) }
        for (id, gist) in gists {
            #expect(try await holds(gist, "Net \(id)", in: zoo))
            #expect(try await zoo.localGists.revisionCount(of: gist) == 2)
        }
        #expect(try await daemon.zooctl("forget", "kept").status == 0)
        #expect(try zoo.localGists.ids == gists.values.sorted())
    }

    @Test func `no hint leads one model into the gist of another`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(Self.manual)
        let daemon = try await RunningDaemon.start(in: zoo)
        let gists = try await published(["one", "two"], in: zoo, daemon)
        // All of it is copied over, its id too.
        try await zoo.shell("cp one/readme.md two/readme.md")
        let held = try await daemon.waitUntilHeld("two", "one, which had it first")
        #expect(held.hint?.contains("zooctl set \(zoo.path("two")) gist_id=") == true, "\(held)")
        #expect(try await daemon.zooctl("set", zoo.path("two").string, "gist_id=").status == 0)
        try await daemon.waitUntilHeld("two", "was published as gist \(try #require(gists["two"]))")
        try await daemon.lookAgain()
        for (id, gist) in gists { #expect(try await holds(gist, "Net \(id)", in: zoo)) }
        // An unknown id in another text.
        let unknown = "local-0123456789abcdef0123456789abcdef"
        try zoo.write(readme("Third", gist: unknown).text, to: "two/readme.md")
        let other = try await daemon.waitUntilHeld("two", "names gist \(unknown)")
        #expect(other.hint?.contains("zooctl forget two") == true)
        try zoo.write(readme("Net two", gist: unknown).text, to: "two/readme.md")
        try await daemon.waitForModel("two", "is told its own id") {
            $0.hint?.hasSuffix("gist_id=\(gists["two"] ?? "")") == true
        }
    }
}
