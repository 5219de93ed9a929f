import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct LoopbackGitHubTests {
    @Test func `a new gist is secret, has an id of 32 digits, one revision and contents`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let made = try await github.make(["readme.md": "one\ntwo\n"])
        #expect(made.code == 201)
        #expect(GistID(bare: made.id) != nil && made.id.count == 32)
        #expect(made.header("location") == "\(github.apiURL)/gists/\(made.id)")
        #expect(made.json["public"] as? Bool == false)
        #expect(made.file("readme.md")?["content"] as? String == "one\ntwo\n")
        #expect(made.file("readme.md")?["size"] as? Int == 8)
        #expect(made.file("readme.md")?["truncated"] as? Bool == false)
        #expect(made.history.count == 1)
        #expect((made.history[0]["version"] as? String)?.count == 40)
        #expect(made.history[0]["change_status"] as? [String: Int] == ["total": 2, "additions": 2, "deletions": 0])
        #expect((made.json["owner"] as? [String: Any])?["login"] as? String == "ada")
        #expect(github.gist(made.id)?.text("readme.md") == "one\ntwo\n")
        await github.stop()
    }

    @Test func `a change touches the named files only and makes a revision`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = try await github.make(["a": "1", "b": "2", "c": "3"]).id
        let change: [String: Any] = [
            "files": ["a": ["content": "one"], "b": NSNull(), "c": ["filename": "d"], "e": ["content": "new"]]
        ]
        let changed = try await github.ask("PATCH", "/gists/\(id)", change)
        #expect(changed.code == 200)
        #expect(changed.fileNames == ["a", "d", "e"])
        #expect(changed.file("a")?["content"] as? String == "one")
        #expect(changed.file("d")?["content"] as? String == "3")
        #expect(changed.json["description"] as? String == "d")
        #expect(changed.history.count == 2)
        let first = try #require(changed.history.last?["version"] as? String)
        let old = try await github.ask("GET", "/gists/\(id)/\(first)")
        #expect(old.fileNames == ["a", "b", "c"])
        #expect(try await github.ask("GET", "/gists/\(id)/commits").list.count == 2)
        await github.stop()
    }

    @Test func `a change that changes nothing makes no revision`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = try await github.make(["a": "1"]).id
        #expect(try await github.ask("PATCH", "/gists/\(id)", [String: String]()).code == 200)
        #expect(try await github.ask("PATCH", "/gists/\(id)", ["files": ["a": ["content": "1"]]]).history.count == 1)
        await github.stop()
    }

    @Test(arguments: [
        #"{"files":{"a":{"content":""}}}"#, #"{"files":{"a":{"content":" \n\t"}}}"#, #"{"files":{"x/y":{"content":"1"}}}"#,
        #"{"files":{}}"#, #"{"description":"d"}"#, #"{"files":{"a":{"content":5}}}"#, #"{"files":{"a":{"content":"1"}},"public":3}"#,
    ])
    func `a gist that GitHub does not take is a 422`(_ body: String) async throws {
        let github = try await LoopbackGitHub.withAda()
        let refused = try await github.ask("POST", "/gists", text: body)
        #expect(refused.code == 422)
        #expect(refused.json["status"] as? String == "422" && refused.json["documentation_url"] is String)
        #expect(github.gists().isEmpty)
        await github.stop()
    }

    @Test func `blank content is a missing field of the gist`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let errors = try await github.make(["a": " "]).json["errors"] as? [[String: String]]
        #expect(errors == [["resource": "Gist", "code": "missing_field", "field": "files"]])
        await github.stop()
    }

    @Test func `a body that is no JSON object is a 400`() async throws {
        let github = try await LoopbackGitHub.withAda()
        #expect(try await github.ask("POST", "/gists", text: "{").message == "Problems parsing JSON")
        let list = try await github.ask("POST", "/gists", text: "[1]")
        #expect(list.code == 400 && list.message == "Body should be a JSON object")
        await github.stop()
    }

    @Test func `a gist cannot lose its last file, nor take a null name`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = try await github.make(["a": "1"]).id
        #expect(try await github.ask("PATCH", "/gists/\(id)", ["files": ["a": NSNull()]]).code == 422)
        #expect(try await github.ask("PATCH", "/gists/\(id)", ["files": ["a": ["filename": NSNull()]]]).code == 422)
        #expect(try await github.ask("PATCH", "/gists/\(id)", ["files": ["a": ["filename": "x/y"]]]).code == 422)
        #expect(try await github.ask("PATCH", "/gists/\(id)", ["files": ["a": ["content": " "]]]).code == 422)
        #expect(github.gist(id)?.text("a") == "1")
        await github.stop()
    }

    @Test func `a deleted gist is gone`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = try await github.make(["a": "1"]).id
        let deleted = try await github.ask("DELETE", "/gists/\(id)")
        #expect(deleted.code == 204 && deleted.body.isEmpty)
        #expect(try await github.ask("GET", "/gists/\(id)").code == 404)
        #expect(try await github.ask("DELETE", "/gists/\(id)").code == 404)
        await github.stop()
    }

    @Test func `the newer API version has no history and forks in a gist, and says which it is`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = try await github.make(["a": "1"]).id
        let new = try await github.ask("GET", "/gists/\(id)", headers: ["X-GitHub-Api-Version: 2026-03-10"])
        #expect(new.json["history"] == nil && new.json["forks"] == nil)
        #expect(new.header("x-github-api-version-selected") == "2026-03-10")
        let old = try await github.ask("GET", "/gists/\(id)")
        #expect(old.history.count == 1 && old.json["forks"] != nil)
        #expect(old.header("x-github-api-version-selected") == "2022-11-28")
        #expect(try await github.ask("GET", "/gists/\(id)", headers: ["X-GitHub-Api-Version: 2020-01-01"]).code == 400)
        await github.stop()
    }

    @Test func `long lists come in pages that Link names`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let ids = (0..<5).map { github.addGist(owner: "ada", texts: ["f": "\($0)"]) }
        let first = try await github.ask("GET", "/gists?per_page=2")
        #expect(first.list.map { $0["id"] as? String } == [ids[4], ids[3]])
        #expect(
            first.header("link")
                == "<\(github.apiURL)/gists?page=2&per_page=2>; rel=\"next\", <\(github.apiURL)/gists?page=3&per_page=2>; rel=\"last\"")
        let last = try await github.ask("GET", "/gists?per_page=2&page=3")
        #expect(last.list.count == 1 && last.header("link")?.contains("rel=\"next\"") == false)
        #expect(try await github.ask("GET", "/gists").header("link") == nil)
        let files = first.list[0]["files"] as? [String: [String: Any]]
        #expect(files?["f"]?["content"] == nil && files?["f"]?["raw_url"] != nil)
        await github.stop()
    }

    @Test func `since leaves out what was not changed later`() async throws {
        let github = try await LoopbackGitHub.withAda()
        _ = github.addGist(owner: "ada", files: ["f": [65]], at: Date(timeIntervalSince1970: 1_000_000_000))
        let new = github.addGist(owner: "ada", files: ["f": [66]], at: Date(timeIntervalSince1970: 1_700_000_000))
        let listed = try await github.ask("GET", "/gists?since=2023-11-14T22:13:20Z").list
        #expect(listed.map { $0["id"] as? String } == [new])
        await github.stop()
    }

    @Test func `since takes any offset, keeps it over pages and refuses what is no time`() async throws {
        let github = try await LoopbackGitHub.withAda()
        for second in 0..<4 {
            _ = github.addGist(owner: "ada", files: ["f": [65]], at: Date(timeIntervalSince1970: 1_700_000_000 + Double(second)))
        }
        let late = try await github.ask("GET", "/gists?since=2023-11-15T00:13:21%2B02:00&per_page=2")
        let last = try #require(late.header("link")?.split(separator: "<").dropFirst().first?.prefix { $0 != ">" })
        #expect(late.list.count == 2)
        #expect(try await github.ask("GET", String(last.dropFirst(github.apiURL.count))).list.count == 1)
        #expect(try await github.ask("GET", "/gists?since=2023-11-14+22:13:22%2B00:00").list.count == 2)
        let refused = try await github.ask("GET", "/gists?since=yesterday")
        #expect(refused.code == 422 && refused.message.contains("ISO 8601"))
        await github.stop()
    }

    @Test func `lists of others show public gists only`() async throws {
        let github = try await LoopbackGitHub.withAda()
        github.addAccount(login: "bob", token: "bobs")
        let open = github.addGist(owner: "ada", isPublic: true, texts: ["f": "1"])
        _ = github.addGist(owner: "ada", texts: ["f": "2"])
        #expect(try await github.ask("GET", "/users/ada/gists", token: "bobs").list.map { $0["id"] as? String } == [open])
        #expect(try await github.ask("GET", "/gists/public", token: nil).list.count == 1)
        #expect(try await github.ask("GET", "/gists").list.count == 2)
        await github.stop()
    }

    @Test func `large files are cut and whole behind raw_url, without token`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let text = String(repeating: "ä line of text\n", count: 80_000)
        let id = try await github.make(["big.txt": text]).id
        let file = try #require(try await github.ask("GET", "/gists/\(id)").file("big.txt"))
        #expect(file["truncated"] as? Bool == true && file["size"] as? Int == text.utf8.count)
        let content = try #require(file["content"] as? String)
        #expect(text.hasPrefix(content) && content.utf8.count <= 1_000_000 && content.utf8.count > 999_990)
        let raw = try #require(file["raw_url"] as? String)
        #expect(raw.hasPrefix(github.rawOrigin) && !raw.hasPrefix(github.apiURL))
        #expect(try await github.ask("GET", raw, token: nil).body == Array(text.utf8))
        #expect(!github.rawRequests.mentions("good") && github.requests.mentions("good"))
        await github.stop()
    }

    @Test func `more than 300 files are listed in part`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let files = Dictionary(uniqueKeysWithValues: (0..<301).map { ("f\($0)", "x") })
        let id = github.addGist(owner: "ada", texts: files)
        let got = try await github.ask("GET", "/gists/\(id)")
        #expect(got.json["truncated"] as? Bool == true && got.fileNames.count == 300)
        await github.stop()
    }

    @Test func `bytes that are no text come in base64`() async throws {
        let github = try await LoopbackGitHub.withAda()
        let id = github.addGist(owner: "ada", texts: ["a": "1"])
        github.push(["b": [0xff, 0xfe]], to: id)
        let got = try await github.ask("GET", "/gists/\(id)")
        #expect(got.file("b")?["encoding"] as? String == "base64" && got.file("b")?["content"] as? String == "//4=")
        #expect(got.file("a")?["encoding"] as? String == "utf-8")
        let asked = try await github.ask("GET", "/gists/\(id)", headers: ["Accept: application/vnd.github.base64+json"])
        #expect(asked.file("a")?["content"] as? String == "MQ==")
        await github.stop()
    }

    @Test func `an Enterprise Server has its API below a path and no limits`() async throws {
        var settings = GitHubSettings()
        settings.hasLimits = false
        let github = try await LoopbackGitHub.withAda(settings: settings, basePath: "/api/v3")
        #expect(github.apiURL.hasSuffix("/api/v3"))
        let made = try await github.make(["a": "1"])
        #expect(made.code == 201 && made.header("x-ratelimit-limit") == nil)
        #expect((made.json["url"] as? String)?.hasPrefix(github.apiURL + "/gists/") == true)
        #expect(try await github.ask("GET", "/rate_limit").code == 404)
        let origin = github.apiURL.dropLast("/api/v3".count)
        #expect(try await github.ask("GET", origin + "/gists").code == 404)
        await github.stop()
    }

    @Test func `a new gist can be missing in listings for a while`() async throws {
        let github = try await LoopbackGitHub.withAda()
        github.change { $0.listingLag = .seconds(600) }
        let id = try await github.make(["a": "1"]).id
        #expect(try await github.ask("GET", "/gists").list.isEmpty)
        #expect(try await github.ask("GET", "/gists/\(id)").code == 200)
        await github.stop()
    }
}
