import Foundation
import Testing
import ZooTestSupport

/// What GitHub refuses, as a person reads it.
struct GistRefusalTests {
    private struct Refusal: Sendable {
        let name: String
        /// Part of what `zooctl show` says.
        let words: [String]
        let begin: @Sendable (GistGitHubScene, String) throws -> Void
        var end: @Sendable (GistGitHubScene) -> Void = { $0.github.clearFaults() }
    }

    private static func answer(_ status: Int, _ message: String, on pattern: RequestPattern = .any)
        -> @Sendable (GistGitHubScene, String) -> Void
    {
        { scene, _ in
            scene.github.inject(
                .status(status, headers: [("content-type", "application/json")], body: "{\"message\":\"\(message)\"}"), on: pattern,
                times: .max)
        }
    }

    private static let refusals = [
        Refusal(
            name: "422",
            words: ["GitHub answered 422, Validation Failed", "is not sent again as it is", "zooctl publish tiny --dry-run"],
            begin: answer(422, "Validation Failed", on: .patch)),
        Refusal(
            name: "451", words: ["was taken down", "GitHub answered 451", "the host's mail to the gist's owner says why"],
            begin: answer(451, "Repository access blocked", on: RequestPattern { $0.path.hasPrefix("/gists/") })),
        Refusal(
            name: "missing scope", words: ["the token may not write gists", "scope 'gist'", "zooctl doctor", "zooctl reload"],
            begin: { scene, _ in scene.github.addAccount(login: "octo", token: GistGitHubScene.token, scopes: ["repo"]) },
            end: { $0.github.addAccount(login: "octo", token: GistGitHubScene.token, scopes: ["gist"]) }),
        Refusal(
            name: "401", words: ["GitHub answered 401, Bad credentials", "missing, wrong, expired or revoked", "zooctl reload"],
            begin: { scene, _ in scene.github.revoke(token: GistGitHubScene.token) },
            end: { $0.github.addAccount(login: "octo", token: GistGitHubScene.token, scopes: ["gist"]) }),
        Refusal(
            name: "suspended account", words: ["the account is suspended", "https://support.github.com", "zooctl reload"],
            begin: { scene, _ in scene.github.suspend(login: "octo") }, end: { $0.github.readmit(login: "octo") }),
        // Last: only time ends it.
        Refusal(
            name: "login block", words: ["Maximum number of login attempts", "takes no token, right or wrong", "nothing to do"],
            begin: answer(403, "Maximum number of login attempts exceeded. Please try again later.")),
    ]

    @Test func `each refusal of GitHub is told in status and show in its own words with what helps, and asking more asks GitHub nothing`()
        async throws
    {
        try await GistGitHubScene.with { scene in
            let (gist, _) = try scene.makeSyncedModel()
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            try await daemon.waitUntilInSync()
            for refusal in Self.refusals {
                try refusal.begin(scene, gist)
                try scene.edit("tiny", "During \(refusal.name).")
                try await daemon.waitForModel("tiny", refusal.name) { $0.note?.contains(refusal.words[0]) == true }
                let shown = try await daemon.zooctl("show", "tiny").standardOutput
                for words in refusal.words { #expect(shown.contains(words), "\(refusal.name): \(shown)") }
                #expect(try await daemon.zooctl("status").standardOutput.contains(refusal.words[0]), "\(refusal.name)")

                let asked = scene.github.requests.count
                for _ in 0..<3 { _ = try await daemon.zooctl("show", "tiny") }
                _ = try await daemon.zooctl("status")
                #expect(scene.github.requests.count == asked, "\(refusal.name): looking asks nothing")
                guard refusal.name != "login block" else { continue }
                refusal.end(scene)
                #expect(try await daemon.zooctl("reload").status == 0)
                _ = try await daemon.zooctl("pull", "tiny")
                try await daemon.waitUntilInSync()
                #expect(scene.github.gist(gist)?.text("readme.md") == (try scene.zoo.text(of: "tiny/readme.md")), "\(refusal.name)")
            }
            let asked = scene.github.requests.count
            let commands = [["sync", "tiny"], ["pull", "tiny", "--no-wait"], ["publish", "tiny", "--no-wait"], ["reload"], ["sync"]]
            for command in commands { _ = try await daemon.zooctl(command) }
            let add = try await daemon.zooctl("add", "034c6ac3865563b69e60034c6ac38655")
            #expect(add.status != 0 && add.standardError.contains("takes no token, right or wrong"), "\(add.standardError)")
            #expect(!add.standardError.contains("limited("), "\(add.standardError)")
            #expect(scene.github.requests.count == asked, "while logins are blocked nothing is asked, whoever wants it")
        }
    }

    @Test func `a read-only zoo is told that its gist has newer content; nothing is written into it and nothing sent`() async throws {
        try await GistGitHubScene.with { scene in
            let (gist, before) = try scene.makeSyncedModel()
            let gists = "{ host: github, create: automatic, poll: 1s, api_url: '\(scene.github.apiURL)', token_file: \(scene.tokenPath) }"
            try scene.zoo.configure(["gists": gists, "zoos": "[{ path: \(scene.zoo.zoo), mode: read-only }]"])
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            try await daemon.waitUntilInSync()
            scene.github.push(before + "Theirs.\n", as: "readme.md", to: gist, by: "ann")
            let model = try await daemon.waitForModel("tiny", "is behind") { $0.gist.state == .readOnly }
            #expect(model.gist.note?.contains("newer content, which a read-only zoo does not get") == true)
            let pulled = try await daemon.zooctl("pull", "tiny")
            #expect(pulled.status == 8 && pulled.standardError.contains("read-only zoo"), "\(pulled.standardError)")
            let resolved = try await daemon.zooctl("resolve", "tiny", "--keep", "remote")
            #expect(resolved.status == 8, "\(resolved.standardError)")
            #expect(try scene.zoo.text(of: "tiny/readme.md") == before)
            #expect(try scene.zoo.names(in: "") == ["tiny"] && scene.writeCounts.isEmpty)
            // Found the same again, it is in sync again.
            scene.github.push(before, as: "readme.md", to: gist, by: "ann")
            try await daemon.waitUntilInSync()
        }
    }
}
