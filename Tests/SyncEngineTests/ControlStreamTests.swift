import Foundation
import ServiceLifecycle
import Synchronization
import SystemIO
import SystemPackage
import Testing
import ZooTestSupport

@testable import SyncEngine

enum PeerGateTestPeer {
    static func of(uid: UInt32, groups: [UInt32] = []) -> PeerCredentials {
        PeerCredentials(pid: 1, uid: uid, gid: uid, groups: groups)
    }
}

/// Streams, going away, and stopping.
@Suite struct ControlStreamTests {
    /// How a stream fared.
    private final class Feed: Sendable {
        let made = Mutex(0)
        let isCancelled = Mutex(false)
        let isReleased = Mutex(false)

        /// Tells when the stream that holds it is no longer held by anybody.
        private final class Holder: Sendable {
            let feed: Feed
            init(_ feed: Feed) { self.feed = feed }
            deinit { feed.isReleased.withLock { $0 = true } }
        }

        /// `count` lines of `size` bytes at once, then silence until cancelled.
        func lines(_ count: Int, size: Int = 8) -> AsyncStream<[UInt8]> {
            let holder = Holder(self)
            return AsyncStream {
                let number = holder.feed.made.withLock { made -> Int in
                    made += 1
                    return made
                }
                if number <= count { return Array(String(repeating: "x", count: size - 1).utf8) + [10] }
                try? await Task.sleep(for: .seconds(600))  // no wait: a handler that does not end
                holder.feed.isCancelled.withLock { $0 = true }
                return nil
            }
        }
    }

    private static func route(_ feed: Feed, _ count: Int, size: Int = 8) -> Route {
        Route(.GET, "/v1/events", requires: .reader) { _ in .lines(feed.lines(count, size: size)) }
    }

    @Test func `lines arrive as they come, in chunks, and the stream stays open`() async throws {
        let feed = Feed()
        try await ControlServerUnderTest.run([Self.route(feed, 3)]) { server async throws in
            let client = try await RawControlClient.connect(to: server.socket)
            await client.send("GET /v1/events HTTP/1.1\r\n\r\n")
            try await eventually { client.received.components(separatedBy: "xxxxxxx\n").count == 4 }
            #expect(client.received.lowercased().contains("transfer-encoding: chunked") && client.received.contains("application/x-ndjson"))
            #expect(!client.isClosed)
            await client.close()
        }
    }

    @Test func `a client that goes away ends its stream at once, not at the next line`() async throws {
        let feed = Feed()
        try await ControlServerUnderTest.run([Self.route(feed, 1)]) { server async throws in
            let client = try await RawControlClient.connect(to: server.socket)
            await client.send("GET /v1/events HTTP/1.1\r\n\r\n")
            try await eventually { client.received.contains("xxxxxxx\n") }
            await client.close()
            try await eventually(within: .seconds(5)) { feed.isCancelled.withLock { $0 } }
        }
    }

    @Test func `a client that goes away cancels the handler at work for it`() async throws {
        let isCancelled = Mutex(false)
        let isStarted = Mutex(false)
        let route = Route(.GET, "/v1/long", requires: .reader) { _ in
            isStarted.withLock { $0 = true }
            defer { isCancelled.withLock { $0 = Task.isCancelled } }
            try await Task.sleep(for: .seconds(600))  // no wait: a handler that does not end
            return try .json("never")
        }
        try await ControlServerUnderTest.run([route]) { server async throws in
            let client = try await RawControlClient.connect(to: server.socket)
            await client.send("GET /v1/long HTTP/1.1\r\n\r\n")
            try await eventually { isStarted.withLock { $0 } }
            await client.close()
            try await eventually(within: .seconds(5)) { isCancelled.withLock { $0 } }
        }
    }

    @Test func `a client that takes nothing holds its stream back, and is cut in the end`() async throws {
        let feed = Feed()
        var limits = ControlLimits()
        limits.writeTimeout = .seconds(1)
        try await ControlServerUnderTest.run([Self.route(feed, 1_000_000, size: 16 << 10)], limits: limits) { server async throws in
            let client = try await RawControlClient.connect(to: server.socket, reads: false)
            await client.send("GET /v1/events HTTP/1.1\r\n\r\n")
            try await eventually { feed.made.withLock { $0 } > 1 }
            try await eventually(within: .seconds(10)) { feed.isReleased.withLock { $0 } }
            // Socket buffers and NIO's marks hold well under 4 MiB.
            #expect(feed.made.withLock { $0 } < 256)
            await client.close()
        }
    }

    @Test func `stopping ends streams cleanly, lets answers finish, and closes what rests`() async throws {
        let feed = Feed()
        let isAsked = Mutex(false)
        let socketOfServer = Mutex("")
        let slow = Route(.GET, "/v1/slow", requires: .reader) { _ in
            // Answers once the socket is gone, which is after the order to stop.
            let socket = socketOfServer.withLock { $0 }
            isAsked.withLock { $0 = true }
            try await eventually { !FileManager.default.fileExists(atPath: socket) }
            return try .json("finished")
        }
        try await ControlServerUnderTest.run([Self.route(feed, 1), slow]) { server async throws in
            socketOfServer.withLock { $0 = server.socket.string }
            let resting = try await RawControlClient.connect(to: server.socket)
            async let stream = server.curl("/v1/events")
            async let answer = server.curl("/v1/slow")
            try await eventually { isAsked.withLock { $0 } && feed.made.withLock { $0 } > 1 }
            let start = ContinuousClock.now
            await server.stop()
            let (streamed, answered) = try await (stream, answer)
            #expect(streamed.exitStatus == 0 && streamed.body == "xxxxxxx\n", "a chunked body with its end")
            #expect(answered.status == 200 && answered.body.contains("finished") && answered.headers.contains("connection: close"))
            try await eventually { resting.isClosed }
            try await eventually { !FileManager.default.fileExists(atPath: server.socket.string) }
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test(arguments: [true, false]) func `clients that come while it stops do no harm`(isGraceful: Bool) async throws {
        for _ in 0..<100 {
            try await ControlServerUnderTest.run([]) { server async throws in
                let knocking = (0..<8).map { _ in
                    Task {
                        while !Task.isCancelled { try? await RawControlClient.connect(to: server.socket).close() }
                    }
                }
                defer { knocking.forEach { $0.cancel() } }
                _ = try await RawControlClient.connect(to: server.socket)
                if isGraceful { await server.stop() } else { server.cancel() }
                try await eventually { !FileManager.default.fileExists(atPath: server.socket.string) }
            }
        }
    }

    @Test func `what does not end by itself is cut when the time is up`() async throws {
        var limits = ControlLimits()
        limits.shutdownTimeout = .milliseconds(300)
        let isAsked = Mutex(false)
        let stuck = Route(.GET, "/v1/stuck", requires: .reader) { _ in
            isAsked.withLock { $0 = true }
            try await Task.sleep(for: .seconds(600))  // no wait: a handler that does not end
            return try .json("never")
        }
        let start = try await ControlServerUnderTest.run([stuck], limits: limits) { server async throws in
            let client = try await RawControlClient.connect(to: server.socket)
            await client.send("GET /v1/stuck HTTP/1.1\r\n\r\n")
            try await eventually { isAsked.withLock { $0 } }
            return ContinuousClock.now
        }
        #expect(ContinuousClock.now - start < .seconds(2))
    }
}
