import Foundation
import Testing
import ZooTestSupport

/// What GitHub refuses, and how it counts.
@Suite struct GitHubStrictnessTests {
    @Test func `without User-Agent nothing is answered, and not in JSON`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let refused = try await github.ask("GET", "/user", headers: ["User-Agent:"])
        #expect(refused.code == 403 && refused.json.isEmpty && refused.header("content-type")?.contains("json") == false)
        await github.stop()
    }

    @Test func `media types that it cannot make are refused`() async throws {
        let github = try await LoopbackGitHub.withAda()
        #expect(try await github.ask("GET", "/user", headers: ["Accept: application/xml"]).code == 415)
        #expect(try await github.ask("GET", "/user", headers: ["Accept: application/vnd.github+json"]).code == 200)
        await github.stop()
    }

    @Test func `credentials are checked even where none are needed`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = github.addGist(owner: "ada", isPublic: true, texts: ["a": "1"])
        #expect(try await github.ask("GET", "/gists/\(id)", token: nil).code == 200)
        let bad = try await github.ask("GET", "/gists/\(id)", token: "wrong")
        #expect(bad.code == 401 && bad.message == "Bad credentials")
        #expect(try await github.ask("POST", "/gists", token: nil, ["files": ["a": ["content": "1"]]]).code == 401)
        #expect(try await github.ask("GET", "/user", token: nil).code == 401)
        #expect(try await github.ask("GET", "/user?access_token=good", token: nil).code == 400)
        let basic = try await github.ask("GET", "/user", token: nil, headers: ["Authorization: Basic YWRhOmdvb2Q="])
        #expect(basic.code == 401)
        #expect(try await github.ask("GET", "/user", token: nil, headers: ["Authorization: token good"]).code == 200)
        await github.stop()
    }

    @Test func `too many bad credentials lock out the good ones too`() async throws {
        let github = try await LoopbackGitHub.withAda()
        github.change { $0.badLoginLimit = 2 }
        for _ in 0..<2 { #expect(try await github.ask("GET", "/user", token: "wrong").code == 401) }
        let locked = try await github.ask("GET", "/user")
        #expect(locked.code == 403 && locked.message.hasPrefix("Maximum number of login attempts"))
        await github.stop()
    }

    @Test func `a missing scope hides behind a 404, a missing permission does not`() async throws {
        let github = try await LoopbackGitHub.withAda()
        github.addAccount(login: "ada", token: "poor", scopes: ["repo"])
        github.addAccount(login: "ada", token: "github_pat_x", access: .fineGrained(.read))
        let secret = github.addGist(owner: "ada", texts: ["a": "1"])
        let poor = try await github.make(["a": "1"], token: "poor")
        #expect(poor.code == 404 && poor.header("x-oauth-scopes") == "repo" && poor.header("x-accepted-oauth-scopes") == "gist")
        #expect(try await github.ask("DELETE", "/gists/\(secret)", token: "poor").code == 404)
        #expect(try await github.ask("GET", "/gists", token: "poor").list.isEmpty)
        let fine = try await github.make(["a": "1"], token: "github_pat_x")
        #expect(fine.code == 403 && fine.message == "Resource not accessible by personal access token")
        #expect(fine.header("x-oauth-scopes") == nil && fine.header("x-accepted-github-permissions") == "gists=write")
        #expect(try await github.ask("GET", "/gists", token: "github_pat_x").list.count == 1)
        #expect(github.gists().count == 1)
        await github.stop()
    }

    @Test func `somebody else's gist can be read by its id and not be changed`() async throws {
        let github = try await LoopbackGitHub.withAda()
        github.addAccount(login: "bob", token: "bobs")
        let id = github.addGist(owner: "bob", texts: ["a": "1"])
        #expect(try await github.ask("GET", "/gists/\(id)").code == 200)
        #expect(try await github.ask("PATCH", "/gists/\(id)", ["files": ["a": ["content": "2"]]]).code == 404)
        #expect(try await github.ask("DELETE", "/gists/\(id)").code == 404)
        await github.stop()
    }

    @Test func `accounts and gists can be taken away`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = github.addGist(owner: "ada", texts: ["a": "1"])
        github.takeDown(id)
        let down = try await github.ask("GET", "/gists/\(id)")
        #expect(down.code == 403 && down.json["block"] != nil)
        github.suspend(login: "ada")
        #expect(try await github.ask("GET", "/user").message == "Sorry. Your account was suspended.")
        github.revoke(token: "good")
        #expect(try await github.ask("GET", "/user").code == 401)
        await github.stop()
    }

    @Test func `conditions on writes are a 400`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = github.addGist(owner: "ada", texts: ["a": "1"])
        let refused = try await github.ask(
            "PATCH", "/gists/\(id)", ["files": ["a": ["content": "2"]]], headers: ["If-Match: \"x\""])
        #expect(refused.code == 400 && github.gist(id)?.text("a") == "1")
        await github.stop()
    }

    @Test func `a trailing slash is a 404`() async throws {
        let github = try await LoopbackGitHub.withAda()
        #expect(try await github.ask("GET", "/gists/").code == 404)
        #expect(try await github.ask("GET", "/nonsense").message == "Not Found")
        await github.stop()
    }

    @Test func `what is known already is a 304 and not counted`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = github.addGist(owner: "ada", texts: ["a": "1"])
        let first = try await github.ask("GET", "/gists/\(id)")
        let etag = try #require(first.header("etag"))
        let used = github.usedRequests(of: "ada")
        let again = try await github.ask("GET", "/gists/\(id)", headers: ["If-None-Match: \(etag)"])
        #expect(again.code == 304 && again.body.isEmpty && github.usedRequests(of: "ada") == used)
        #expect(try await github.ask("GET", "/gists/\(id)", token: nil, headers: ["If-None-Match: \(etag)"]).code == 200)
        github.push("2", as: "a", to: id)
        #expect(try await github.ask("GET", "/gists/\(id)", headers: ["If-None-Match: \(etag)"]).code == 200)
        await github.stop()
    }

    @Test func `a date in If-Modified-Since serves as well`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = github.addGist(owner: "ada", texts: ["a": "1"])
        let date = try #require(try await github.ask("GET", "/gists/\(id)").header("last-modified"))
        #expect(try await github.ask("GET", "/gists/\(id)", headers: ["If-Modified-Since: \(date)"]).code == 304)
        let earlier = "If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT"
        #expect(try await github.ask("GET", "/gists/\(id)", headers: [earlier]).code == 200)
        await github.stop()
    }

    @Test func `the primary limit counts, tells and strikes`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let first = try await github.ask("GET", "/user")
        #expect(first.header("x-ratelimit-limit") == "5000" && first.header("x-ratelimit-resource") == "core")
        github.setLimit(remaining: 1, resetsIn: .seconds(100), for: "ada")
        #expect(try await github.ask("GET", "/user").header("x-ratelimit-remaining") == "0")
        let over = try await github.ask("GET", "/user")
        #expect(over.code == 403 && over.message.hasPrefix("API rate limit exceeded"))
        let reset = try #require(over.header("x-ratelimit-reset").flatMap { Double($0) })
        #expect(abs(reset - Date().timeIntervalSince1970 - 100) < 20)
        #expect(try await github.ask("GET", "/rate_limit").code == 200)
        github.change { $0.overLimitStatus = 429 }
        #expect(try await github.ask("GET", "/user").code == 429)
        github.setLimit(remaining: 1, resetsIn: .zero, for: "ada")
        #expect(try await github.ask("GET", "/user").code == 200)
        await github.stop()
    }

    @Test func `everybody without token shares a small limit`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = github.addGist(owner: "ada", isPublic: true, texts: ["a": "1"])
        #expect(try await github.ask("GET", "/gists/\(id)", token: nil).header("x-ratelimit-limit") == "60")
        github.setLimit(remaining: 0, resetsIn: .seconds(100), for: nil)
        #expect(try await github.ask("GET", "/gists/\(id)", token: nil).code == 403)
        #expect(try await github.ask("GET", "/gists/\(id)").code == 200)
        await github.stop()
    }

    @Test func `the secondary limit strikes writers in a hurry, or on demand`() async throws {
        let github = try await LoopbackGitHub.withAda()
        github.change { $0.writesPerMinute = 1 }
        #expect(try await github.make(["a": "1"]).code == 201)
        let limited = try await github.make(["a": "1"])
        #expect(limited.code == 403 && limited.message.contains("secondary rate limit") && limited.header("retry-after") == "60")
        github.change { $0.writesPerMinute = nil }
        github.inject(.secondaryLimit(status: 429, retryAfter: 3), on: .post)
        let injected = try await github.make(["a": "1"])
        #expect(injected.code == 429 && injected.header("retry-after") == "3" && injected.message.contains("secondary rate limit"))
        #expect(github.gists().count == 1 && github.requests.requests("POST").count == 3)
        await github.stop()
    }

    @Test func `an answer can be lost before or after the gist is made`() async throws {
        let github = try await LoopbackGitHub.withAda()
        github.inject(.hangUpBeforeHandling, on: .post)
        #expect(try await github.make(["a": "1"]).exitStatus == 52)
        #expect(github.gists().isEmpty)
        github.inject(.hangUpAfterHandling, on: .post)
        #expect(try await github.make(["a": "1"]).exitStatus == 52)
        #expect(github.gists().count == 1)
        github.inject(.unicorn(), on: .get)
        let unicorn = try await github.ask("GET", "/gists")
        #expect(unicorn.code == 502 && unicorn.header("content-type")?.hasPrefix("text/html") == true)
        await github.stop()
    }

    @Test func `the user is told with scopes and the token's end`() async throws {
        let github = try await LoopbackGitHub.withAda()
        github.addAccount(
            login: "ada", token: "short", access: .scopes(["gist", "repo"]), tokenExpiresAt: Date(timeIntervalSince1970: 4_000_000_000))
        let user = try await github.ask("GET", "/user", token: "short")
        #expect(user.json["login"] as? String == "ada" && user.json["id"] is Int && user.json["type"] as? String == "User")
        #expect(user.header("x-oauth-scopes") == "gist, repo")
        #expect(user.header("github-authentication-token-expiration") == "2096-10-02 07:06:40 UTC")
        #expect(try await github.ask("GET", "/versions").body == Array(#"["2026-03-10","2022-11-28"]"#.utf8))
        await github.stop()
    }
}
