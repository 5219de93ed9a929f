import ControlProtocol
import Foundation
import NIOPosix
import Synchronization
import SystemPackage
import Testing
import ZooTestSupport

@testable import SyncEngine

@Suite struct ControlServerTests {
    private struct Echo: Codable {
        var uid: UInt32
        var parameters: [String: String]
        var query: [String: String]
        var bodyByteCount: Int
    }

    private static let echo: Route.Handler = { request in
        try .json(Echo(uid: request.peer.uid, parameters: request.parameters, query: request.query, bodyByteCount: request.body.count))
    }

    private static let routes = [
        Route(.GET, "/v1/status", requires: .reader, handler: echo),
        Route(.GET, "/v1/models/{id}", requires: .reader, handler: echo),
        Route(.GET, "/v1/models/{id}/plan", requires: .reader, handler: echo),
        Route(.POST, "/v1/models", requires: .changer, verb: "add", handler: echo),
        Route(.POST, "/v1/models/{id}/sync", requires: .changer, handler: echo),
        Route(.DELETE, "/v1/jobs/{id}", requires: .changer, verb: "cancel") { _ in throw ControlError(.noSuchJob, "no job of that number")
        },
        Route(.GET, "/v1/broken", requires: .reader) { _ in throw CocoaError(.fileNoSuchFile) },
        Route(.POST, "/v1/read", requires: .changer) { request in
            struct Wanted: Codable { var names: [String] }
            return try .json(request.decode(Wanted.self))
        },
    ]

    private static let stranger = ProcessIdentity(uid: 65533)

    // MARK: Requests

    @Test func `an id is one segment, percent-encoded, and may hold slashes`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            for (target, id) in [
                ("/v1/models/alexnet", "alexnet"), ("/v1/models/vision%2Fbvlc_alexnet/plan", "vision/bvlc_alexnet"),
                ("/v1/models/models:a%2fb", "models:a/b"), ("/v1/models/models%3Aa%20b", "models:a b"), ("/v1/models/%C3%BC", "ü"),
                ("/v1/models/..%2F..%2Fetc", "../../etc"),
            ] {
                let answer = try await server.curl(target)
                #expect(answer.status == 200)
                #expect(try answer.json()["parameters"] as? [String: String] == ["id": id])
            }
        }
    }

    @Test func `a query is decoded, and a key that stands twice is refused`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            let answer = try await server.curl("/v1/status?view=table&after=a%26b&x")
            #expect(try answer.json()["query"] as? [String: String] == ["view": "table", "after": "a&b", "x": ""])
            let twice = try await server.curl("/v1/status?a=1&a=2")
            #expect(twice.status == 400 && twice.code == "bad-request")
        }
    }

    @Test func `unknown paths are 404, unfit methods 405 with Allow, OPTIONS 204, HEAD a header only`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            for path in ["/", "/v1", "/v1/status/", "/v1//status", "/v1/models/", "/v2/status", "/v1/models/a/b", "/%76%31/status/x"] {
                let answer = try await server.curl(path, ["--path-as-is"])
                // `/v1/models/` is a model with an empty id, which the handler knows nothing of.
                #expect(answer.status == (path == "/v1/models/" ? 200 : 404), "\(path)")
                if answer.status == 404 { #expect(answer.code == "no-such-route") }
            }
            let delete = try await server.curl("/v1/status", ["-X", "DELETE"])
            #expect(delete.status == 405 && delete.code == "method-not-allowed" && delete.headers.contains("allow: get, head, options"))
            let odd = try await server.curl("/v1/models/a/sync", ["-X", "PROPFIND"])
            #expect(odd.status == 405 && odd.headers.contains("allow: options, post"))
            let options = try await server.curl("/v1/models", ["-X", "OPTIONS"])
            #expect(options.status == 204 && options.headers.contains("allow: options, post") && options.body.isEmpty)
            let head = try await server.curl("/v1/status", ["--head", "--output", "/dev/null"])
            let get = try await server.curl("/v1/status")
            #expect(head.status == 200 && head.body.isEmpty && head.exitStatus == 0)
            #expect(head.headers.contains("content-length: \(get.body.utf8.count)"))
        }
    }

    @Test func `one connection carries many requests, also pipelined`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            let twice = try await server.curl(
                "/v1/status", ["--write-out", "%{num_connects}", "--next", "--unix-socket", server.socket.string, "--silent"])
            #expect(twice.exitStatus == 0)
            let client = try await RawControlClient.connect(to: server.socket)
            await client.send(
                String(repeating: "GET /v1/status HTTP/1.1\r\nHost: z\r\n\r\n", count: 20)
                    + "GET /v1/status HTTP/1.1\r\nHost: z\r\nConnection: close\r\n\r\n")
            try await eventually { client.isClosed }
            #expect(client.received.components(separatedBy: "HTTP/1.1 200 OK").count == 22)
        }
    }

    @Test func `a body is read as JSON, and what is wrong with it is told with the place`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            #expect(try await server.curl("/v1/read", ["--data", #"{"names":["a"]}"#]).status == 200)
            let missing = try await server.curl("/v1/read", ["-X", "POST"])
            #expect(missing.status == 400 && missing.body.contains("'names' is missing"))
            let wrong = try await server.curl("/v1/read", ["--data", #"{"names":["a",1]}"#])
            #expect(wrong.status == 400 && wrong.body.contains("names.[1]"), "\(wrong.body)")
            for body in ["{", "[]", String(repeating: "[", count: 100_000), "\u{0}"] {
                let answer = try await server.curl("/v1/read", ["--data-binary", body])
                #expect(answer.status == 400 && answer.code == "bad-request")
            }
        }
    }

    @Test func `what a handler throws is answered with its code, and anything else without ending the server`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            let known = try await server.curl("/v1/jobs/7", ["-X", "DELETE"])
            #expect(known.status == 404 && known.code == "no-such-job")
            let unknown = try await server.curl("/v1/broken")
            #expect(unknown.status == 500 && unknown.code == "internal")
            #expect(try await server.curl("/v1/status").status == 200)
        }
    }

    // MARK: Hostile clients

    @Test(arguments: [
        ("GARBAGE\r\n\r\n", 400), ("GET / HTTP/9.9\r\n\r\n", 400), ("GET /v1/status HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        ("POST /v1/models HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        ("POST /v1/models HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400), ("GET /v1/status HTTP/1.1\r\nA b: c\r\n\r\n", 400),
        ("GET http:// HTTP/1.1\r\nConnection: close\r\n\r\n", 400), ("GET //evil/v1/status HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        ("GET /v1/models/%zz HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        ("GET /v1/models/%ff HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        ("GET /v1/models/a%00b HTTP/1.1\r\nConnection: close\r\n\r\n", 400), ("OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}", 400),
    ])
    func `what is no good request gets an error in JSON`(text: String, status: Int) async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            let answer = try await RawControlClient.exchange(server.socket, text.utf8)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.contains(#"{"error":{"code":"bad-request""#))
            #expect(try await server.curl("/v1/status").status == 200)
        }
    }

    @Test func `random bytes never end the server`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            var generator = SystemRandomNumberGenerator()
            for round in 0..<200 {
                let client = try await RawControlClient.connect(to: server.socket)
                var bytes = (0..<Int.random(in: 1...2000, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
                if round % 2 == 0 { bytes = Array("POST /v1/models HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".utf8) + bytes }
                await client.send(bytes)
                await client.close()
            }
            #expect(try await server.curl("/v1/status").status == 200)
        }
    }

    @Test func `a header of more than 64 KiB, in one field or in many, is refused`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            let line = "X-A: \(String(repeating: "a", count: 8000))\r\n"
            for header in [
                "X-A: \(String(repeating: "a", count: 70_000))\r\n", String(repeating: line, count: 9),
                String(repeating: "A: b\r\n", count: 120),
            ] {
                let answer = try await RawControlClient.exchange(server.socket, "GET /v1/status HTTP/1.1\r\n\(header)\r\n".utf8)
                #expect(answer.hasPrefix("HTTP/1.1 431 ") && answer.contains("too-large"), "\(answer.prefix(200))")
            }
            let target = try await RawControlClient.exchange(
                server.socket, "GET /v1/\(String(repeating: "a", count: 70_000)) HTTP/1.1\r\n\r\n".utf8)
            #expect(target.hasPrefix("HTTP/1.1 4"), "\(target.prefix(200))")
        }
    }

    @Test func `a body may have 1 MiB and not a byte more, declared or not`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            let limit = 1 << 20
            let fitting = server.directory.appending("fitting").string
            let larger = server.directory.appending("larger").string
            try Data(count: limit).write(to: URL(filePath: fitting))
            try Data(count: limit + 1).write(to: URL(filePath: larger))
            let accepted = try await server.curl("/v1/models", ["--data-binary", "@\(fitting)"])
            #expect(accepted.status == 200)
            #expect(try accepted.json()["bodyByteCount"] as? Int == limit)
            for extra in [
                [], ["--header", "Expect:"], ["--header", "Transfer-Encoding: chunked"],
                ["--header", "Transfer-Encoding: chunked", "--header", "Expect:"],
            ] {
                let refused = try await server.curl("/v1/models", ["--data-binary", "@\(larger)"] + extra)
                #expect(refused.status == 413 && refused.code == "too-large", "\(extra) \(refused)")
            }
        }
    }

    @Test func `a client that is slow with its header, or silent, is cut`() async throws {
        var limits = ControlLimits()
        limits.headerTimeout = .milliseconds(300)
        try await ControlServerUnderTest.run(Self.routes, limits: limits) { server async throws in
            let (silent, dripping, resting) = (
                try await RawControlClient.connect(to: server.socket), try await RawControlClient.connect(to: server.socket),
                try await RawControlClient.connect(to: server.socket)
            )
            await resting.send("GET /v1/status HTTP/1.1\r\n\r\n")
            let dripper = Task {
                for letter in "GET /v1/status HTTP/1.1\r\nX: \(String(repeating: "y", count: 1000))" {
                    await dripping.send(String(letter))
                    try await Task.sleep(for: .milliseconds(10))  // no wait: a slow client
                }
            }
            try await eventually(within: .seconds(5)) { silent.isClosed && dripping.isClosed && resting.isClosed }
            dripper.cancel()
            #expect(silent.received.isEmpty && dripping.received.isEmpty)
            #expect(resting.received.hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    @Test func `a client that is slow with its body is told and cut, however it drips`() async throws {
        var limits = ControlLimits()
        limits.bodyTimeout = .milliseconds(300)
        try await ControlServerUnderTest.run(Self.routes, limits: limits) { server async throws in
            let client = try await RawControlClient.connect(to: server.socket)
            await client.send("POST /v1/models HTTP/1.1\r\nContent-Length: 1000\r\n\r\n")
            let dripper = Task {
                while !Task.isCancelled {
                    await client.send("x")
                    try await Task.sleep(for: .milliseconds(10))  // no wait: a slow client
                }
            }
            try await eventually(within: .seconds(5)) { client.isClosed }
            dripper.cancel()
            #expect(client.received.hasPrefix("HTTP/1.1 408 ") && client.received.contains("timed-out"))
        }
    }

    @Test func `a handler may take its time`() async throws {
        var limits = ControlLimits()
        (limits.headerTimeout, limits.bodyTimeout) = (.milliseconds(100), .milliseconds(100))
        let slow = Route(.GET, "/v1/slow", requires: .reader) { _ in
            try await Task.sleep(for: .milliseconds(500))  // no wait: a slow handler
            return try .json("done")
        }
        try await ControlServerUnderTest.run([slow], limits: limits) { server async throws in
            #expect(try await server.curl("/v1/slow").status == 200)
        }
    }

    // MARK: Limits on connections

    /// Opens connections as another user, and prints the first line that the last one gets.
    /// - Parameter isLastRefused: Then it only listens: the answer comes before any request, and what is sent to a closed socket
    ///   would take the answer away.
    private static func openConnections(
        _ count: Int, _ server: ControlServerUnderTest, as identity: ProcessIdentity, isLastRefused: Bool = false
    ) async throws -> String {
        let script = """
            import socket, sys
            held = []
            for number in range(1, \(count + 1)):
                s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1]); held.append(s)
                if number < \(isLastRefused ? count : count + 1): s.sendall(b'GET /v1/status HTTP/1.1\\r\\n\\r\\n')
                answer = s.recv(4096).split(b'\\r\\n')[0]
            print(answer.decode())
            """
        return try await ProgramRun.run("/usr/bin/python3", ["-c", script, server.socket.string], identity: identity).standardOutput
    }

    @Test func `one user gets 16 connections, and others still get theirs`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            #expect(try await Self.openConnections(16, server, as: Self.stranger).hasPrefix("HTTP/1.1 200"))
            try await eventually { try await server.curl("/v1/status", as: Self.stranger).status == 200 }
            #expect(try await Self.openConnections(17, server, as: Self.stranger, isLastRefused: true).hasPrefix("HTTP/1.1 429"))
        }
    }

    @Test func `all users together get the limit, and root is never locked out`() async throws {
        var limits = ControlLimits()
        (limits.connections, limits.connectionsPerUser) = (3, 16)
        try await ControlServerUnderTest.run(Self.routes, limits: limits) { server async throws in
            #expect(try await Self.openConnections(4, server, as: Self.stranger, isLastRefused: true).hasPrefix("HTTP/1.1 429"))
            var held: [RawControlClient] = []
            for _ in 0..<20 { held.append(try await RawControlClient.connect(to: server.socket)) }
            #expect(try await server.curl("/v1/status").status == 200)
            for client in held { await client.close() }
        }
    }

    // MARK: Who may

    @Test(
        arguments: [
            (nil, 200), (ProcessIdentity(uid: 65533), 403), (ProcessIdentity(uid: 65534), 403),
            (ProcessIdentity(uid: 65533, groups: [0]), 403),
            (ProcessIdentity(uid: 65533, gid: 65500), 200), (ProcessIdentity(uid: 65533, groups: [65499, 65500]), 200),
        ] as [(ProcessIdentity?, Int)])
    func `root and operators change things, everybody else reads`(identity: ProcessIdentity?, status: Int) async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            let read = try await server.curl("/v1/status", as: identity)
            #expect(read.status == 200)
            #expect(try read.json()["uid"] as? UInt32 == identity?.uid ?? 0)
            #expect(server.audits.isEmpty, "reading is no change")
            let changed = try await server.curl("/v1/models/a%2Fb/sync", ["-X", "POST"], as: identity)
            #expect(changed.status == status)
            let audit = try #require(server.audits.first)
            #expect(audit.uid == identity?.uid ?? 0 && audit.verb == "sync" && audit.model == "a/b" && audit.status == status)
            #expect(audit.failure == (status == 403 ? .notPermitted : nil) && server.audits.count == 1)
            if status == 403 {
                #expect(
                    changed.code == "not-permitted" && changed.body.contains("zood-admin") && changed.body.contains(#""role":"operator""#))
            }
        }
    }

    @Test func `a header cannot make another user of a peer`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            let claims = ["X-Uid: 0", "X-Remote-User: root", "Authorization: Basic cm9vdDo=", "X-Forwarded-For: 127.0.0.1"]
            let answer = try await server.curl(
                "/v1/models/a/sync?uid=0", ["-X", "POST"] + claims.flatMap { ["--header", $0] }, as: Self.stranger)
            #expect(answer.status == 403)
        }
    }

    @Test func `a member starts work, changes what is the member's own, and no more`() {
        let gate = PeerGate(RoleConfiguration(), ownUser: 1) { $0 == "models" ? 700 : $0 == "zood-admin" ? 600 : nil }
        let (member, admin) = (PeerGateTestPeer.of(uid: 2, groups: [700]), PeerGateTestPeer.of(uid: 3, groups: [600]))
        #expect(gate.allows(.member, member) && !gate.allows(.changer, member) && gate.allows(.reader, member))
        #expect(gate.allows(.member, admin) && !gate.allows(.member, PeerGateTestPeer.of(uid: 4)))
        #expect(gate.refusal(of: "fetch", to: member, needing: .member).message.contains("the role member (group models)"))
        #expect(gate.mayChange(whatIsOf: [2, nil], member) && gate.mayChange(whatIsOf: [9, 2], member))
        #expect(!gate.mayChange(whatIsOf: [9, 3], member) && !gate.mayChange(whatIsOf: [nil, nil], member))
        #expect(gate.mayChange(whatIsOf: [9, nil], admin), "who changes things changes anybody's")
        #expect(!gate.mayChange(whatIsOf: [4, 4], PeerGateTestPeer.of(uid: 4)), "an owner who is no member reads")
        #expect(!gate.mayChange(whatIsOf: [65534, 65534], PeerGateTestPeer.of(uid: 65534, groups: [700])), "that is everybody's uid")
    }

    @Test func `the daemon's own user changes things, and everybody when the operators are everybody`() {
        let peer = PeerGateTestPeer.of(uid: 65533)
        #expect(PeerGate(RoleConfiguration(), ownUser: 65533) { _ in nil }.allows(.changer, peer))
        var roles = RoleConfiguration()
        roles.operators = ["*"]
        #expect(PeerGate(roles, ownUser: 1) { _ in nil }.allows(.changer, peer))
        (roles.operators, roles.member) = (["nowhere"], ["nobody-at-all", "nowhere"])
        let gate = PeerGate(roles, ownUser: 1) { _ in nil }
        #expect(!gate.allows(.changer, peer) && gate.unknownGroups == ["nowhere", "nobody-at-all"])
    }
}
