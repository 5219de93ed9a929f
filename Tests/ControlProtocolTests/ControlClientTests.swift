import ControlProtocol
import Foundation
import Testing

struct ControlClientTests {
    /// What `body` fails with.
    private func failure(_ body: () async throws -> Void) async throws -> ControlError {
        try #require(await #expect(throws: ControlError.self) { try await body() })
    }

    @Test func `a request is answered with its type`() async throws {
        let report = Samples.status([Samples.model("a")])
        let daemon = try await ScriptedDaemon { _, _ in .ok(report) }
        #expect(try await daemon.client.send(.statusTable) == report)
        #expect(daemon.requests.all == ["GET /v1/status?view=table"])
        try await daemon.stop()
    }

    @Test func `an id is one segment of the path, whatever it holds`() async throws {
        let daemon = try await ScriptedDaemon { _, _ in .accepted("1") }
        _ = try await daemon.client.send(.sync("models:vision/ä b?#%"))
        #expect(daemon.requests.all == ["POST /v1/models/models%3Avision%2F%C3%A4%20b%3F%23%25/sync"])
        try await daemon.stop()
    }

    @Test func `a body is sent as JSON`() async throws {
        let daemon = try await ScriptedDaemon { _, _ in .accepted("1") }
        _ = try await daemon.client.send(.publish("a", PublishRequest(visibility: .public)))
        #expect(daemon.requests.bodies == [#"{"allHeld":false,"allowSecrets":[],"dryRun":false,"replaceID":false,"visibility":"public"}"#])
        try await daemon.stop()
    }

    @Test func `an error of the daemon comes through unchanged`() async throws {
        let error = ControlError(.notPermitted, "reload needs the role operator", hint: "h", details: ["role": "operator"])
        let daemon = try await ScriptedDaemon { _, _ in .refused(error) }
        #expect(try await failure { _ = try await daemon.client.send(.reload) } == error)
        try await daemon.stop()
    }

    @Test func `no socket is not reachable, and the hint is the command that starts it`() async throws {
        let service = ControlClient(SocketPlaces(named: nil, environment: ["XDG_RUNTIME_DIR": "/nonexistent/run", "HOME": "/nonexistent"]))
        let missing = try await failure { _ = try await service.send(.status) }
        #expect(missing.code == .notReachable)
        #expect(missing.message.contains("/run/zood/zood.sock, /nonexistent/run/zood/zood.sock, /nonexistent/.local/state/zood/zood.sock"))
        #expect(missing.hint?.contains("systemctl start zood") == true)
        let named = ControlClient(SocketPlaces(named: "/nonexistent/s", environment: [:]))
        #expect(try await failure { _ = try await named.send(.status) }.hint?.contains("zood --socket /nonexistent/s") == true)
    }

    @Test func `a socket nobody listens on any more is not reachable`() async throws {
        let daemon = try await ScriptedDaemon { _, _ in .silence }
        let path = daemon.path
        try await daemon.stop()
        try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        #expect(try await failure { _ = try await daemon.client.send(.status) }.code == .notReachable)
    }

    @Test func `a path too long for a socket is said so`() async throws {
        let client = ControlClient(SocketPlaces(named: "/" + String(repeating: "s", count: 200), environment: [:]))
        let error = try await failure { _ = try await client.send(.status) }
        #expect(error.code == .notReachable && error.message.contains("107 bytes"))
    }

    @Test(arguments: [
        ("SSH-2.0-OpenSSH_9.2\r\n", "does not speak HTTP"),
        ("", "closed the connection without an answer"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", ""),
        ("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n{gar", "it is no JSON"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", "no 'schema' in it"),
        ("HTTP/1.1 500 Oops\r\ncontent-length: 2\r\n\r\n<>", "status 500 and without a reason"),
    ])
    func `a peer that is not zood is told from one that is not there`(bytes: String, message: String) async throws {
        let peer = try await ScriptedDaemon(sending: bytes)
        let error = try await failure { _ = try await peer.client.send(.status) }
        #expect(error.code == .notZood)
        #expect(message.isEmpty || error.message.contains(message), "\(error.message)")
        try await peer.stop()
    }

    @Test(.timeLimit(.minutes(1))) func `a daemon that does not answer is given up at the deadline`() async throws {
        let daemon = try await ScriptedDaemon { _, _ in .silence }
        let call = ControlCall<StatusReport>("GET", "/v1/status", deadline: .milliseconds(200))
        #expect(try await failure { _ = try await daemon.client.send(call) }.code == .timedOut)
        try await daemon.stop()
    }

    @Test(.timeLimit(.minutes(1))) func `an answer that does not end is given up at the deadline`() async throws {
        let daemon = try await ScriptedDaemon { _, _ in .chunks(["{"], staysOpen: true) }
        let call = ControlCall<StatusReport>("GET", "/v1/status", deadline: .milliseconds(200))
        #expect(try await failure { _ = try await daemon.client.send(call) }.code == .timedOut)
        try await daemon.stop()
    }

    @Test func `a stream gives a value a line, however the bytes are cut`() async throws {
        let lines = try [1, 2, 3].map { String(decoding: try ControlCoding.line(EventLine.event(Samples.event($0))), as: UTF8.self) }
        let text = lines.joined(separator: "\n\n") + "\n"
        let daemon = try await ScriptedDaemon { _, _ in .chunks(text.map(String.init)) }
        var seen: [EventLine] = []
        try await daemon.client.lines(.events(since: 0, last: 0, follow: false)) { (line: EventLine) throws(ControlError) in
            seen.append(line)
        }
        #expect(seen == [1, 2, 3].map { .event(Samples.event($0)) })
        #expect(daemon.requests.all == ["GET /v1/events?since=0&follow=false"])
        try await daemon.stop()
    }

    @Test func `what refuses a stream is an error, not a line`() async throws {
        let daemon = try await ScriptedDaemon { _, _ in .refused(ControlError(.badRequest, "since is no number")) }
        let error = try await failure {
            try await daemon.client.lines(.events(since: nil, last: 3, follow: true)) { (_: EventLine) throws(ControlError) in }
        }
        #expect(error.code == .badRequest)
        try await daemon.stop()
    }

    @Test(.timeLimit(.minutes(1))) func `a stream that is followed outlives the deadline and ends when the task is cancelled`() async throws
    {
        let line = String(decoding: try ControlCoding.line(EventLine.event(Samples.event(1))), as: UTF8.self) + "\n"
        let daemon = try await ScriptedDaemon { _, _ in .chunks([line], staysOpen: true) }
        var call = ControlCall<EventLine>.events(since: nil, last: 1, follow: true)
        call.deadline = .milliseconds(300)
        let (seen, continuation) = AsyncStream<EventLine>.makeStream()
        let client = daemon.client
        let following = Task { [call] in
            defer { continuation.finish() }
            try await client.lines(call) { (line: EventLine) throws(ControlError) in continuation.yield(line) }
        }
        for await _ in seen { break }
        let begun = ContinuousClock.now
        let watching = Task { try await following.value }
        while ContinuousClock.now - begun < .milliseconds(600) {
            try await Task.sleep(for: .milliseconds(20))  // no wait: the stream has to outlive the deadline
        }
        #expect(!following.isCancelled)
        following.cancel()
        #expect(try await failure { try await watching.value }.code == .interrupted)
        try await daemon.stop()
    }

    @Test func `a place that is named is the only one`() {
        let environment = ["ZOOD_SOCKET": "/b", "XDG_RUNTIME_DIR": "/run/user/7"]
        #expect(SocketPlaces(named: "/a", environment: environment).paths == ["/a"])
        #expect(SocketPlaces(named: nil, environment: environment).paths == ["/b"])
        let default1 = SocketPlaces(named: nil, environment: ["ZOOD_SOCKET": "", "XDG_RUNTIME_DIR": "/run/user/7", "XDG_STATE_HOME": "/s"])
        #expect(default1.paths == ["/run/zood/zood.sock", "/run/user/7/zood/zood.sock", "/s/zood/zood.sock"])
        #expect(!default1.isExplicit)
    }
}
