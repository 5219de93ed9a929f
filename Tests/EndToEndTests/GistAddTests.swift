import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// `zooctl add` and `zooctl forget`.
struct GistAddTests {
    @Test func `somebody else's gist becomes a model with its binary, as the zoo's directory says, and is never written to`() async throws {
        let host = try await LoopbackFileHost.start()
        let content = FileContent.generated(seed: 9, byteCount: 50_000)
        try await GistGitHubScene.with(create: "automatic") { scene in
            let url = host.serve(content, at: "/tiny.caffemodel")
            let readme = ReadmeText(name: "BAIR/Tiny Model", url: url, sha1: try content.digests().sha1).text
            scene.github.addAccount(login: "bair", token: "ghp_" + String(repeating: "zZ9yY8xX7", count: 4), scopes: ["gist"])
            let large = "# \(String(repeating: "x", count: 1_200_000))\n"
            let gist = scene.github.addGist(
                owner: "bair", isPublic: true,
                texts: [
                    "readme.md": readme, "deploy.prototxt": TemporaryZoo.prototxt, ".bashrc": "rm -rf /\n", "large.txt": large,
                    "x.caffemodel": "no weights\n",
                ])
            let shared = scene.zoo.path("shared").string
            try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: false)
            try await ProgramRun.succeed("chgrp", ["4242", shared])
            try await ProgramRun.succeed("chmod", ["2775", shared])
            let daemon = try await RunningDaemon.start(in: scene.zoo)

            let added = try await daemon.zooctl("add", "\(scene.github.apiURL)/gist/bair/\(gist)#file-readme-md", "shared/tiny")
            #expect(added.status == 0, "\(added.standardError)")
            let model = try #require(try await daemon.model("shared/tiny"))
            #expect(model.gist.state == .readOnly && model.binaries.first?.state == .verified)
            #expect(try scene.zoo.names(in: "shared/tiny") == ["readme.md", "deploy.prototxt", "tiny.caffemodel"])
            #expect(try scene.zoo.text(of: "shared/tiny/readme.md") == readme)
            #expect(try scene.zoo.bytes(of: "shared/tiny/tiny.caffemodel") == content.bytes(in: 0..<50_000))

            for (name, mode) in [("shared/tiny", 0o2775), ("shared/tiny/readme.md", 0o664)] {
                let attributes = try FileManager.default.attributesOfItem(atPath: scene.zoo.path(name).string)
                #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o7777 } == mode, "\(name)")
                #expect(attributes[.groupOwnerAccountID] as? Int == 4242, "\(name)")
            }
            let event = try #require(try await daemon.events(of: "model-added").first)
            #expect(event.details["gist"] == gist && event.details["owner"] == "bair" && event.uid == getuid())
            for name in [".bashrc", "large.txt", "x.caffemodel"] { #expect(event.message.contains(name)) }

            let again = try await daemon.zooctl("add", gist, "elsewhere")
            #expect(again.status == 8 && again.standardError.contains("shared/tiny"))
            try await daemon.lookAgain()
            #expect(scene.writeCounts.isEmpty)
        }
        await host.stop()
    }

    @Test func `a gist is added where it is wanted, over nothing that is there, and the reason is said`() async throws {
        let scene = try await GistAddScene.make()
        try scene.zoo.write("mine", to: "tiny_model/notes.txt")
        try scene.zoo.write("mine", to: "taken")
        let daemon = try await RunningDaemon.start(in: scene.zoo)
        let refusals: [([String], Int32, String)] = [
            ([scene.gist], 8, "is there already"), ([scene.gist, "taken"], 8, "is there already"), ([scene.gist, "Taken"], 8, "taken"),
            ([scene.gist, "a/b/c/d/e"], 2, "levels"), ([scene.gist, "../x"], 2, "cannot be"), ([scene.gist, ".x"], 2, "cannot be"),
            ([scene.gist, "/etc/x"], 2, "no zoo"), ([scene.gist, "--zoo", "none"], 2, "no zoo none"),
            (["9116a64c0fbe4459d18f4bb6b56d647b63920377"], 2, "is a revision"), (["bvlc_alexnet"], 2, "names no gist"),
            (["034c6ac3865563b69e60"], 8, "is on GitHub"), (["local-\(String(repeating: "0", count: 32))"], 8, "no such gist"),
        ]
        for (arguments, status, words) in refusals {
            let refused = try await daemon.zooctl(["add"] + arguments)
            #expect(refused.status == status && refused.standardError.contains(words), "\(arguments): \(refused.standardError)")
            #expect(!refused.standardError.contains("(\""), "no words of a program: \(refused.standardError)")
        }
        #expect(try scene.zoo.names(in: "") == [".zood", "tiny_model", "taken"] && scene.staged.isEmpty)
        #expect(try scene.zoo.names(in: "tiny_model") == ["notes.txt"])
        #expect(try await daemon.status().models.isEmpty)

        let added = try await daemon.zooctl("add", scene.gist, "vision/nets/Tiny")
        #expect(added.status == 0, "\(added.standardError)")
        #expect(try await daemon.model("vision/nets/Tiny")?.gist.state == .inSync)
        #expect(try scene.zoo.text(of: "vision/nets/Tiny/readme.md") == scene.readme)
    }

    @Test func `an address of another host's gist is refused, and nobody is asked for what has the same id`() async throws {
        try await GistGitHubScene.with(create: "manual") { scene in
            let gist = scene.github.addGist(
                owner: "octo", texts: ["readme.md": ReadmeText().text, "deploy.prototxt": TemporaryZoo.prototxt])
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            scene.github.requests.removeAll()
            for url in ["https://gitlab.com/snippets/12345", "https://gist.github.com/octo/\(gist)", "git@gist.github.com:\(gist).git"] {
                let refused = try await daemon.zooctl("add", url)
                #expect(refused.status == 2 && refused.standardError.contains("gists.api_url"), "\(url): \(refused)")
                #expect(refused.standardError.contains("zooctl add \(url.contains(gist) ? gist : "12345")"))
            }
            #expect(scene.github.requests.count == 0)
            #expect(try await daemon.zooctl("add", "octo/\(gist)").status == 0)
        }
    }

    @Test func `a gist that makes no model is refused before anything is written`() async throws {
        try await GistGitHubScene.with(create: "manual") { scene in
            let gist = scene.github.addGist(owner: "octo", texts: ["README.md": "# just a title\n", "notes.txt": "Notes.\n"])
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            for directory in [[], ["dir/"]] {
                let refused = try await daemon.zooctl(["add", gist] + directory)
                #expect(refused.status == 12 && refused.standardError.contains("is no model's"), "\(refused)")
            }
            #expect(try scene.zoo.names(in: "") == [".zood"])
            #expect(try await daemon.status().models.isEmpty)
            // With a net beside it it is one, and the name may end as the shell completes it.
            scene.github.push(TemporaryZoo.prototxt, as: "deploy.prototxt", to: gist, by: "ann")
            let added = try await daemon.zooctl("add", gist, "dir/")
            #expect(added.status == 0, "\(added)")
            #expect(try scene.zoo.names(in: "dir") == ["README.md", "notes.txt", "deploy.prototxt"])
            #expect(try await daemon.zooctl("show", "dir/").status == 0)
            let blank = try await daemon.zooctl("add", gist, " ")
            #expect(blank.status != 0)
        }
    }

    @Test func `a model is added by the title of a catalog's entry, and who means several is told which`() async throws {
        try await GistGitHubScene.with(create: "manual") { scene in
            let readme = ReadmeText(name: "BVLC Tiny").text
            let gist = scene.github.addGist(
                owner: "octo", isPublic: true, texts: ["readme.md": readme, "deploy.prototxt": TemporaryZoo.prototxt])
            let other = String(repeating: "ab", count: 10)
            let page = """
                # Zoo

                * [BVLC Tiny Net](https://gist.github.com/octo/\(gist)) by us
                * [Tiny of others](https://gist.github.com/\(other))
                """
            let wiki = scene.github.addGist(owner: "octo", texts: ["Model-Zoo.md": page])
            let github = "{ host: github, create: manual, api_url: '\(scene.github.apiURL)', token_file: \(scene.tokenPath) }"
            let address = "\(scene.github.rawOrigin)/\(wiki).git"
            try scene.zoo.configure([
                "gists": github, "catalogs": "[{ name: lab, git: '\(address)', page: Model-Zoo.md }]",
            ])
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            for (title, words) in [
                ("tiny", other), ("no such net", "neither a gist nor an entry of lab"), ("BVLC Tiny Ned", "BVLC Tiny Net"),
            ] {
                let refused = try await daemon.zooctl("add", title)
                #expect(refused.status == 2 && refused.standardError.contains(words), "\(title): \(refused.standardError)")
            }
            let added = try await daemon.zooctl("add", "bvlc tiny net")
            #expect(added.status == 0, "\(added.standardError)")
            #expect(try scene.zoo.text(of: "bvlc_tiny/readme.md") == readme)
            #expect(!scene.github.rawRequests.mentions(GistGitHubScene.token))

            try scene.zoo.configure(["gists": github, "catalogs": "[{ name: lab, git: '\(scene.github.rawOrigin)/none.git', page: x.md }]"])
            _ = try await daemon.zooctl("reload")
            let unreachable = try await daemon.zooctl("add", "bvlc tiny net")
            #expect(unreachable.status == 10 && unreachable.standardError.contains("catalog lab"), "\(unreachable.standardError)")
        }
    }

    @Test(arguments: ["add.read", "add.written", "add.staged", "add.intended", "add.intended add.taken-back", "add.named", "add.recorded"])
    func `killed at any point, an added model is whole under its name, once, with the gist that it came from`(points: String) async throws {
        let scene = try await GistAddScene.make()
        for (run, point) in points.split(separator: " ").map(String.init).enumerated() {
            let doomed = try await RunningDaemon.start(in: scene.zoo, crashAt: point, within: run == 0 ? .seconds(30) : .zero)
            if run == 0 { _ = try await doomed.zooctl("add", scene.gist, "--no-wait") }
            #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")
        }
        let daemon = try await RunningDaemon.start(in: scene.zoo)
        try await scene.expectAdded(to: daemon)
    }

    @Test func `a directory that gets the name in that very moment is left alone and never gets the gist`() async throws {
        let scene = try await GistAddScene.make()
        let doomed = try await RunningDaemon.start(in: scene.zoo, crashAt: "add.intended")
        _ = try await doomed.zooctl("add", scene.gist, "--no-wait")
        #expect(try await doomed.exitStatus() == 137)
        let readme = ReadmeText(name: "Another").text
        try scene.zoo.write(readme, to: "tiny_model/readme.md")

        let daemon = try await RunningDaemon.start(in: scene.zoo)
        let job = try await eventually("the job fails") {
            try await daemon.client.send(.jobs).jobs.first { $0.kind == .add && $0.state == .failed }
        }
        #expect(job.error?.message.contains("there already") == true)
        try await daemon.lookAgain()
        #expect(try await daemon.model("tiny_model")?.gist.state == .unpublished)
        #expect(try scene.zoo.text(of: "tiny_model/readme.md") == readme && scene.zoo.names(in: "tiny_model") == ["readme.md"])
        #expect(try await scene.zoo.localGists.revisionCount(of: scene.gist) == 2 && scene.staged.isEmpty)
    }

    @Test func `an own gist that does not name itself is added as it is, and gets nothing before its person publishes`() async throws {
        try await GistGitHubScene.with(create: "automatic") { scene in
            let readme = ReadmeText().text
            let gist = scene.github.addGist(owner: "octo", texts: ["readme.md": readme, "deploy.prototxt": TemporaryZoo.prototxt])
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let added = try await daemon.zooctl("add", gist)
            #expect(added.status == 0, "\(added)")
            let model = try await daemon.waitUntilHeld("tiny_model", "does not name itself in its readme")
            #expect(model.hint?.contains("zooctl publish tiny_model") == true)
            try await daemon.lookAgain()
            #expect(scene.writeCounts.isEmpty)
            #expect(try scene.zoo.text(of: "tiny_model/readme.md") == readme)

            #expect(try await daemon.zooctl("publish", "tiny_model").status == 0)
            try await daemon.waitUntilInSync("tiny_model")
            let written = try #require(try scene.zoo.text(of: "tiny_model/readme.md"))
            #expect(written.contains("gist_id: \(gist)") && scene.writeCounts == ["PATCH": 1])
            #expect(scene.github.gist(gist)?.files["readme.md"] == Array(written.utf8))
        }
    }
}
