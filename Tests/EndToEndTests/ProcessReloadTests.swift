import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

struct ProcessReloadTests {
    @Test func `a reload takes the whole new configuration, or nothing of it and says where it is wrong`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel("waiting")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("waiting", "waits to be published") { $0.gist.state == .unpublished }

        // The first section would do, the second would not: neither may count.
        try zoo.configure(["gists": "{ create: automatic }", "verify": "{ evry: 30d }"])
        daemon.send(SIGHUP)
        let refused = try await daemon.waitForHealth("reload-refused")
        #expect(refused.text.contains("zood.yaml:3:11: verify: unknown key 'evry'; did you mean 'every'?"), "\(refused.text)")
        #expect(refused.hint != nil)
        let asked = try await daemon.zooctl("reload")
        #expect(asked.status == 1)
        #expect(asked.standardError.contains("zood.yaml:3:11: "), "\(asked.standardError)")
        #expect(asked.standardError.contains("old configuration stays in force"))
        _ = try await daemon.zooctl("sync", "waiting")
        #expect(try await daemon.model("waiting")?.gist.state == .unpublished)

        try zoo.configure(["gists": "{ create: automatic }"])
        daemon.send(SIGHUP)
        try await daemon.waitForSync("waiting")
        #expect(try await daemon.status().health.isEmpty)

        try zoo.configure(["gists": "{ create: automatic }", "watch": "{ settle: 40ms }"])
        let taken = try await daemon.zooctl("reload")
        #expect(taken.status == 0)
        #expect(taken.standardOutput.contains("watch"), "\(taken.standardOutput)")
    }

    @Test func `a reload changes how the network is reached for API, git and downloads alike, or for none of them`() async throws {
        let files = try await LoopbackFileHost.start()
        try await GistGitHubScene.with(create: "manual") { scene in
            let wiki = scene.github.addGist(
                owner: "octo", texts: ["Zoo.md": "* [Net](https://gist.github.com/\(String(repeating: "ab", count: 10)))"])
            func configure(_ contact: String, _ others: [String: String] = [:]) throws {
                let github = "{ host: github, api_url: '\(scene.github.apiURL)', token_file: \(scene.tokenPath) }"
                let catalogs = "[{ name: lab, git: '\(scene.github.rawOrigin)/\(wiki).git', page: Zoo.md }]"
                try scene.zoo.configure(
                    ["gists": github, "catalogs": catalogs, "network": "{ contact: \(contact) }"].merging(others) { $1 })
            }
            /// Asks all three.
            func agents(_ daemon: RunningDaemon, _ model: String) async throws -> Set<String?> {
                for log in [scene.github.requests, scene.github.rawRequests, files.requests] { log.removeAll() }
                // What another model has would be copied.
                let content = FileContent.bytes(Array(model.utf8))
                let url = files.serve(content, at: "\(model).caffemodel")
                try scene.zoo.makeModel(model, ReadmeText(url: url, sha1: try content.digests().sha1))
                try await daemon.waitForModel(model, "has its binary") { $0.binaries.first?.state == .verified }
                #expect(try await daemon.zooctl("publish", model).status == 0)
                #expect(try await daemon.zooctl("add", "no such net").status == 2)
                let requests = [scene.github.requests, scene.github.rawRequests, files.requests].map(\.all)
                #expect(requests.allSatisfy { !$0.isEmpty })
                return Set(requests.joined().map { $0.header("User-Agent") })
            }
            try configure("before@example.org")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let before = try await agents(daemon, "one")
            #expect(before.count == 1 && before.first??.hasSuffix(" (before@example.org)") == true, "\(before)")

            try configure("wrong@example.org", ["verify": "{ evry: 30d }"])
            #expect(try await daemon.zooctl("reload").status == 1)
            #expect(try await agents(daemon, "two") == before)

            try configure("after@example.org")
            let answer = try await daemon.zooctl("reload", "--json")
            let report = try ControlCoding.decode(ReloadReport.self, from: Array(answer.standardOutput.utf8))
            #expect(report.changed == ["network"] && report.atNextStart.isEmpty)
            let after = try await agents(daemon, "three")
            #expect(after.count == 1 && after.first??.hasSuffix(" (after@example.org)") == true, "\(after)")
        }
        await files.stop()
    }
}
