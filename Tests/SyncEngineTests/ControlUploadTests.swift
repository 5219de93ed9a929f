import ControlProtocol
import Foundation
import SystemPackage
import Testing
import ZooTestSupport

@testable import SyncEngine

/// Bodies that come in pieces.
@Suite struct ControlUploadTests {
    private struct Taken: Codable { var byteCount: Int, announced: Int64 }

    private static let take = Route(.POST, "/v1/take", requires: .reader, takesStream: true) { request in
        guard let upload = request.upload else { throw ControlError(.internal, "no body") }
        var byteCount = 0
        while let piece = try await upload.pipe.next() { byteCount += piece.count }
        return try .json(Taken(byteCount: byteCount, announced: upload.byteCount))
    }

    private static let refuse = Route(.POST, "/v1/refuse", requires: .reader, takesStream: true) { _ in
        throw ControlError(.noSpace, "there is no room")
    }

    private static let whole = Route(.POST, "/v1/whole", requires: .reader) { try .json(Taken(byteCount: $0.body.count, announced: 0)) }

    private func file(_ byteCount: Int, in server: ControlServerUnderTest) throws -> String {
        let path = server.directory.appending("body").string
        try Data(repeating: 7, count: byteCount).write(to: URL(filePath: path))
        return path
    }

    @Test func `a body of any size comes in pieces where a route takes it so, and no other route takes more than before`() async throws {
        try await ControlServerUnderTest.run([Self.take, Self.whole]) { server async throws in
            for byteCount in [0, 1, 5 << 20] {
                let body = try file(byteCount, in: server)
                let answer = try await server.curl("/v1/take", ["-X", "POST", "--data-binary", "@\(body)"])
                #expect(answer.status == 200, "\(answer.body)")
                #expect(try answer.json()["byteCount"] as? Int == byteCount && answer.json()["announced"] as? Int == byteCount)
            }
            let refused = try await server.curl("/v1/whole", ["-X", "POST", "--data-binary", "@\(try file(5 << 20, in: server))"])
            #expect(refused.status == 413)
            // The connection serves on.
            let both = try await server.curl("/v1/take", ["-X", "POST", "--data-binary", "x", "http://zood/v1/whole"])
            #expect(both.exitStatus == 0)
        }
    }

    @Test func `how long the body is has to be said before`() async throws {
        try await ControlServerUnderTest.run([Self.take]) { server async throws in
            let answer = try await server.curl("/v1/take", ["-X", "POST", "-H", "Transfer-Encoding: chunked", "--data-binary", "abc"])
            #expect(answer.status == 411 && answer.code == "bad-request")
        }
    }

    @Test func `who is refused before the whole body is there gets to read why`() async throws {
        try await ControlServerUnderTest.run([Self.refuse]) { server async throws in
            let body = try file(20 << 20, in: server)
            let answer = try await server.curl("/v1/refuse", ["-X", "POST", "-H", "Expect:", "--data-binary", "@\(body)"])
            #expect(answer.status == 507 && answer.code == "no-space", "\(answer.exitStatus) \(answer.body)")
        }
    }

    @Test func `who sends nothing more is cut, and the handler hears of it`() async throws {
        var limits = ControlLimits()
        limits.uploadStallTimeout = .milliseconds(200)
        let heard = Shared<[String]>([])
        let route = Route(.POST, "/v1/take", requires: .reader, takesStream: true) { request in
            do {
                while try await request.upload?.pipe.next() != nil {}
            } catch {
                heard.change { $0.append("\(error)") }
                throw error
            }
            return try .json(Taken(byteCount: 0, announced: 0))
        }
        try await ControlServerUnderTest.run([route], limits: limits) { server async throws in
            let client = try await RawControlClient.connect(to: server.socket)
            await client.send("POST /v1/take HTTP/1.1\r\nHost: zood\r\nContent-Length: 100\r\n\r\nonly this")
            try await eventually { client.isClosed }
            #expect(client.received.contains("408 Request Timeout"))
            try await eventually("the handler heard of it") { heard.value.count == 1 }
        }
    }

    @Test func `who goes away in the middle ends the handler`() async throws {
        let ended = Shared(0)
        let route = Route(.POST, "/v1/take", requires: .reader, takesStream: true) { request in
            defer { ended.change { $0 += 1 } }
            while try await request.upload?.pipe.next() != nil {}
            return try .json(Taken(byteCount: 0, announced: 0))
        }
        try await ControlServerUnderTest.run([route]) { server async throws in
            for _ in 0..<3 {
                let client = try await RawControlClient.connect(to: server.socket)
                await client.send("POST /v1/take HTTP/1.1\r\nHost: zood\r\nContent-Length: 100\r\n\r\nonly this")
                await client.close()
            }
            try await eventually("all handlers ended") { ended.value == 3 }
        }
    }

    @Test func `a stop waits for no sender`() async throws {
        let server = try await ControlServerUnderTest.run([Self.take]) { server async throws in
            let client = try await RawControlClient.connect(to: server.socket)
            await client.send("POST /v1/take HTTP/1.1\r\nHost: zood\r\nContent-Length: 100\r\n\r\nonly this")
            let start = ContinuousClock.now
            await server.stop()
            try await eventually { client.isClosed }
            return ContinuousClock.now - start
        }
        #expect(server < .seconds(2))
    }
}
