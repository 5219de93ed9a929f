import Foundation
import ModelInfo
import SyncEngine
import Testing
import Transfers
import ZooTestSupport

/// What only GitHub has: limits, permissions, other people's servers in between, answers that never come.
@Suite struct GistsGitHubTests {
    private let id = GistID(bare: "034c6ac3865563b69e60034c6ac38655")!
    private let change = GistChange(files: ["readme.md": "changed\n"])

    @Test func `the token travels in one header to one origin, and is in no message`() async throws {
        try await withGitHub { github in
            let host = try github.host()
            let large = String(repeating: "0123456789abcdef\n", count: 100_000)
            let made = try await host.create(GistDraft(description: "", isPublic: false, files: ["large.txt": large]))
            #expect(try await host.read(made.id).files["large.txt"] == large)
            #expect(!github.rawRequests.all.isEmpty)
            #expect(!github.rawRequests.mentions(LoopbackGitHub.token))
            for request in github.requests.all {
                let carriers = request.headers.filter { $0.value.contains(LoopbackGitHub.token) }
                #expect(carriers.map { $0.name.lowercased() } == ["authorization"])
                #expect(!request.target.contains(LoopbackGitHub.token) && !request.text.contains(LoopbackGitHub.token))
            }
            github.inject(.status(403, body: #"{"message":"no"}"#))
            let reason = await failure { try await host.read(made.id) }
            #expect(reason?.text.contains(LoopbackGitHub.token) == false)
            #expect(!"\(host)".contains(LoopbackGitHub.token))
        }
    }

    @Test func `every request says what it accepts, which version it speaks and who it is`() async throws {
        try await withGitHub { github in
            for version in GitHubAPIVersion.allCases { _ = try await github.host(version: version).own(since: .distantPast) }
            #expect(github.requests.all.map { $0.header("x-github-api-version") } == ["2022-11-28", "2026-03-10"])
            #expect(github.requests.all.allSatisfy { $0.header("accept") == "application/vnd.github+json" })
            #expect(github.requests.all.allSatisfy { $0.header("user-agent") == "zood-tests" })
        }
    }

    @Test func `all pages of a list are read, by the links that GitHub gives`() async throws {
        try await withGitHub { github in
            for number in 0..<205 { _ = github.addGist(owner: "octo", description: "gist \(number)", texts: ["a.txt": "\(number)"]) }
            let listed = try await github.host().own(since: .distantPast)
            #expect(Set(listed.map(\.description)).count == 205)
            #expect(listed.allSatisfy { $0.owner == "octo" })
            #expect(github.requests.count == 3)
        }
    }

    @Test func `the time that a list begins at is GitHub's to filter by`() async throws {
        try await withGitHub { github in
            _ = github.addGist(owner: "octo", files: ["old.txt": Array("x".utf8)], at: Date(timeIntervalSinceNow: -86_400))
            let new = github.addGist(owner: "octo", texts: ["new.txt": "x"])
            let since = Date(timeIntervalSince1970: 1_700_000_000.75)
            _ = try await github.host().own(since: since)
            #expect(github.requests.all.last?.query["since"] == "2023-11-14T22:13:20Z")
            #expect(try await github.host().own(since: Date(timeIntervalSinceNow: -3600)).map(\.id.description) == [new])
        }
    }

    @Test func `a gist without description has an empty one`() async throws {
        try await withGitHub { github in
            let id = GistID(bare: github.addGist(owner: "octo", texts: ["a.txt": "x"]))!
            let read = try await github.host().read(id)
            #expect(read.description == "")
        }
    }

    @Test(arguments: GitHubAPIVersion.allCases)
    func `the revision is the newest, and the content is that revision's`(_ version: GitHubAPIVersion) async throws {
        try await withGitHub { github in
            let host = try github.host(version: version)
            let made = try await host.create(.model)
            github.push("pushed\n", as: "readme.md", to: made.id.description)
            let read = try await host.read(made.id)
            #expect(read.revision == github.gist(made.id.description)?.revisions.last?.version)
            #expect(read.files["readme.md"] == "pushed\n")
            #expect(read.owner == "octo")
            #expect(read.url.contains(made.id.description))
        }
    }

    @Test func `bytes that are no text are named`() async throws {
        try await withGitHub { github in
            let id = GistID(bare: github.addGist(owner: "octo", files: ["a.txt": Array("x".utf8), "w.bin": [0xff, 0xfe, 0x00, 0x80]]))!
            let read = try await github.host().read(id)
            #expect(read.notText == ["w.bin"])
            #expect(read.files == ["a.txt": "x"])
        }
    }

    @Test func `a raw file that ends early is never taken for the file`() async throws {
        try await withGitHub { github in
            let id = GistID(bare: github.addGist(owner: "octo", texts: ["large.txt": String(repeating: "y", count: 1_500_000)]))!
            github.injectRaw(.status(200, body: "short"))
            #expect(await failure { try await github.host().read(id) }?.kind == "nonsense")
            github.injectRaw(.hangUp(atBodyByte: 1000))
            #expect(await failure { try await github.host().read(id) }?.kind == "unavailable")
            github.injectRaw(.status(503))
            #expect(await failure { try await github.host().read(id) }?.kind == "unavailable")
            let read = try await github.host().read(id)
            #expect(read.files["large.txt"]?.utf8.count == 1_500_000)
        }
    }

    @Test func `the account tells login, scopes and when the token ends`() async throws {
        try await withGitHub { github in
            let expires = Date(timeIntervalSince1970: 1_900_000_000)
            github.addAccount(login: "octo", token: "ghp_other", access: .scopes(["gist", "repo"]), tokenExpiresAt: expires)
            github.addAccount(login: "octo", token: "github_pat_x", access: .fineGrained(.write))
            let classic = try await github.host(token: "ghp_other").account()
            #expect(classic.login == "octo" && classic.scopes == ["gist", "repo"] && classic.tokenExpiresAt == expires)
            #expect(classic.hostTime != nil)
            #expect(try await github.host(token: "github_pat_x").account().scopes == nil)
        }
    }

    // MARK: Refusals

    @Test func `without a token nothing but reading is even asked`() async throws {
        try await withGitHub { github in
            let id = GistID(bare: github.addGist(owner: "octo", texts: ["a.txt": "x"]))!
            let host = try github.host(token: nil)
            #expect(try await host.read(id).files == ["a.txt": "x"])
            let asked = github.requests.count
            for reason in [
                await failure { try await host.create(.model) }, await failure { try await host.update(id, change) },
                await failure { try await host.delete(id) }, await failure { try await host.own(since: .distantPast) },
            ] {
                // Nobody was asked: reading needs none.
                #expect(reason?.kind == "forbidden")
                #expect(reason?.text.contains("gists.token_file") == true)
            }
            #expect(try await host.account().login == nil)
            #expect(github.requests.count == asked)
        }
    }

    @Test func `a wrong token says so`() async throws {
        try await withGitHub { github in
            let host = try github.host(token: "ghp_wrong")
            #expect(await failure { try await host.create(.model) }?.kind == "notSignedIn")
            #expect(await failure { try await host.account() }?.kind == "notSignedIn")
        }
    }

    @Test func `a token without the scope does not make a gist look gone`() async throws {
        try await withGitHub { github in
            github.addAccount(login: "octo", token: "ghp_poor", scopes: ["repo"])
            let id = GistID(bare: github.addGist(owner: "octo", isPublic: true, texts: ["readme.md": "x"]))!
            let host = try github.host(token: "ghp_poor")
            for reason in [
                await failure { try await host.create(.model) }, await failure { try await host.update(id, change) },
                await failure { try await host.delete(id) },
            ] {
                #expect(reason?.kind == "forbidden")
                #expect(reason?.text.contains("scope 'gist'") == true)
            }
        }
    }

    @Test func `a fine-grained token without the permission says which one`() async throws {
        try await withGitHub { github in
            github.addAccount(login: "octo", token: "github_pat_poor", access: .fineGrained(.read))
            let reason = await failure { try await github.host(token: "github_pat_poor").create(.model) }
            #expect(reason?.kind == "forbidden")
            #expect(reason?.text.contains("Gists: read and write") == true)
        }
    }

    @Test func `somebody else's gist can be read and not changed`() async throws {
        try await withGitHub { github in
            github.addAccount(login: "other", token: "ghp_other", scopes: ["gist"])
            let id = GistID(bare: github.addGist(owner: "other", isPublic: true, texts: ["readme.md": "theirs"]))!
            let host = try github.host()
            #expect(try await host.read(id).owner == "other")
            #expect(await failure { try await host.update(id, change) }?.kind == "notFound")
            #expect(github.gist(id.description)?.text("readme.md") == "theirs")
        }
    }

    @Test func `an account that is suspended, and a gist that was taken down, are told as such`() async throws {
        try await withGitHub { github in
            let id = GistID(bare: github.addGist(owner: "octo", texts: ["a.txt": "x"]))!
            github.takeDown(id.description)
            #expect(await failure { try await github.host().read(id) }?.kind == "takenDown")
            github.suspend(login: "octo")
            let reason = await failure { try await github.host().account() }
            #expect(reason?.kind == "notSignedIn")
            #expect(reason?.text.contains("account is suspended: only GitHub's support") == true)
        }
    }

    @Test func `an id of the local host is not looked for at GitHub`() async throws {
        try await withGitHub { github in
            let id = GistID(bare: "local-00000000000000000000000000000000")!
            #expect(await failure { try await github.host().read(id) }?.kind == "notFound")
            #expect(github.requests.count == 0)
        }
    }

    // MARK: Limits

    @Test(arguments: [403, 429])
    func `over the primary limit nothing may be asked before its reset`(_ status: Int) async throws {
        try await withGitHub { github in
            github.change { $0.overLimitStatus = status }
            github.setLimit(remaining: 0, resetsIn: .seconds(600), for: "octo")
            guard case .limited(let until?, _) = await failure(of: { try await github.host().create(.model) }) else {
                Issue.record("not limited")
                return
            }
            #expect((540.0...602.0).contains(until.timeIntervalSinceNow))
        }
    }

    @Test func `over a secondary limit the server's Retry-After counts, in seconds or as a date`() async throws {
        try await withGitHub { github in
            let body = #"{"message":"You have exceeded a secondary rate limit."}"#
            let later = Date(timeIntervalSinceNow: 90)
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: "GMT")
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            for value in ["90", format.string(from: later)] {
                github.inject(.status(403, headers: [("retry-after", value), ("x-ratelimit-remaining", "4000")], body: body))
                guard case .limited(let until?, _) = await failure(of: { try await github.host().create(.model) }) else {
                    Issue.record("not limited by \(value)")
                    return
                }
                #expect((40.0...93.0).contains(until.timeIntervalSinceNow))
            }
            github.inject(.status(403, headers: [("x-ratelimit-remaining", "4000")], body: body))
            #expect(await failure { try await github.host().create(.model) }?.kind == "limited")
            github.inject(.status(429))
            #expect(await failure { try await github.host().read(id) }?.kind == "limited")
        }
    }

    // MARK: Answers that do not come

    @Test(arguments: [500, 502, 503, 504])
    func `a server error leaves a write open and a read undone`(_ status: Int) async throws {
        try await withGitHub { github in
            let host = try github.host()
            let fault = Fault.status(status, headers: [("content-type", "text/html")], body: "<html>Unicorn!</html>")
            github.inject(fault, times: 4)
            #expect(await failure { try await host.create(.model) }?.kind == "answerLost")
            #expect(await failure { try await host.update(id, change) }?.kind == "answerLost")
            #expect(await failure { try await host.delete(id) }?.kind == "answerLost")
            #expect(await failure { try await host.read(id) }?.kind == "unavailable")
        }
    }

    @Test(arguments: GitHubAPIVersion.allCases)
    func `a POST whose answer is lost was one POST, and the list finds what it made`(_ version: GitHubAPIVersion) async throws {
        try await withGitHub { github in
            let host = try github.host(version: version)
            for fault in [Fault.hangUpAfterHandling, .hangUp(atBodyByte: 40), .reset(atBodyByte: 40)] {
                let before = github.gists().count
                github.inject(fault, on: .post)
                #expect(await failure { try await host.create(.model) }?.kind == "answerLost")
                #expect(github.gists().count == before + 1)
            }
            #expect(github.requests.requests("POST").count == 3)
            let found = try await host.own(since: Date(timeIntervalSinceNow: -60))
            #expect(found.map(\.description) == Array(repeating: GistDraft.model.description, count: 3))
        }
    }

    @Test func `a server that is not there did nothing`() async throws {
        // Nobody listens there; a port that was free a moment ago may be another test's by now.
        let client = try APIClient(
            baseURL: "http://127.0.0.1:1", token: SecretToken("ghp_x"), settings: NetworkSettings(userAgent: "zood-tests"))
        let host = GitHubGistHost(client: client, isSignedIn: true)
        #expect(await failure { try await host.create(.model) }?.kind == "unavailable")
        #expect(await failure { try await host.read(id) }?.kind == "unavailable")
    }

    @Test func `a login page with status 200 is no answer`() async throws {
        try await withGitHub { github in
            let host = try github.host()
            github.inject(.loginPage, times: 4)
            #expect(await failure { try await host.read(id) }?.kind == "nonsense")
            #expect(await failure { try await host.own(since: .distantPast) }?.kind == "nonsense")
            #expect(await failure { try await host.create(.model) }?.kind == "answerLost")
            #expect(await failure { try await host.delete(id) }?.kind == "answerLost")
        }
    }

    @Test func `a redirect to another server is not followed`() async throws {
        try await withGitHub { other in
            try await withGitHub { github in
                github.inject(.redirect(to: other.apiURL + "/gists", status: 307), on: .post)
                let reason = await failure { try await github.host().create(.model) }
                #expect(reason?.kind == "refused" || reason?.kind == "nonsense")
                #expect(other.requests.count == 0)
            }
        }
    }

    @Test func `a next page on another server is not asked for`() async throws {
        try await withGitHub { other in
            try await withGitHub { github in
                github.inject(.header("link", "<\(other.apiURL)/gists?page=2>; rel=\"next\""))
                let host = try github.host()
                #expect(await failure { try await host.own(since: .distantPast) }?.kind == "refused")
                #expect(other.requests.count == 0)
            }
        }
    }

    @Test func `what was done is not told as undone because a look at it failed`() async throws {
        try await withGitHub { github in
            let host = try github.host(version: .march2026)
            github.inject(.status(502), on: .get)
            let made = try await host.create(.model)
            #expect(made.files == GistDraft.model.files)
            #expect(made.revision == nil)
            #expect(github.gists().count == 1)
        }
    }
}
