import Foundation
import ModelInfo
import SyncEngine
import Testing
import Transfers
import ZooTestSupport

/// Each way in which GitHub says no: what it means, and what a person is told to do.
@Suite struct GistsRefusalTests {
    private let id = GistID(bare: "034c6ac3865563b69e60034c6ac38655")!

    private func refusal(_ status: Int, _ message: String, headers: [(String, String)] = [], more: String = "") async throws -> GistFailure?
    {
        let github = try await LoopbackGitHub.start()
        github.inject(.status(status, headers: headers, body: #"{"message":"\#(message)"\#(more)}"#))
        let answer = await failure { try await github.host().update(id, GistChange(files: ["a.txt": "x"])) }
        await github.stop()
        return answer
    }

    @Test func `each refusal has its own words and says what helps`() async throws {
        let cases: [(Int, String, [(String, String)], String, kind: String, says: String)] = [
            (401, "Bad credentials", [], "", "notSignedIn", "put a good one into gists.token_file"),
            (403, "Sorry. Your account was suspended.", [], "", "notSignedIn", "only GitHub's support can end that"),
            (404, "Not Found", [("x-oauth-scopes", "repo, user")], "", "forbidden", "give it the scope 'gist'"),
            (404, "Not Found", [("x-oauth-scopes", "gist")], "", "notFound", "it is gone, belongs to another account"),
            (
                403, "Resource not accessible by personal access token", [("x-accepted-github-permissions", "gists=write")], "",
                "forbidden", "gists=write (Gists: read and write)"
            ),
            (
                403, "Gist access blocked", [], #","block":{"reason":"dmca","html_url":"https://github.com/tos"}"#,
                "takenDown", "(dmca, https://github.com/tos)"
            ),
            (
                422, "Validation Failed", [], #","errors":[{"resource":"Gist","code":"missing_field","field":"files"}]"#,
                "refused", "Gist files missing_field; a gist cannot hold what was sent"
            ),
            (410, "Gone: version no longer supported", [], "", "refused", "too old for this server"),
        ]
        for (status, message, headers, more, kind, says) in cases {
            let failure = try await refusal(status, message, headers: headers, more: more)
            #expect(failure?.kind == kind, "\(status) \(message)")
            #expect(failure?.text.contains(says) == true, "\(failure?.text ?? "")")
            #expect(failure?.text.contains("GitHub answered \(status), \(message)") == true)
        }
    }

    @Test func `while logins are blocked after wrong tokens, nothing is asked for a quarter of an hour`() async throws {
        let failure = try await refusal(403, "Maximum number of login attempts exceeded. Please try again later.")
        guard case .limited(let until?, let said)? = failure else {
            Issue.record("not limited")
            return
        }
        #expect((800.0...901.0).contains(until.timeIntervalSinceNow))
        #expect(said.contains("check gists.token_file"))
    }

    @Test func `a reset that lies far off or behind does not close the host for good, nor leave it open`() async throws {
        for (reset, expected) in [("99999999999", 86_000.0...86_401.0), ("1000", -30.0...1.1)] {
            let headers = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)]
            guard case .limited(let until?, _)? = try await refusal(403, "API rate limit exceeded", headers: headers) else {
                Issue.record("not limited")
                continue
            }
            #expect(expected.contains(until.timeIntervalSinceNow))
        }
    }

    @Test func `a certificate that is not trusted is told with the setting that helps`() async throws {
        let plain = try await LoopbackFileHost.start()
        let client = try APIClient(baseURL: "https://127.0.0.1:\(plain.port)", token: SecretToken("ghp_x"), settings: NetworkSettings())
        let reason = await failure { try await GitHubGistHost(client: client, isSignedIn: true).create(.model) }
        #expect(reason?.kind == "unavailable")
        #expect(reason?.text.contains("network.ca_file") == true)
    }

    @Test func `the lists of others need no token, the own one does, and a login is never a path`() async throws {
        try await withGitHub { github in
            github.addAccount(login: "other", token: "ghp_other", scopes: ["gist"])
            let open = github.addGist(owner: "other", isPublic: true, texts: ["a.txt": "x"])
            _ = github.addGist(owner: "other", texts: ["secret.txt": "x"])
            let host = try github.host(token: nil)
            let page = try await host.page(GistListingRequest(.of(login: "other"), since: Date(timeIntervalSinceNow: -60)))
            #expect(page.gists.map(\.id.description) == [open])
            let request = try #require(github.requests.all.last)
            #expect(request.path == "/users/other/gists")
            #expect(request.query.keys.sorted() == ["per_page", "since"])
            let same = GistListingRequest(
                .of(login: "other"), validator: try await host.page(GistListingRequest(.of(login: "other"))).validator)
            let used = github.usedRequests(of: nil)
            #expect(try await host.listing(same) == .unchanged)
            #expect(github.usedRequests(of: nil) == used)
            #expect(await failure { try await host.listing(GistListingRequest(.of(login: "nobody"))) }?.kind == "notFound")
            let asked = github.requests.count
            #expect(await failure { try await host.listing(GistListingRequest(.own)) }?.kind == "forbidden")
            for login in ["", "..", "a/b", "a?b", "a b", String(repeating: "a", count: 101)] {
                #expect(await failure { try await host.listing(GistListingRequest(.of(login: login))) }?.kind == "refused")
            }
            #expect(github.requests.count == asked)
        }
    }

    @Test func `a cursor leads nowhere but to the API`() async throws {
        try await withGitHub { other in
            try await withGitHub { github in
                for cursor in [other.apiURL + "/gists?page=2", "file:///etc/passwd", "//\(other.apiURL.dropFirst(7))/gists"] {
                    let request = GistListingRequest(.own, cursor: cursor)
                    let kind = await failure { try await github.host().listing(request) }?.kind
                    #expect(kind == "refused" || kind == "notFound", "\(cursor)")
                }
                #expect(other.requests.count == 0)
            }
        }
    }

    @Test func `an answer without history is paired with a revision only when it is that one`() async throws {
        try await withGitHub { github in
            let host = try github.host(version: .march2026)
            let made = try await host.create(.model)
            let asked = github.requests.count
            #expect(asked == 2)
            let changed = try await host.update(made.id, GistChange(files: ["readme.md": "ours\n"]))
            #expect(github.requests.count == asked + 3)
            #expect((changed.revision, changed.parent) == (github.gist(made.id.description)?.revisions.last?.version, made.revision))
            // Somebody else comes in between the PATCH and the look at the revisions.
            github.inject(.delay(.milliseconds(1500)), on: .get)
            async let answer = host.update(made.id, GistChange(files: ["readme.md": "ours again\n"]))
            try await eventually("the PATCH is done") { github.gist(made.id.description)?.text("readme.md") == "ours again\n" }
            github.push("theirs\n", as: "readme.md", to: made.id.description)
            let late = try await answer
            #expect(late.files["readme.md"] == "ours again\n")
            let theirs = github.gist(made.id.description)?.revisions.last?.version
            #expect(late.revision != theirs)
        }
    }
}
