import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// The real program, against a scripted daemon.
struct ZooctlProgramTests {
    private func zooctl(_ arguments: [String], socket: String = "/nonexistent/s", directory: String? = nil) async throws -> ProgramResult {
        let environment = ["ZOOD_SOCKET": socket, "LANG": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/bin:/bin"]
        return try await ProgramRun.run(try BuildProducts.path(of: "zooctl"), arguments, environment: environment, directory: directory)
    }

    private func temporaryDirectory() throws -> URL {
        let directory = FileManager.default.temporaryDirectory.appending(path: "zooctl-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        return directory
    }

    /// Answers what `zooctl` asks around a job that ends as `job` says.
    private func daemon(_ models: [ModelStatus], job: JobReport? = nil) async throws -> ScriptedDaemon {
        try await ScriptedDaemon { request, _ in
            let parts = request.split(separator: " ")[1].split(separator: "?")[0].split(separator: "/").map(String.init)
            switch (parts.dropFirst().first, parts.count) {
            case ("status", _): return .ok(Samples.status(models))
            case ("jobs", 3): return job.map { .ok($0) } ?? .refused(ControlError(.noSuchJob, "no job"))
            case ("models", _):
                guard let model = models.first(where: { percentEncoded($0.id) == parts[2] }) else {
                    return .refused(ControlError(.noSuchModel, "no model"))
                }
                return request.hasPrefix("GET") ? .ok(Samples.report(model)) : .accepted("7", model: model.id)
            default: return .accepted("7")
            }
        }
    }

    private func job(_ state: JobState, _ error: ControlError? = nil) -> JobReport {
        JobReport(id: "7", kind: .fetch, model: "a", state: state, createdAt: Samples.start, error: error)
    }

    @Test(arguments: [
        [], ["frob"], ["publish"], ["publish", "a", "--public", "--secret"], ["wait", "a", "--for", "gist=nonsense"],
        ["status", "--nonsense"],
        ["wait", "a", "--timeout", "5"], ["set", "/tmp", "name"], ["api", "GET", "nonsense"], ["events", "--since", "x"],
    ])
    func `what is not understood ends with 2 and says how it is meant`(arguments: [String]) async throws {
        let result = try await zooctl(arguments)
        #expect(result.status == (arguments.isEmpty ? 0 : 2))
        #expect((arguments.isEmpty ? result.standardOutput : result.standardError).contains("zooctl"))
    }

    @Test func `a page of links is listed, and one that was wiped ends with 12`() async throws {
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let page =
            "### Nets\n- [One](https://gist.github.com/ann/0123456789abcdef0123)\nhttps://gist.github.com/00112233445566778899\n[x](https://x.example.org)\n"
        try page.write(to: directory.appending(path: "old.md"), atomically: false, encoding: .utf8)
        try "gone".write(to: directory.appending(path: "new.md"), atomically: false, encoding: .utf8)
        let listed = try await zooctl(["catalog", "parse", "old.md", "--json"], directory: directory.path)
        let document =
            #"{"diagnostics":[],"entries":[{"id":"0123456789abcdef0123","owner":"ann","title":"One"},{"id":"00112233445566778899","owner":null,"#
            + #""title":"Nets"}],"notGists":["https://x.example.org"],"schema":"zood.catalogPage/1"}"#
        #expect(listed.status == 0)
        #expect(try json(listed.standardOutput) == json(document))
        #expect(
            try await zooctl(["catalog", "parse", "old.md"], directory: directory.path).standardOutput.hasSuffix(
                "\n2 gists, and 1 link to other places\n"))
        let wiped = try await zooctl(["catalog", "parse", "new.md", "--previous", "old.md"], directory: directory.path)
        #expect(wiped.status == 12 && wiped.standardOutput.contains("\n  new.md:1:1: error wiki-wiped  "))
        let missing = try await zooctl(["catalog", "parse", "none.md"], directory: directory.path)
        #expect(missing.status == 1 && missing.standardError.contains("none.md"))
    }

    private func json(_ text: String) throws -> NSDictionary? {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
    }

    @Test func `no daemon ends with 5, and nothing is on stdout`() async throws {
        let result = try await zooctl(["status"])
        #expect(result.status == 5)
        #expect(result.standardOutput.isEmpty)
        #expect(result.standardError.hasPrefix("zooctl: zood does not answer at /nonexistent/s\nhint: "))
        #expect(try await zooctl(["status", "--check"]).status == 3)
    }

    @Test func `a socket that may not be connected to ends with 6`() async throws {
        let daemon = try await daemon([])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: daemon.path)
        // A place that everybody may read: the build directory need not be one.
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let program = directory.appending(path: "zooctl").path
        try FileManager.default.copyItem(atPath: try BuildProducts.path(of: "zooctl"), toPath: program)
        let result = try await ProgramRun.run(program, ["status", "--socket", daemon.path], identity: ProcessIdentity(uid: 65534))
        #expect(result.status == 6, "\(result.standardError)")
        try await daemon.stop()
    }

    @Test func `no such model ends with 4 and offers the one that was meant`() async throws {
        let daemon = try await daemon([Samples.model("bvlc_alexnet")])
        for command in ["show", "fetch", "sync", "verify", "plan", "publish", "wait", "status"] {
            let result = try await zooctl([command, "bvlc_alexnit"], socket: daemon.path)
            #expect(result.status == 4, "\(command)")
            #expect(result.standardError == "zooctl: no model bvlc_alexnit\nhint: did you mean bvlc_alexnet?\n", "\(command)")
        }
        try await daemon.stop()
    }

    @Test(
        arguments: [(.verificationFailed, 7), (.held, 8), (.noSpace, 9), (.network, 10), (.invalidInfo, 12), (.failed, 1)]
            as [(ErrorCode, Int32)])
    func `a job that fails ends with the code for it`(code: ErrorCode, exit: Int32) async throws {
        let daemon = try await daemon([Samples.model("a")], job: job(.failed, ControlError(code, "because", hint: "do this")))
        let result = try await zooctl(["fetch", "a"], socket: daemon.path)
        #expect(result.status == exit)
        #expect(result.standardError.hasSuffix("because\nhint: do this\n"))
        #expect(daemon.requests.all == ["POST /v1/models/a/fetch", "GET /v1/jobs/7"])
        try await daemon.stop()
    }

    @Test func `some failed of several ends with 3`() async throws {
        let daemon = try await ScriptedDaemon { request, _ in
            let failed = JobReport(
                id: "b", kind: .sync, model: "b", state: .failed, createdAt: Samples.start, error: ControlError(.noSpace, "full"))
            switch request.split(separator: " ")[1] {
            case "/v1/models/a/sync": return .accepted("a", model: "a")
            case "/v1/models/b/sync": return .accepted("b", model: "b")
            case let path where path.hasPrefix("/v1/jobs/a"):
                return .ok(JobReport(id: "a", kind: .sync, model: "a", state: .done, createdAt: Samples.start))
            default: return .ok(failed)
            }
        }
        #expect(try await zooctl(["sync", "a", "b"], socket: daemon.path).status == 3)
        #expect(try await zooctl(["sync", "b", "b"], socket: daemon.path).status == 9)
        try await daemon.stop()
    }

    @Test func `with no-wait the job is printed and not waited for`() async throws {
        let daemon = try await daemon([Samples.model("a")], job: job(.running))
        let text = try await zooctl(["fetch", "a", "--no-wait"], socket: daemon.path)
        #expect(text.status == 0 && text.standardOutput == "7\n")
        let json = try await zooctl(["fetch", "a", "--no-wait", "--json"], socket: daemon.path)
        #expect(try ControlCoding.decode(JobList.self, from: json.standardOutputBytes).jobs.map(\.id) == ["7"])
        try await daemon.stop()
    }

    @Test func `a request is one thread's work, since threads are what a quick command spends its time on`() async throws {
        let daemon = try await ScriptedDaemon { _, _ in .silence }
        let process = try await LeashedProcess.start(try BuildProducts.path(of: "zooctl"), ["status", "--socket", daemon.path])
        try await eventually("the status is asked for") { !daemon.requests.all.isEmpty }
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.pid)/task")
        #expect(threads.count == 1)
        process.send(SIGKILL)
        try await daemon.stop()
    }

    @Test func `Ctrl-C leaves the job running, says so and ends with 130`() async throws {
        let daemon = try await daemon([Samples.model("a")], job: job(.running))
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let errors = directory.appending(path: "stderr").path
        let process = try await LeashedProcess.start(
            try BuildProducts.path(of: "zooctl"), ["fetch", "a", "--socket", daemon.path], standardError: errors)
        try await eventually("the job is waited for") { daemon.requests.all.contains { $0.hasPrefix("GET /v1/jobs/7") } }
        process.send(SIGINT)
        #expect(try await process.exitStatus(within: .seconds(20)) == 130)
        #expect(try String(contentsOfFile: errors, encoding: .utf8).contains("zooctl: interrupted; job 7 goes on"))
        #expect(!daemon.requests.all.contains { $0.hasPrefix("DELETE") })
        try await daemon.stop()
    }

    @Test func `a condition that is not met in time ends with 11`() async throws {
        let daemon = try await daemon([Samples.model("a", .busy)])
        let result = try await zooctl(["wait", "a", "--for", "ok", "--timeout", "0s"], socket: daemon.path)
        #expect(result.status == 11)
        #expect(try await zooctl(["wait", "a", "--for", "gist=inSync"], socket: daemon.path).status == 0)
        try await daemon.stop()
    }

    @Test func `a directory stands for its model, also through a link`() async throws {
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let real = directory.appending(path: "real")
        try FileManager.default.createDirectory(at: real, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(at: directory.appending(path: "link"), withDestinationURL: real)
        var model = Samples.model("vision/a")
        model.path = real.path
        let daemon = try await daemon([Samples.model("other"), model])
        for argument in [".", real.path, "../link"] {
            let result = try await zooctl(["show", argument, "--json"], socket: daemon.path, directory: real.path)
            #expect(try ControlCoding.decode(ModelReport.self, from: result.standardOutputBytes).model.id == "vision/a", "\(argument)")
        }
        #expect(try await zooctl(["show", ".."], socket: daemon.path, directory: real.path).status == 4)
        try await daemon.stop()
    }

    @Test func `a status as JSON is the daemon's, and only what is unhealthy on demand`() async throws {
        let daemon = try await daemon([Samples.model("a"), Samples.model("b", .attention)])
        let all = try await zooctl(["status", "--json"], socket: daemon.path)
        #expect(
            try ControlCoding.decode(StatusReport.self, from: all.standardOutputBytes)
                == Samples.status([Samples.model("a"), Samples.model("b", .attention)]))
        let some = try await zooctl(["status", "-x", "--json"], socket: daemon.path)
        let report = try ControlCoding.decode(StatusReport.self, from: some.standardOutputBytes)
        #expect(report.models.map(\.id) == ["b"])
        #expect(report.summary.models == 2)
        #expect(try await zooctl(["status", "--check"], socket: daemon.path).status == 1)
        try await daemon.stop()
    }

    @Test func `lint ends with 12 on an error, and set changes one line`() async throws {
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let readme = directory.appending(path: "readme.md")
        let text = "---\r\nname: A  # first\r\nsha1: 123\r\n---\r\nHello\r\n"
        try Data(text.utf8).write(to: readme)
        let lint = try await zooctl(["lint", ".", "--json"], directory: directory.path)
        #expect(lint.status == 12)
        #expect(lint.standardOutput.contains(#""sha1-malformed""#))
        let set = try await zooctl(["set", ".", "name=B"], directory: directory.path)
        #expect(set.status == 0, "\(set.standardError)")
        #expect(try String(decoding: Data(contentsOf: readme), as: UTF8.self) == text.replacingOccurrences(of: "name: A", with: "name: B"))
    }

    @Test func `the owner's publish writes the id that the daemon may not write`() async throws {
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let readme = directory.appending(path: "readme.md")
        try Data("---\nname: A\n---\n".utf8).write(to: readme)
        var model = Samples.model("a")
        model.path = directory.path
        let published = PublishReport(
            dryRun: true, model: "a", host: "local", visibility: .secret, description: "A", files: [], newFiles: [], problems: [],
            gist: model.gist.id, url: "/var/lib/zood/g.git", revision: nil)
        let daemon = try await ScriptedDaemon { [model, job = job(.done)] request, body in
            switch request {
            case "POST /v1/models/a/publish": body.contains(#""dryRun":true"#) ? .ok(published) : .accepted("7", model: "a")
            case "GET /v1/models/a": .ok(Samples.report(model))
            default: .ok(job)
            }
        }
        let result = try await zooctl(["publish", "a"], socket: daemon.path)
        #expect(result.status == 0, "\(result.standardError)")
        #expect(result.standardOutput == "034c6ac3865563b69e60  /var/lib/zood/g.git\n")
        #expect(try String(decoding: Data(contentsOf: readme), as: UTF8.self) == "---\nname: A\ngist_id: 034c6ac3865563b69e60\n---\n")
        try await daemon.stop()
    }

    @Test func `any request can be sent, and its error gives the exit code`() async throws {
        let daemon = try await daemon([Samples.model("a")])
        let answer = try await zooctl(["api", "get", "/v1/models/a"], socket: daemon.path)
        #expect(answer.status == 0 && answer.standardOutput.contains("zood.model/1"))
        let refused = try await zooctl(["api", "GET", "/v1/models/b"], socket: daemon.path)
        #expect(refused.status == 4 && refused.standardOutput.contains("no-such-model"))
        try await daemon.stop()
    }
}
