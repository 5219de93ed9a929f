import ControlProtocol
import Foundation
import Testing

@testable import ZooTestSupport

struct WatchingLimitsTests {
    @Test func `when the kernel drops events, everything is in sync at the end all the same`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ create: automatic }"])
        try zoo.makeModel("changed", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        try zoo.makeModel("removed")
        try zoo.makeModel("noisy")
        let daemon = try await RunningDaemon.start(in: zoo)
        for id in ["changed", "removed", "noisy"] { try await daemon.waitForSync(id) }
        let limit = try String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)
        let count = try #require(Int(limit.trimmingCharacters(in: .whitespacesAndNewlines)))

        daemon.send(SIGSTOP)
        // Made and removed again: no trace but the events, two kinds of them so that none is merged with the one before.
        try await zoo.shell(
            "cd noisy; for ((i = 0; i < \(count / 300 + 1); i++)); do : > {1..100}; rm {1..100}; done".replacing(
                ": > {1..100}; rm {1..100}", with: "touch {1..100}; rm {1..100}"))
        try zoo.write(TemporaryZoo.prototxt + "# unseen\n", to: "changed/deploy.prototxt")
        try zoo.makeModel("appeared/inner")
        try await zoo.shell("rm -r removed")
        daemon.send(SIGCONT)

        try await eventually("the change is published", within: .seconds(60)) {
            try await daemon.published("deploy.prototxt", of: "changed")?.hasSuffix("# unseen\n") == true
        }
        try await daemon.waitForSync("appeared/inner", within: .seconds(60))
        try zoo.makeModel("appeared/later")
        try await daemon.waitForSync("appeared/later", within: .seconds(60))
    }

    @Test func `out of watches zood says so, finds changes when asked, and recovers`() async throws {
        let zoo = try TemporaryZoo()
        for index in 0..<8 { try zoo.makeModel("m\(index)") }
        // A user namespace counts its own watches.
        let limited = try zoo.launcher(
            """
            #!/bin/sh
            exec unshare --user --map-root-user sh -c 'echo 5 > /proc/sys/user/max_inotify_watches; exec "$@"' zood \
            "\(try BuildProducts.path(of: "zood"))" "$@"
            """)
        let daemon = try await RunningDaemon.start(limited, in: zoo)
        let line = try await daemon.waitForHealth("watch-limit")
        #expect(line.text.contains("4 of 9 directories"), "\(line.text)")
        #expect(line.hint?.contains("max_user_watches") == true)
        try await eventually("all are looked at") { try await daemon.status().summary.models == 8 }
        #expect(try await daemon.status().daemon.state == .degraded)

        try await zoo.shell(
            "for i in 0 1 2 3 4 5 6 7; do sed -i 's/Tiny model/Renamed/' m$i/readme.md; done; mkdir -p n/m; cp m1/readme.md n/m")
        #expect(try await daemon.zooctl("sync").status == 0)
        let models = try await daemon.status().models
        #expect(models.count == 9)
        #expect(models.allSatisfy { $0.name == "Renamed" })

        try await zoo.shell("rm -r m[2-7] n")
        #expect(try await daemon.zooctl("sync").status == 0)
        try await eventually("the line is gone") { try await daemon.status().health.isEmpty }
    }

    @Test func `at rest no thread wakes and no time is spent, with 2,000 directories`() async throws {
        let zoo = try TemporaryZoo()
        let template = zoo.directory.appending("readme.md")
        try Data(ReadmeText().text.utf8).write(to: URL(filePath: template.string))
        try await zoo.shell(
            "for g in {1..20}; do mkdir $g; for m in {1..100}; do mkdir $g/$m; cp \(template) $g/$m/; done; done")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await eventually("all are looked at", within: .seconds(120)) { try await daemon.status().summary.models == 2000 }
        // Threads that have nothing to do are kept for a few seconds: the first stretch may still see them go.
        var (switches, ticks) = (0, 0)
        for _ in 0..<4 {
            let (start, before) = (ContinuousClock.now, try daemon.activity)
            try await eventually("ten seconds have passed") { ContinuousClock.now - start >= .seconds(10) }
            let after = try daemon.activity
            (switches, ticks) = (after.switches - before.switches, after.ticks - before.ticks)
            if switches <= 5, ticks == 0 { break }
        }
        #expect(switches <= 5)
        #expect(ticks == 0)
    }
}
