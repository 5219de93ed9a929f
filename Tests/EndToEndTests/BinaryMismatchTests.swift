import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// What a host serves is not what the readme names: its gist may say why.
@Suite struct BinaryMismatchTests {
    private static let old = FileContent.generated(seed: 100, byteCount: 40_000)
    private static let new = FileContent.generated(seed: 101, byteCount: 50_000)

    /// A model whose readme names the old file, while its host serves the new one already.
    private struct Corrected {
        let scene: GistGitHubScene
        let files: LoopbackFileHost
        let gist: String
        let readme: ReadmeText

        /// - Parameter owner: Of the gist, which is an hour old, so that nothing but the mismatch is a reason to read it.
        init(_ scene: GistGitHubScene, _ files: LoopbackFileHost, owner: String) throws {
            (self.scene, self.files) = (scene, files)
            try scene.zoo.configure([
                "gists":
                    "{ host: github, create: manual, poll: 7d, api_url: '\(scene.github.apiURL)', token_file: \(scene.tokenPath) }",
                "binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }",
            ])
            var readme = ReadmeText(url: files.serve(new, at: "net.bin"), sha1: try old.digests().sha1)
            gist = scene.github.addGist(
                owner: owner, files: ["readme.md": Array(readme.text.utf8)], at: Date().addingTimeInterval(-3600))
            readme["gist_id"] = gist
            self.readme = readme
            try scene.zoo.makeModel("tiny", readme)
        }

        /// How often the gist was read.
        var reads: Int { scene.github.requests.requests("GET", path: "/gists/\(gist)").count }

        func correct() throws {
            let (wrong, right) = (try old.digests().sha1.description, try new.digests().sha1.description)
            scene.github.push(readme.text.replacing(wrong, with: right), as: "readme.md", to: gist, by: "ann")
        }

        var isFetched: Bool {
            get throws { try scene.zoo.bytes(of: "tiny/tiny.caffemodel") == new.bytes(in: 0..<50_000) }
        }
    }

    private func withCorrected(owner: String, _ body: (Corrected, RunningDaemon) async throws -> Void) async throws {
        let files = try await LoopbackFileHost.start()
        try await GistGitHubScene.with { scene in
            let corrected = try Corrected(scene, files, owner: owner)
            try await body(corrected, try await RunningDaemon.start(in: scene.zoo))
        }
        await files.stop()
    }

    @Test func `a mismatch looks at the gist first: a newer sha1 there comes here and is fetched, and without one the host is told of`()
        async throws
    {
        try await withCorrected(owner: "octo") { model, daemon in
            try await daemon.waitForModel("tiny", "knows its gist") { $0.gist.note?.contains("does not name itself") == true }
            // The author has not corrected it: it is read once, then the host is told of.
            var before = model.reads
            let refused = try await daemon.zooctl("fetch", "tiny")
            #expect(refused.status == 7 && refused.standardError.contains("serves 48.8 KiB"), "\(refused.standardError)")
            try await daemon.lookAgain()
            #expect(model.reads == before + 1 && model.files.requests.count == 1)

            // Now he has.
            try model.correct()
            before = model.reads
            let fetch = try await daemon.zooctl("fetch", "tiny")
            #expect(fetch.status == 0, "\(fetch.status) \(fetch.standardError)")
            #expect(
                try model.isFetched && model.scene.zoo.text(of: "tiny/readme.md")?.contains(Self.new.digests().sha1.description) == true)
            // Once more the old sha1 was asked for by name, then the new one.
            #expect(model.reads == before + 1 && model.files.requests.count == 3)
        }
    }

    @Test func `what somebody else's gist names then waits for a person, although the fetch was asked for`() async throws {
        try await withCorrected(owner: "ann") { model, daemon in
            try await daemon.waitForModel("tiny", "follows its gist") { $0.gist.state == .readOnly }
            try model.correct()
            let asked = try await daemon.zooctl("fetch", "tiny")
            #expect(asked.status == 8 && asked.standardError.contains("somebody else's gist"), "\(asked.status) \(asked.standardError)")
            #expect(try model.scene.zoo.text(of: "tiny/readme.md")?.contains(Self.new.digests().sha1.description) == true)
            #expect(try !model.isFetched && model.files.requests.count == 1)
            #expect(try await daemon.zooctl("fetch", "tiny").status == 0)
            #expect(try model.isFetched)
        }
    }
}
