import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

struct DoctorTests {
    private static func report(_ daemon: RunningDaemon, status: Int32) async throws -> [String: DoctorCheck] {
        let run = try await daemon.zooctl("doctor", "--json")
        #expect(run.status == status, "\(run)")
        #expect(!run.standardOutput.contains(GistGitHubScene.token.dropFirst(4)))
        let report = try ControlCoding.decode(DoctorReport.self, from: Array(run.standardOutput.utf8))
        return Dictionary(report.checks.map { ($0.check, $0) }) { $0.status == .ok ? $1 : $0 }
    }

    @Test func `doctor tells kind, owner, scope and end of the token by one request, and nothing of the token itself`() async throws {
        try await GistGitHubScene.with(create: "manual") { scene in
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let checks = try await Self.report(daemon, status: 0)
            #expect(checks["token"]?.status == .ok)
            #expect(checks["token"]?.text == "a classic token of octo with the scope gist")
            #expect(scene.github.requests.count == 1)
            for check in ["configuration", "socket", "state", "zoo", "git", "gist-host", "roles"] {
                #expect(checks[check] != nil, "\(check)")
            }
            #expect(checks["git"]?.text.hasPrefix("git version ") == true)

            scene.github.addAccount(login: "octo", token: GistGitHubScene.token, scopes: ["repo"])
            let scopeless = try await Self.report(daemon, status: 1)
            #expect(
                scopeless["token"]?.status == .error && scopeless["token"]?.text.contains("without the scope gist (it has: repo)") == true)
            #expect(scopeless["token"]?.hint?.contains("zooctl reload") == true)

            scene.github.suspend(login: "octo")
            #expect(try await Self.report(daemon, status: 1)["token"]?.text.contains("suspended") == true)
            #expect(try await daemon.zooctl("reload").status == 0)
            scene.github.revoke(token: GistGitHubScene.token)
            #expect(try await Self.report(daemon, status: 1)["token"]?.text.contains("401") == true)
            // A token that is refused is not shown again and again: that gets an account locked.
            let asked = scene.github.requests.count
            #expect(try await Self.report(daemon, status: 1)["token"]?.text.contains("401") == true)
            #expect(scene.github.requests.count == asked)
            try scene.writeToken(GistGitHubScene.token, mode: 0o644)
            #expect(try await Self.report(daemon, status: 1)["token"]?.text.contains("may be read by others") == true)
        }
    }

    @Test func `doctor asks nothing of a host that wants to be left alone, and says until when`() async throws {
        try await GistGitHubScene.with(create: "manual") { scene in
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            scene.github.inject(.secondaryLimit(retryAfter: 600), on: .any)
            #expect(try await Self.report(daemon, status: 0)["gist-host"]?.status == .warning)
            let checks = try await Self.report(daemon, status: 0)
            #expect(checks["gist-host"]?.text.contains("nothing is asked of the gist host") == true)
            #expect(scene.github.requests.count == 1)
        }
    }

    @Test func `without a daemon doctor tells where it looked, and ends with 5`() async throws {
        let zoo = try TemporaryZoo()
        let daemon = try await RunningDaemon.start(in: zoo)
        let healthy = try await daemon.zooctl("doctor")
        #expect(healthy.status == 0 && healthy.standardOutput.contains("gists are kept on this machine"), "\(healthy)")
        try FileManager.default.setAttributes([.posixPermissions: 0o775], ofItemAtPath: zoo.zoo.string)
        #expect(try await Self.report(daemon, status: 0)["zoo-setgid"]?.hint == "chmod g+s \(zoo.zoo)")
        try await daemon.kill9()
        let dead = try await daemon.zooctl("doctor")
        #expect(dead.status == 5 && dead.standardOutput.contains("socket: ") && dead.standardOutput.contains("hint: "), "\(dead)")
    }

    @Test func `doctor tells of a clock that goes wrong, by the time that the gist host gives`() async throws {
        try await GistGitHubScene.with(create: "manual") { scene in
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            #expect(try await Self.report(daemon, status: 0)["clock"]?.status == .ok)
            for (date, words) in [("Tue, 14 Nov 2023 22:13:20 GMT", "days ahead of"), ("Tue, 14 Nov 2090 22:13:20 GMT", "days behind")] {
                scene.github.inject(.header("date", date), on: .any)
                let check = try #require(try await Self.report(daemon, status: 0)["clock"])
                #expect(check.status == .warning && check.text.contains(words), "\(check)")
                #expect(check.hint?.hasPrefix("timedatectl;") == true)
            }
            scene.github.inject(.header("date", nil), on: .any)
            #expect(try await Self.report(daemon, status: 0)["clock"] == nil)
        }
    }

    @Test func `doctor tells of a token's end a fortnight before`() async throws {
        try await GistGitHubScene.with(create: "manual") { scene in
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            #expect(try await Self.report(daemon, status: 0)["token-expiry"] == nil, "GitHub names no end")
            for (days, status) in [(15.5, DoctorCheck.Status.ok), (13.5, .warning), (1.5, .warning)] {
                scene.github.addAccount(
                    login: "octo", token: GistGitHubScene.token, tokenExpiresAt: Date().addingTimeInterval(days * 86400))
                let check = try #require(try await Self.report(daemon, status: 0)["token-expiry"])
                #expect(
                    check.status == status && check.text == "the token expires in \(days < 2 ? "1 day" : "\(Int(days)) days")", "\(check)")
                #expect((check.hint?.contains("zooctl reload") == true) == (status == .warning))
            }
        }
    }

    @Test func `doctor says what addresses URLs may reach, and what a proxy keeps from being checked`() async throws {
        let zoo = try TemporaryZoo()
        let daemon = try await RunningDaemon.start(in: zoo)
        let checks = try await Self.report(daemon, status: 0)
        #expect(checks["allow-addresses"]?.text.contains("may reach 127.0.0.0/8") == true && checks["proxy"] == nil)
        try zoo.configure(["binaries": "{ min_free: 1MiB }", "network": "{ proxy: 'http://127.0.0.1:9' }"])
        #expect(try await daemon.zooctl("reload").status == 0)
        let proxied = try await Self.report(daemon, status: 0)
        #expect(proxied["proxy"]?.text.contains("it resolves the names") == true && proxied["allow-addresses"] == nil)
    }

    @Test func `doctor tells of directories whose group does not pass on, and how to mend all of them`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel("vision/tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("vision/tiny", "is there") { _ in true }
        try await zoo.shell("chmod 2775 . vision; chmod 0775 vision/tiny")
        let check = try #require(try await Self.report(daemon, status: 0)["zoo-setgid"])
        #expect(check.status == .warning && check.text.contains("vision/tiny, and new files"), "\(check)")
        let command = try #require(check.hint)
        try await ProgramRun.succeed("sh", ["-c", command])
        #expect(try await Self.report(daemon, status: 0)["zoo-setgid"] == nil)
    }
}
