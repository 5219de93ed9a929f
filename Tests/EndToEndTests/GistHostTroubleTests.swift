import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

/// A GitHub that refuses, limits or fails: said clearly, not hammered, and gone on with by itself.
struct GistHostTroubleTests {
    @Test func `one model's refusal leaves the others alone, and after a Retry-After nothing is asked until it is over`() async throws {
        try await GistGitHubScene.with(create: "manual") { scene in
            scene.github.inject(
                .status(422, headers: [("content-type", "application/json")], body: #"{"message":"Validation Failed"}"#),
                on: RequestPattern { $0.method == "POST" && $0.text.contains("Bad model") }, times: 100)
            try scene.makeModel("bad", name: "Bad model")
            try scene.makeModel("good")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let refused = try await daemon.zooctl("publish", "bad")
            #expect(refused.status == 8 && refused.standardError.contains("Validation Failed"))
            #expect(try await daemon.zooctl("publish", "good").status == 0)
            let bad = try #require(try await daemon.model("bad"))
            #expect(bad.gist.state == .failed && bad.note?.contains("Validation Failed") == true && bad.hint != nil, "\(bad)")
            // It is not sent again as it is.
            try await daemon.lookAgain(times: 1)
            #expect(try await daemon.model("good")?.gist.state == .inSync)

            scene.github.inject(.secondaryLimit(retryAfter: 7), on: .patch)
            let patches = scene.github.requests.requests("PATCH").count
            try scene.edit("good")
            let limited = try await daemon.waitForModel("good", "waits for the limit") { $0.note?.contains("asks to wait") == true }
            #expect(limited.gist.state == .pending && limited.state == .busy && limited.hint != nil)
            // Asking again and again is not what makes it forget the limit, and a new process does not either.
            try await daemon.lookAgain(times: 1)
            #expect(try await daemon.zooctl("reload").status == 0)
            try await daemon.kill9()
            let next = try await RunningDaemon.start(in: scene.zoo)
            try await next.waitUntilInSync("good")
            let log = scene.github.requests.all
            let refusal = try #require(log.first { $0.status == 403 })
            let later = try #require(log.first { $0.number > refusal.number })
            #expect(later.receivedAt - refusal.receivedAt >= .seconds(7))
            #expect(scene.github.requests.requests("PATCH").count == patches + 2)
        }
    }

    @Test func `a token that is refused stops all requests until another is in place`() async throws {
        try await GistGitHubScene.with { scene in
            for id in ["a", "b", "c"] { try scene.makeModel(id) }
            scene.github.revoke(token: GistGitHubScene.token)
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            for id in ["a", "b", "c"] {
                let failed = try await daemon.waitForModel(id, "tells of the token") { $0.note?.contains("401") == true }
                #expect(failed.gist.state == .failed && failed.hint?.contains("zooctl reload") == true)
            }
            // Wrong tokens again and again get an account locked.
            try await daemon.lookAgain(times: 1)
            #expect(scene.github.requests.count == 1)
            let other = String(GistGitHubScene.token.reversed())
            scene.github.addAccount(login: "octo", token: other)
            try scene.writeToken(other)
            #expect(try await daemon.zooctl("reload").status == 0)
            for id in ["a", "b", "c"] { try await daemon.waitUntilInSync(id) }
            #expect(scene.github.gists().count == 3)
        }
    }

    @Test func `a token without the scope is told as that, and a reload tries again`() async throws {
        try await GistGitHubScene.with(scopes: ["repo"]) { scene in
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let failed = try await daemon.waitForModel("tiny", "tells of the scope") { $0.gist.state == .failed }
            #expect(failed.note?.contains("scope 'gist'") == true && failed.hint?.contains("zooctl reload") == true)
            scene.github.addAccount(login: "octo", token: GistGitHubScene.token, scopes: ["gist"])
            #expect(try await daemon.zooctl("reload").status == 0)
            try await daemon.waitUntilInSync()
            #expect(scene.github.gists().count == 1)
        }
    }

    @Test func `errors of the server and login pages are told with their reason, and the update comes through afterwards`() async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            for (fault, words) in [(Fault.unicorn(status: 502), "502"), (.loginPage, "login page")] {
                for pattern in [RequestPattern.patch, .get] {
                    scene.github.inject(fault, on: pattern)
                    try scene.edit("tiny")
                    let failed = try await daemon.waitForModel("tiny", "tells: \(words)") { $0.note?.contains(words) == true }
                    #expect(failed.gist.state == .failed && failed.hint != nil)
                    #expect(try await daemon.zooctl("sync", "tiny").status == 0)
                    try await daemon.waitUntilInSync()
                    #expect(try scene.github.gist(id)?.files["readme.md"] == scene.zoo.bytes(of: "tiny/readme.md"))
                }
            }
            #expect(scene.github.gists().count == 1)
        }
    }

    @Test func `a GitHub that is down at the start is told, and used when it is back`() async throws {
        try await GistGitHubScene.with { scene in
            await scene.github.stop()
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let failed = try await daemon.waitForModel("tiny", "tells of the host") { $0.gist.state == .failed }
            #expect(failed.note?.contains("127.0.0.1") == true && failed.hint?.contains("zooctl sync tiny") == true)
            let back = try await LoopbackGitHub.start(port: scene.github.port)
            back.addAccount(login: "octo", token: GistGitHubScene.token)
            #expect(try await daemon.zooctl("sync", "tiny").status == 0)
            try await daemon.waitUntilInSync()
            #expect(back.gists().count == 1)
            await back.stop()
        }
    }

    @Test func `a gist that was met without a token is written to as soon as there is one`() async throws {
        try await GistGitHubScene.with { scene in
            func configure(_ token: String) throws {
                try scene.zoo.configure(["gists": "{ host: github, poll: 7d, api_url: '\(scene.github.apiURL)'\(token) }"])
            }
            try configure("")
            let gist = scene.github.addGist(owner: "octo", isPublic: true, texts: ["readme.md": "x"])
            let text = "---\nname: Net\nlicense: MIT\ngist_id: \(gist)\n---\n\nText.\n"
            scene.github.push(text, as: "readme.md", to: gist)
            try scene.zoo.write(text, to: "tiny/readme.md")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            try await daemon.waitForModel("tiny", "is followed") { $0.gist.state == .readOnly }
            try configure(", token_file: \(scene.tokenPath)")
            #expect(try await daemon.zooctl("reload").status == 0)
            try await daemon.waitUntilInSync()
            try scene.edit("tiny")
            try await eventually("it is sent", within: .seconds(30)) {
                try scene.github.gist(gist)?.text("readme.md") == scene.zoo.text(of: "tiny/readme.md")
            }
        }
    }

    @Test func `a token file that others may read is refused, with the command that helps`() async throws {
        try await GistGitHubScene.with { scene in
            try scene.writeToken(GistGitHubScene.token, mode: 0o644)
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let failed = try await daemon.waitForModel("tiny", "tells of the token file") { $0.gist.state == .failed }
            let health = try #require(try await daemon.status().health.first { $0.code == "token-refused" })
            for text in [failed.note ?? "", health.text] { #expect(text.contains("chmod 600 \(scene.tokenPath)")) }
            #expect(failed.hint?.contains("zooctl reload") == true && health.hint == "then: zooctl reload")
            #expect(try await daemon.status().daemon.state == .degraded && scene.github.requests.count == 0)
            try scene.writeToken(GistGitHubScene.token)
            #expect(try await daemon.zooctl("reload").status == 0)
            try await daemon.waitUntilInSync()
            #expect(try await daemon.status().health.isEmpty)
        }
    }
}
