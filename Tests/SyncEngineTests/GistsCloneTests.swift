import Foundation
import ModelInfo
import SystemPackage
import Testing
import Transfers
import ZooTestSupport

@testable import SyncEngine

/// What only git gives whole: large files and many.
@Suite struct GistsCloneTests {
    private func client(_ github: LoopbackGitHub) throws -> APIClient {
        try APIClient(baseURL: github.apiURL, token: SecretToken(LoopbackGitHub.token), settings: NetworkSettings(userAgent: "zood-tests"))
    }

    private func clone(_ client: APIClient, in directory: FilePath, _ change: (inout GistClone) -> Void = { _ in }) -> GistClone {
        var clone = GistClone(client: client, directory: directory)
        change(&clone)
        return clone
    }

    private func address(_ github: LoopbackGitHub, _ id: GistID) -> String { "\(github.rawOrigin)/\(id).git" }

    @Test(arguments: GitHubAPIVersion.allCases)
    func `a gist of more files than GitHub lists is read whole by git`(_ version: GitHubAPIVersion) async throws {
        try await withGitHub { github in
            var files = Dictionary(uniqueKeysWithValues: (0..<302).map { ("f\($0).txt", Array("\($0)\r\n".utf8)) })
            files["Ünï \"模型\".txt"] = Array("no end, \0".utf8)
            files["weights.bin"] = [0xff, 0x00]
            let id = GistID(bare: github.addGist(owner: "octo", description: "many", files: files))!
            let first = try #require(github.gist(id.description)?.revisions.last?.version)
            github.push("new\n", as: "f0.txt", to: id.description)
            let host = try github.host(version: version)
            let read = try await host.read(id)
            #expect(read.files.count == 303)
            #expect(read.files["f0.txt"] == "new\n")
            #expect(read.files["Ünï \"模型\".txt"] == "no end, \0")
            #expect(read.notText == ["weights.bin"])
            #expect((read.description, read.parent, read.owner) == ("many", first, "octo"))
            #expect(read.revision == github.gist(id.description)?.revisions.last?.version)
            let then = try await host.read(id, at: first)
            #expect((then.revision, then.files["f0.txt"]) == (first, "0\r\n"))
        }
    }

    @Test func `git gets no token, in no argument and no variable, and leaves nothing behind`() async throws {
        try await withGitHub { github in
            try await withTemporaryDirectory { directory in
                let id = GistID(bare: github.addGist(owner: "octo", texts: ["a.txt": "x\n"]))!
                let (script, log) = (directory.appending("git-that-tells").string, directory.appending("log").string)
                try Data("#!/bin/sh\n(echo \"$*\"; env) >> '\(log)'\nexec git \"$@\"\n".utf8).write(to: URL(fileURLWithPath: script))
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
                let clone = clone(try client(github), in: directory) { $0.program = script }
                let content = try await clone.read(id, from: address(github, id), revision: nil, .read(id))
                #expect(content.files.text == ["a.txt": "x\n"])
                let told = try String(contentsOfFile: log, encoding: .utf8)
                #expect(told.contains("fetch --quiet --depth=1") && told.contains("GIT_TERMINAL_PROMPT=0"))
                #expect(told.contains("GIT_ALLOW_PROTOCOL=http\n"))
                #expect(!told.contains(LoopbackGitHub.token))
                #expect(!github.rawRequests.mentions(LoopbackGitHub.token))
                #expect(github.rawRequests.all.allSatisfy { $0.header("authorization") == nil && $0.header("user-agent") == "zood-tests" })
                let left = try FileManager.default.contentsOfDirectory(atPath: directory.string)
                #expect(Set(left) == ["git-that-tells", "log"])
            }
        }
    }

    @Test(arguments: ["https://git.example.org", "http://localhost:1", "ssh://127.0.0.1", "file:///etc", "https://x:y@127.0.0.1", "-u"])
    func `a git address anywhere but beside the API is not asked`(_ origin: String) async throws {
        try await withGitHub { github in
            github.change { ($0.gitOrigin, $0.fileLimit) = (origin, 1) }
            let id = GistID(bare: github.addGist(owner: "octo", texts: ["a.txt": "x", "b.txt": "y"]))!
            let reason = await failure { try await github.host().read(id) }
            #expect(reason?.kind == "nonsense")
            #expect(reason?.text.contains("git address") == true)
        }
    }

    @Test func `beside the API is its own host and what ends in it`() throws {
        let github = try APIClient(baseURL: "https://api.github.com", token: nil, settings: NetworkSettings())
        let enterprise = try APIClient(baseURL: "https://git.example.org/api/v3", token: nil, settings: NetworkSettings())
        func may(_ client: APIClient, _ url: String) throws -> Bool { client.mayFetchByGit(try HTTPURL(url)) }
        #expect(try may(github, "https://gist.github.com/1.git") && may(github, "https://github.com/1.git"))
        #expect(try !may(github, "http://gist.github.com/1.git") && !may(github, "https://evilgithub.com/1.git"))
        #expect(try !may(github, "https://github.com.evil.org/1.git") && !may(github, "http://127.0.0.1/1.git"))
        #expect(try may(enterprise, "https://git.example.org/gist/1.git") && may(enterprise, "https://gist.git.example.org/1.git"))
        #expect(try !may(enterprise, "https://example.org/1.git") && !may(enterprise, "https://127.0.0.1/1.git"))
    }

    @Test func `a URL is one of the configured host's gists only when it leads there`() throws {
        let id = "034c6ac3865563b69e60"
        func may(_ api: String, _ prefix: String) throws -> Bool {
            try #require(GistReference(prefix + id)).mayBeKept(by: try HTTPURL(api))
        }
        for prefix in [
            "", "a/", "https://gist.github.com/a/", "git@gist.github.com:", "https://gist.githubusercontent.com/a/",
            "https://api.github.com/gists/",
        ] { #expect(try may("https://api.github.com", prefix), "\(prefix)") }
        for prefix in ["https://gitlab.com/snippets/", "https://evilgithub.com/", "https://git.example.org/gist/a/"] {
            #expect(try !may("https://api.github.com", prefix), "\(prefix)")
        }
        for prefix in ["", "https://git.example.org/gist/a/", "https://gist.git.example.org/a/", "git@git.example.org:"] {
            #expect(try may("https://git.example.org/api/v3", prefix), "\(prefix)")
        }
        for prefix in ["https://gist.github.com/a/", "https://gist.githubusercontent.com/a/", "https://example.org/gist/"] {
            #expect(try !may("https://git.example.org/api/v3", prefix), "\(prefix)")
        }
    }

    @Test func `what git receives is bounded in bytes and in time, and said`() async throws {
        try await withGitHub { github in
            try await withTemporaryDirectory { directory in
                // Random bytes do not get smaller on the way.
                let bytes = (0..<400_000).map { _ in UInt8.random(in: 0...255) }
                let id = GistID(bare: github.addGist(owner: "octo", files: ["w.bin": bytes]))!
                let small = clone(try client(github), in: directory) { $0.largestByteCount = 100_000 }
                #expect(
                    await failure { try await small.read(id, from: address(github, id), revision: nil, .read(id)) }?.kind == "unavailable")
                github.injectRaw(.stallBeforeHandling)
                let hasty = clone(try client(github), in: directory) { $0.deadline = .milliseconds(500) }
                let late = await failure { try await hasty.read(id, from: address(github, id), revision: nil, .read(id)) }
                #expect(late?.text.contains("did not end within") == true)
                let none = clone(try client(github), in: directory) { $0.program = "git-that-is-not-there" }
                let missing = await failure { try await none.read(id, from: address(github, id), revision: nil, .read(id)) }
                #expect(missing?.text.contains("apt install git") == true)
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory.string).isEmpty)
            }
        }
    }

    @Test func `git goes the way that the network settings name, and by no other protocol`() async throws {
        try await withTemporaryDirectory { directory in
            let proxy = try await LoopbackFileHost.start()
            let settings = NetworkSettings(proxy: proxy.origin, noProxy: ["near.zoo.invalid"], caFile: "/etc/own-ca.pem", userAgent: "z/1")
            let client = try APIClient(baseURL: "https://api.zoo.invalid", token: SecretToken("ghp_x"), settings: settings)
            let clone = GistClone(client: client, directory: directory)
            let git = clone.fetchProgram(for: try HTTPURL("https://gist.zoo.invalid/1.git"))
            #expect(git.allowedProtocols == ["https"])
            #expect(git.configuration["http.proxy"] == proxy.origin)
            #expect(git.configuration["http.sslCAInfo"] == "/etc/own-ca.pem")
            #expect(clone.fetchProgram(for: try HTTPURL("https://near.zoo.invalid/1.git")).configuration["http.proxy"] == "")
            let id = GistID(bare: "034c6ac3865563b69e60034c6ac38655")!
            let reason = await failure { try await clone.read(id, from: "https://gist.zoo.invalid/1.git", revision: nil, .read(id)) }
            #expect(reason?.kind == "unavailable")
            #expect(proxy.requests.all.map(\.method) == ["CONNECT"])
            #expect(proxy.requests.all.first?.target == "gist.zoo.invalid:443")
            #expect(!proxy.requests.mentions("ghp_x"))
        }
    }
}
