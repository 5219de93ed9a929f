import Testing
import ZooTestSupport

@testable import Transfers

@Suite struct `TLS` {
    private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"

    @Test func `only a certificate that is trusted for the host is accepted`() async throws {
        let host = try await TLSHost(["x": ok])
        let trusting = try APIClient(baseURL: host.origin, token: SecretToken("ghp_x"), settings: NetworkSettings(caFile: host.caFile))
        #expect(try await trusting.send(APIRequest(.get, "/x")).body == Array("hi".utf8))

        let other = try await TLSHost([:])
        let named = host.origin.replacing("127.0.0.1", with: "localhost")
        for (origin, caFile) in [(host.origin, nil), (host.origin, other.caFile), (host.origin, "/nonexistent"), (named, host.caFile)] {
            let client = try APIClient(baseURL: origin, token: SecretToken("ghp_x"), settings: NetworkSettings(caFile: caFile))
            let failure = try await #require(throws: TransferFailure.self) { _ = try await client.send(APIRequest(.post, "/x")) }
            #expect(failure.reason.word == "tls")
            #expect(!failure.requestWasSent)
        }
    }

    @Test func `https is never left for http, by the API client and by downloads`() async throws {
        let plain = try await LoopbackFileHost.start()
        plain.serve(.bytes([1]), at: "x")
        let host = try await TLSHost([
            "moved": "HTTP/1.1 302 Found\r\nLocation: \(plain.url("x"))\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ])
        let settings = NetworkSettings(caFile: host.caFile)
        let api = try APIClient(baseURL: host.origin, token: SecretToken("ghp_x"), settings: settings)
        let downgrade = TransferFailure.Reason.downgrade(to: plain.url("x"))
        #expect(try await #require(throws: TransferFailure.self) { _ = try await api.send(APIRequest(.get, "/moved")) }.reason == downgrade)
        #expect(try await #require(throws: TransferFailure.self) { _ = try await api.fetchRaw(host.origin + "/moved") }.reason == downgrade)
        #expect(try await failure(request(host.origin + "/moved"), by: DownloadClient(settings: { settings })) == downgrade)
        #expect(plain.requests.count == 0)
    }

    @Test func `https to a server without TLS means that nothing was sent`() async throws {
        let host = try await LoopbackFileHost.start()
        let client = try APIClient(baseURL: "https://127.0.0.1:\(host.port)", token: SecretToken("ghp_x"), settings: NetworkSettings())
        let failure = try await #require(throws: TransferFailure.self) { _ = try await client.send(APIRequest(.post, "/x")) }
        #expect(failure.reason.word == "tls")
        #expect(!failure.requestWasSent)
        #expect(!host.requests.mentions("ghp_x"))
    }
}
