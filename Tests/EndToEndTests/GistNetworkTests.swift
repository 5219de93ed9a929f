import Foundation
import Testing
import ZooTestSupport

/// Everything about gists through TLS, an own authority and a proxy.
struct GistNetworkTests {
    @Test
    func `through a proxy and with an own authority a gist is made, changed, pulled, added and deleted, and the proxy learns names only`()
        async throws
    {
        try await GistNetworkScene.with { scene in
            try scene.zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            #expect(scene.github.gist(id)?.revisions.count == 2)

            let theirs = try #require(try scene.zoo.text(of: "tiny/readme.md")) + "Theirs.\n"
            scene.github.push(theirs, as: "readme.md", to: id)
            #expect(try await daemon.zooctl("pull", "tiny").status == 0)
            #expect(try scene.zoo.text(of: "tiny/readme.md") == theirs)
            try scene.zoo.write(theirs + "Ours.\n", to: "tiny/readme.md")
            try await eventually("it is sent") { scene.github.gist(id)?.text("readme.md") == theirs + "Ours.\n" }

            // More files than the API lists come by git, a large one by its raw URL, the weights from a host of their own.
            let content = FileContent.generated(seed: 4, byteCount: 300_000)
            scene.weights.serve(content, at: "many.caffemodel")
            let readme = ReadmeText(
                name: "Many", caffemodel: "many.caffemodel", url: "https://\(scene.places.weights)/many.caffemodel",
                sha1: try content.digests().sha1)
            var files = Dictionary(uniqueKeysWithValues: (0..<301).map { ("f\($0).prototxt", "name: \"f\($0)\"\n") })
            files["readme.md"] = readme.text
            let many = scene.github.addGist(owner: "bair", isPublic: true, texts: files)
            let added = try await daemon.zooctl("add", "https://ghe.localhost/gist/bair/\(many)")
            #expect(added.status == 0, "\(added.standardError)")
            #expect(try scene.zoo.names(in: "many").count == 303)
            #expect(try scene.zoo.bytes(of: "many/many.caffemodel") == content.bytes(in: 0..<300_000))
            let large = scene.github.addGist(
                owner: "bair", isPublic: true,
                texts: ["readme.md": ReadmeText(name: "Large").text, "large.txt": String(repeating: "x", count: 1_100_000)])
            #expect(try await daemon.zooctl("add", large).status == 0)
            #expect(scene.github.rawRequests.all.contains { $0.path.hasSuffix("/large.txt") })

            #expect(try await daemon.zooctl("unpublish", "tiny", "--yes").status == 0)
            #expect(scene.github.gist(id) == nil)
            let doctor = try await daemon.zooctl("doctor")
            #expect(doctor.status == 0 && doctor.standardOutput.contains("a proxy is used"), "\(doctor.standardOutput)")

            let places = [scene.places.api, scene.places.raw, scene.places.weights]
            #expect(Set(scene.proxy.requests) == Set(places.map { "CONNECT \($0)" }))
            // What it carries is encrypted; and only the API is told the token.
            #expect(!scene.proxy.mentions(GistGitHubScene.token) && !scene.proxy.mentions("gist_id"))
            #expect(!scene.github.rawRequests.mentions(GistGitHubScene.token) && !scene.weights.requests.mentions(GistGitHubScene.token))
            #expect(scene.github.requests.all.allSatisfy { $0.path.hasPrefix("/api/v3/") })
        }
    }

    @Test func `hosts of no_proxy are reached without the proxy, all others only through it`() async throws {
        try await GistNetworkScene.with { scene in
            let network = "proxy: '\(scene.proxy.url)', ca_file: \(scene.authority.caFile)"
            try scene.configure(network: "{ \(network), no_proxy: [.ghe.localhost] }")
            try scene.zoo.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            #expect(scene.proxy.requests.isEmpty)
            let asked = scene.github.requests.count
            _ = try await daemon.terminate()

            // A proxy that is not there is told as that, and nothing goes past it.
            try scene.configure(network: "{ proxy: 'http://127.0.0.1:1', ca_file: \(scene.authority.caFile) }")
            try scene.zoo.write(try #require(try scene.zoo.text(of: "tiny/readme.md")) + "More.\n", to: "tiny/readme.md")
            let walled = try await RunningDaemon.start(in: scene.zoo)
            let failed = try await walled.waitForModel("tiny", "tells of the proxy") { $0.gist.state == .failed }
            #expect(failed.note?.contains("proxy") == true || failed.note?.contains("127.0.0.1 port 1") == true, "\(failed.note ?? "")")
            #expect(failed.hint?.contains("zooctl sync tiny") == true)
            #expect(scene.github.requests.count == asked && scene.github.gist(id)?.revisions.count == 2)
        }
    }

    @Test func `a certificate that nobody vouches for ends it before a request, with the way out, for gists and for weights`() async throws
    {
        try await GistNetworkScene.with { scene in
            let (other, content) = (try await OwnAuthority(for: "ghe.localhost"), FileContent.generated(seed: 5, byteCount: 1000))
            scene.weights.serve(content, at: "x.caffemodel")
            try scene.zoo.makeModel(
                "tiny", ReadmeText(url: "https://\(scene.places.weights)/x.caffemodel", sha1: try content.digests().sha1))
            for trusted in [", ca_file: \(other.caFile)", ""] {
                try scene.configure(network: "{ proxy: '\(scene.proxy.url)'\(trusted) }")
                let daemon = try await RunningDaemon.start(in: scene.zoo)
                let failed = try await daemon.waitForModel("tiny", "tells of the certificate") {
                    $0.gist.note?.contains("network.ca_file") == true && $0.binaries.first?.note?.contains("network.ca_file") == true
                }
                #expect(failed.gist.state == .failed && failed.hint?.contains("zooctl sync tiny") == true)
                _ = try await daemon.terminate()
            }
            #expect(scene.github.requests.count == 0 && scene.weights.requests.count == 0)
            try scene.configure()
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            #expect(try await daemon.zooctl("fetch", "tiny").status == 0)
            try await daemon.waitUntilInSync()
        }
    }

    @Test func `the API's redirects are followed within its origin, with any method, and to no other`() async throws {
        try await GistNetworkScene.with { scene in
            try scene.zoo.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            let path = "/api/v3/gists/\(id)"
            scene.github.inject(.redirect(to: "\(path)?moved=1", status: 301), on: .get.and(.path(path)))
            scene.github.inject(.redirect(to: "\(scene.apiURL)/gists/\(id)?moved=2", status: 308), on: .patch)
            let edited = try #require(try scene.zoo.text(of: "tiny/readme.md")) + "More.\n"
            try scene.zoo.write(edited, to: "tiny/readme.md")
            try await eventually("it is sent") { scene.github.gist(id)?.text("readme.md") == edited }
            #expect(Set(scene.github.requests.all.compactMap { $0.query["moved"] }) == ["1", "2"])
            try await daemon.waitUntilInSync()

            // To its other port, to plain http, and to a host that the proxy would lead to.
            let others = ["https://\(scene.places.raw)/x", "http://\(scene.places.api)\(path)", "https://\(scene.places.weights)/x"]
            for (number, other) in others.enumerated() {
                let (raw, weights) = (scene.github.rawRequests.count, scene.weights.requests.count)
                scene.github.inject(.redirect(to: other, status: 307), on: .patch)
                try scene.zoo.write(edited + "\(number)\n", to: "tiny/readme.md")
                let failed = try await daemon.waitForModel("tiny", "is refused: \(other)") { $0.gist.state == .failed }
                #expect(failed.note?.contains("redirected") == true && failed.hint != nil, "\(failed.note ?? "")")
                #expect(scene.github.rawRequests.count == raw && scene.weights.requests.count == weights)
                #expect(try await daemon.zooctl("sync", "tiny").status == 0)
                try await daemon.waitUntilInSync()
            }
            #expect(!scene.proxy.requests.contains { $0.hasPrefix("PATCH") || $0.hasPrefix("GET") })
            #expect(!scene.github.rawRequests.mentions(GistGitHubScene.token) && !scene.weights.requests.mentions(GistGitHubScene.token))
        }
    }
}
