import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

struct ProcessOnceTests {
    @Test func `once ends when every model is settled: 0, 8 when a person is needed, 3 when something failed`() async throws {
        let files = try await LoopbackFileHost.start()
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ create: automatic }"])
        let content = FileContent.generated(seed: 3, byteCount: 100_000)
        let sha1 = ContentDigests(of: try content.bytes(in: 0..<100_000)).sha1
        try zoo.makeModel("good", ReadmeText(url: files.serve(content, at: "good.caffemodel"), sha1: sha1))
        let settled = try await zoo.zood("--once")
        #expect(settled.status == 0, "\(settled.standardError)")
        #expect(settled.standardOutput.contains("1 models: 1 ok, 0 need a person, 0 failed, 0 not settled"), "\(settled.standardOutput)")
        #expect(try zoo.bytes(of: "good/tiny.caffemodel")?.count == 100_000)
        #expect(try zoo.text(of: "good/readme.md")?.contains("gist_id: local-") == true)

        try zoo.write("---\nname: never closed\n", to: "broken/readme.md")
        try zoo.write(TemporaryZoo.prototxt, to: "broken/deploy.prototxt")
        let needed = try await zoo.zood("--once")
        #expect(needed.status == 8)
        #expect(needed.standardOutput.contains("broken: attention: "), "\(needed.standardOutput)")

        // Nothing that lies here has it.
        let other = try FileContent.generated(seed: 4, byteCount: 1000).digests().sha1
        try zoo.makeModel("lost", ReadmeText(url: files.url("nowhere.caffemodel"), sha1: other))
        let failed = try await zoo.zood("--once")
        #expect(failed.status == 3)
        #expect(failed.standardOutput.contains("lost: failed: "), "\(failed.standardOutput)")
        await files.stop()
    }

    @Test func `check says every mistake of the configuration with its place and the nearest key, and ends with 2`() async throws {
        let zoo = try TemporaryZoo()
        let good = try await zoo.zood("--check")
        #expect(good.status == 0)
        try zoo.configure(["gists": "\n  creat: automatic\n  poll: often", "verfiy": "{}"])
        for arguments in [["--check"], []] {
            let bad = try await zoo.zood(arguments.first ?? "--once")
            #expect(bad.status == 2)
            #expect(bad.standardError.contains("zood.yaml:3:3: gists: unknown key 'creat'; did you mean 'create'?"), "\(bad.standardError)")
            #expect(bad.standardError.contains(/zood\.yaml:4:9: gists\.poll/), "\(bad.standardError)")
            #expect(bad.standardError.contains("zood.yaml:5:1: unknown key 'verfiy'; did you mean 'verify'?"), "\(bad.standardError)")
        }
        #expect(!zoo.exists(zoo.state.appending("zood.sqlite")), "nothing was begun")
    }
}
