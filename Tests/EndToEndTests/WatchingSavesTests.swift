import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

struct WatchingSavesTests {
    /// A zoo with one published model, and its daemon.
    private func published(_ watch: String = "{ settle: 50ms, settle_max: 1s }") async throws -> (TemporaryZoo, RunningDaemon) {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ create: automatic }", "watch": watch])
        try zoo.makeModel("saved", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        try await eventually("the gist has its own id", within: .seconds(30)) {
            try await daemon.published("readme.md", of: "saved")?.contains("gist_id: ") == true
        }
        try await daemon.waitForSync("saved")
        return (zoo, daemon)
    }

    @Test func `however a file is saved, its new text becomes exactly one revision`() async throws {
        let (zoo, daemon) = try await published("{ settle: 400ms, settle_max: 10s }")
        let ways: [(String, String)] = [
            ("truncate and write", "{ cat deploy.prototxt; echo '# v1'; } > ../t && cat ../t > deploy.prototxt && rm ../t"),
            ("rename over", "{ cat deploy.prototxt; echo '# v2'; } > .deploy.swp && mv .deploy.swp deploy.prototxt"),
            (
                "rename away, then write",
                "mv deploy.prototxt deploy.prototxt~ && { cat deploy.prototxt~; echo '# v3'; } > deploy.prototxt && rm deploy.prototxt~"
            ),
            ("several writes", "for i in 1 2 3 4 5 6; do echo \"# v4 $i\" >> deploy.prototxt; done"),
            ("sed -i", "sed -i '1s/.*/name: \"v5\"/' deploy.prototxt"),
            ("cp", "{ cat deploy.prototxt; echo '# v6'; } > ../../new && cp ../../new deploy.prototxt"),
            (
                "cp --remove-destination",
                "{ cat deploy.prototxt; echo '# v7'; } > ../../new && cp --remove-destination ../../new deploy.prototxt"
            ),
            ("install", "{ cat deploy.prototxt; echo '# v8'; } > ../../new && install -m 644 ../../new deploy.prototxt"),
        ]
        var count = try await daemon.revisions(of: "saved").count
        for (way, script) in ways {
            try await zoo.shell("cd saved; \(script)")
            let text = try zoo.text(of: "saved/deploy.prototxt")
            try await eventually("\(way): the gist has it", within: .seconds(30)) {
                try await daemon.published("deploy.prototxt", of: "saved") == text
            }
            try await daemon.waitForSync("saved")
            count += 1
            #expect(try await daemon.revisions(of: "saved").count == count, "\(way)")
        }
        // Saving the same text again is no change.
        try await zoo.shell("touch saved/*; cat saved/readme.md > ../r; cat ../r > saved/readme.md")
        _ = try await daemon.zooctl("sync", "saved")
        try await daemon.waitForSync("saved")
        #expect(try await daemon.revisions(of: "saved").count == count)
    }

    @Test func `somebody who goes on writing is waited for, but not for ever`() async throws {
        let (zoo, daemon) = try await published("{ settle: 1s, settle_max: 1s }")
        let start = ContinuousClock.now
        try zoo.write(TemporaryZoo.prototxt + "# new\n", to: "saved/deploy.prototxt")
        try await eventually("the gist has it", within: .seconds(30)) {
            try await daemon.published("deploy.prototxt", of: "saved")?.contains("# new") == true
        }
        #expect(ContinuousClock.now - start >= .milliseconds(900))
    }

    @Test func `each saved readme is soon the gist's newest revision, none is missed`() async throws {
        let (zoo, daemon) = try await published()
        let url = try #require(try await daemon.model("saved")?.gist.url)
        let head = URL(filePath: url).appending(path: "refs/heads")
        let text = try #require(try zoo.text(of: "saved/readme.md"))
        func tip() -> String? {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: head.path)) ?? []
            return names.first { !$0.hasSuffix(".lock") }.flatMap { try? String(contentsOf: head.appending(path: $0), encoding: .utf8) }
        }
        var times: [Duration] = []
        for trial in 0..<30 {
            let before = tip()
            let start = ContinuousClock.now
            try zoo.write(text + "Trial \(trial).\n", to: "saved/readme.md")
            try await eventually("trial \(trial): a new revision", within: .seconds(2)) { tip() != before }
            times.append(ContinuousClock.now - start)
            let shown = try await daemon.published("readme.md", of: "saved")
            #expect(shown?.hasSuffix("Trial \(trial).\n") == true)
            try await daemon.waitForSync("saved")
        }
        times.sort()
        print("reaction with a settle of 50 ms, 30 trials: p50 \(times[14]), p95 \(times[28])")
    }
}
