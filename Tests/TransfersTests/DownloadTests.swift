import Foundation
import ModelInfo
import SystemIO
import SystemPackage
import Testing
import ZooTestSupport

@testable import Transfers

@Suite struct `Downloads` {
    // One go.

    @Test(arguments: [0, 1, 600, 5_000_000]) func `a file arrives whole, hashed and identified`(byteCount: Int) async throws {
        let host = try await LoopbackFileHost.start()
        let content = pattern(byteCount)
        let url = host.serve(.bytes(content), at: "m.caffemodel")
        let file = try ScratchFile(pattern(9000, seed: 9))
        let result = try await fetch(request(url), to: file)
        #expect(try file.holds(content))
        #expect(result.byteCount == byteCount)
        #expect(result.sha1 == ContentDigests(of: content).sha1)
        #expect(result.sha256 == ContentDigests(of: content).sha256)
        #expect(result.identity == (try file.open().status().identity))
        #expect(result.firstBytes == Array(content.prefix(LooksLike.byteCount)))
        #expect(result.contentType == "application/octet-stream")
        #expect(result.resumedAt == 0)
        #expect(result.validator == .entityTag("\"\(ContentDigests(of: content).sha1)\""))
        let sent = try #require(host.requests.all.first)
        #expect(sent.header("range") == nil && sent.header("authorization") == nil && sent.header("cookie") == nil)
        #expect(sent.header("accept-encoding") == "identity")
    }

    @Test func `the start is told before the first byte is written, and progress ends at the size`() async throws {
        let host = try await LoopbackFileHost.start()
        let content = pattern(300_000)
        let url = host.serve(.bytes(content), at: "m")
        let file = try ScratchFile()
        let (starts, reports) = (Recorder<DownloadStart>(), Recorder<DownloadProgress>())
        let path = file.path
        _ = try await fetch(request(url), to: file) { start throws(TransferFailure) in
            starts.append(start)
            let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? nil
            if size != 0 { throw TransferFailure(.declined("bytes before the start")) }
        } onProgress: { progress in
            reports.append(progress)
        }
        let start = try #require(starts.all.first)
        #expect(start.totalByteCount == 300_000 && start.resumedAt == 0 && start.url.description == url && start.validator != nil)
        #expect(reports.all.last == DownloadProgress(byteCount: 300_000, syncedByteCount: 300_000, totalByteCount: 300_000))
    }

    @Test func `what the caller declines at the start is not written`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.bytes(pattern(1000)), at: "m")
        let file = try ScratchFile()
        await #expect(throws: TransferFailure(.declined("no space"), requestWasSent: true)) {
            try await fetch(request(url), to: file) { _ throws(TransferFailure) in throw TransferFailure(.declined("no space")) }
        }
        #expect(try file.bytes().isEmpty)
    }

    @Test(arguments: [Fault.chunked, .endsWithConnection]) func `a file of unknown length arrives whole`(fault: Fault) async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.bytes(pattern(100_000)), at: "m")
        host.inject(fault)
        let file = try ScratchFile()
        #expect(try await fetch(request(url), to: file).byteCount == 100_000)
        #expect(try file.holds(pattern(100_000)))
    }

    @Test func `a server that compresses without being asked is stored as it sends`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.bytes(pattern(1000)), at: "m")
        host.inject(.gzip)
        let result = try await fetch(request(url), to: ScratchFile())
        #expect(LooksLike.page(firstBytes: result.firstBytes, contentType: result.contentType) == "a gzip archive")
    }

    @Test func `a sign-in page with 200 can be told from a model`() async throws {
        let host = try await LoopbackFileHost.start()
        host.inject(.loginPage)
        let result = try await fetch(request(host.url("m")), to: ScratchFile())
        #expect(LooksLike.page(firstBytes: result.firstBytes, contentType: result.contentType) == "an HTML page titled 'Sign in'")
    }

    // What goes wrong.

    @Test func `an error status comes with what the server said and how long it asks to wait`() async throws {
        let host = try await LoopbackFileHost.start()
        host.inject(.status(429, headers: [("Retry-After", "30")], body: String(repeating: "slow down ", count: 1000)))
        let reason = try await failure(request(host.url("m")))
        #expect(
            reason == .httpStatus(429, retryAfter: .seconds(30), excerpt: String(String(repeating: "slow down ", count: 205).prefix(2048))))
        let missing = try await failure(request(host.url("nothing")))
        #expect(missing == .httpStatus(404, retryAfter: nil, excerpt: "no such file\n"))
    }

    @Test(arguments: [204, 206, 300, 304, 416, 500]) func `a status that brings no file is no success`(status: Int) async throws {
        let host = try await LoopbackFileHost.start()
        host.inject(.status(status))
        #expect(try await failure(request(host.url("m"))) == .httpStatus(status, retryAfter: nil, excerpt: ""))
    }

    @Test func `an answer that ends early is truncated, and its bytes stay`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.bytes(pattern(100_000)), at: "m")
        host.inject(.hangUp(atBodyByte: 40_000))
        let file = try ScratchFile()
        #expect(try await failure(request(url), to: file) == .truncated)
        #expect(try file.holds(pattern(100_000).prefix(40_000)))
    }

    @Test func `a file over the limit is refused before a byte is written, or when it passes the limit`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.bytes(pattern(100_000)), at: "m")
        let file = try ScratchFile()
        #expect(try await failure(request(url) { $0.maximumByteCount = 99_999 }, to: file) == .tooLarge(byteCount: 100_000))
        #expect(try file.bytes().isEmpty)
        host.inject(.chunked)
        #expect(try await failure(request(url) { $0.maximumByteCount = 99_999 }, to: file).word == "tooLarge")
        #expect(try file.bytes().count <= 99_999)
        #expect(try await fetch(request(url) { $0.maximumByteCount = 100_000 }, to: file).byteCount == 100_000)
    }

    @Test func `a stall ends the download, a slow trickle does not`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.bytes(pattern(1000)), at: "m")
        host.inject(.stall(atBodyByte: 500))
        // Slower than the limit as a whole, but never silent for so long.
        let limit = Duration.seconds(2)
        #expect(try await failure(request(url) { $0.stallLimit = limit }) == .stalled(after: limit))
        host.inject(.stallBeforeHandling)
        #expect(try await failure(request(url) { $0.stallLimit = limit }) == .stalled(after: limit))
        host.inject(.bytesPerSecond(250))
        #expect(try await fetch(request(url) { $0.stallLimit = limit }, to: ScratchFile()).byteCount == 1000)
    }

    @Test func `cancelling ends a download at once and keeps its bytes`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.bytes(pattern(1000)), at: "m")
        host.inject(.stall(atBodyByte: 500))
        let file = try ScratchFile()
        let task = Task { try await fetch(request(url), to: file) }
        try await eventually("half of the file arrives") { try file.bytes().count == 500 }
        let elapsed = try await ContinuousClock().measure {
            task.cancel()
            let failure = try await #require(throws: TransferFailure.self) { _ = try await task.value }
            #expect(failure.reason == .cancelled)
        }
        #expect(elapsed < .seconds(20))
        #expect(try file.holds(pattern(1000).prefix(500)))
    }

    @Test func `a destination that cannot be written is a disk failure`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.bytes(pattern(1000)), at: "m")
        let full = OwnedDescriptor(owning: try FileDescriptor.open(FilePath("/dev/full"), .readWrite), path: "/dev/full")
        let failure = try await #require(throws: TransferFailure.self) {
            _ = try await plainClient.download(request(url), to: full)
        }
        #expect(failure.reason.word == "disk")
    }

    @Test func `a host name in other letters is reached, whatever the locale`() async throws {
        let host = try await LoopbackFileHost.start()
        host.serve(.bytes([1, 2]), at: "m")
        #expect(try await fetch(request("http://bücher.localhost:\(host.port)/m"), to: ScratchFile()).byteCount == 2)
        #expect(host.requests.all.first?.header("host") == "xn--bcher-kva.localhost:\(host.port)")
        // What is mapped to an address is judged as one.
        let disguised = "http://\u{FF11}\u{FF12}\u{FF17}.0.0.1:\(host.port)/m"
        #expect(try await failure(request(disguised) { $0.addresses = AddressPolicy() }).word == "refusedAddress")
        #expect(host.requests.count == 1)
    }

    // Where it may lead.

    @Test(arguments: ["127.0.0.1", "localhost", "[::1]", "127.1", "0x7f.1", "[::ffff:127.0.0.1]", "0"])
    func `this machine is refused by every name, without a connection`(name: String) async throws {
        let address = name == "[::1]" ? "::1" : "127.0.0.1"
        let host = try await LoopbackFileHost.start(address: address)
        host.serve(.bytes([1]), at: "m")
        let reason = try await failure(request("http://\(name):\(host.port)/m") { $0.addresses = AddressPolicy() })
        #expect(reason.word == "refusedAddress")
        #expect(host.requests.count == 0)
    }

    @Test func `a name that resolves to a refused address is not even connected to`() async throws {
        let listener = SilentListener()
        #expect(!listener.wasConnectedTo)
        let url = "http://localhost:\(listener.port)/m"
        #expect(try await failure(request(url) { $0.addresses = AddressPolicy() }).word == "refusedAddress")
        #expect(!listener.wasConnectedTo)
        #expect(try await failure(request(url) { $0.stallLimit = .milliseconds(200) }).word == "stalled")
        #expect(listener.wasConnectedTo)
    }

    @Test(arguments: ["http://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "http://[fd00:ec2::254]/", "http://192.168.0.1/"])
    func `metadata and private addresses are refused by themselves and behind a redirect`(target: String) async throws {
        #expect(try await failure(request(target)).word == "refusedAddress")
        let host = try await LoopbackFileHost.start()
        host.redirect("m", to: target)
        #expect(try await failure(request(host.url("m"))).word == "refusedAddress")
    }

    @Test func `an exempt host may redirect to itself, and to no other private host`() async throws {
        let host = try await LoopbackFileHost.start()
        let other = try await LoopbackFileHost.start(address: "127.0.0.2")
        let exempt: (inout DownloadRequest) -> Void = {
            $0.addresses = AddressPolicy()
            $0.isExemptFromAddressPolicy = true
        }
        host.serve(.bytes([1]), at: "m")
        host.redirect("same", to: "/m")
        #expect(try await fetch(request(host.url("same"), exempt), to: ScratchFile()).byteCount == 1)
        host.redirect("other", to: other.url("m"))
        #expect(try await failure(request(host.url("other"), exempt)).word == "refusedAddress")
        #expect(other.requests.count == 0)
    }

    @Test func `a connection that an exempt request left open does not serve one that is not exempt`() async throws {
        let host = try await LoopbackFileHost.start()
        host.serve(.bytes([1]), at: "m")
        let client = DownloadClient(workers: 1)
        // By name: a literal would be refused before a connection is looked for.
        let url = "http://localhost:\(host.port)/m"
        _ = try await fetch(request(url), by: client, to: ScratchFile())
        #expect(try await failure(request(url) { $0.addresses = AddressPolicy() }, by: client).word == "refusedAddress")
        #expect(host.requests.count == 1)
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func `redirects are followed to other hosts`(status: Int) async throws {
        let host = try await LoopbackFileHost.start()
        let other = try await LoopbackFileHost.start(address: "127.0.0.2")
        let url = other.serve(.bytes(pattern(1000)), at: "m")
        host.redirect("m", to: url, status: status)
        let result = try await fetch(request(host.url("m")), to: ScratchFile())
        #expect(result.byteCount == 1000)
        #expect(result.url.description == url)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "https://u:p@127.0.0.1/", "http://u@127.0.0.1/"])
    func `a redirect to another scheme or with credentials is refused`(location: String) async throws {
        let host = try await LoopbackFileHost.start()
        host.redirect("m", to: location)
        switch try await failure(request(host.url("m"))) {
        case .refusedScheme, .badURL: break
        case let reason: Issue.record("\(reason)")
        }
    }

    @Test func `a loop of redirects ends`() async throws {
        let host = try await LoopbackFileHost.start()
        host.redirect("a", to: "/b")
        host.redirect("b", to: "/a")
        #expect(try await failure(request(host.url("a"))) == .tooManyRedirects)
        #expect(host.requests.count == 6)
    }

    @Test func `through a proxy, private addresses and names of this machine are refused before the proxy is asked`() async throws {
        let proxy = try await LoopbackFileHost.start()
        let client = DownloadClient(settings: { NetworkSettings(proxy: proxy.origin) })
        for url in ["http://10.0.0.1/m", "http://169.254.169.254/m", "http://[fd00::1]/m"] {
            #expect(try await failure(request(url), by: client).word == "refusedAddress")
        }
        #expect(proxy.requests.count == 0)
        #expect(try await failure(request("http://8.8.8.8/m"), by: client).word == "httpStatus")
        #expect(proxy.requests.all.map(\.target) == ["http://8.8.8.8/m"])
    }

    @Test func `files are fetched side by side as far as there are workers`() async throws {
        let host = try await LoopbackFileHost.start()
        let url = host.serve(.bytes(pattern(1000)), at: "m")
        let client = DownloadClient(workers: 1)
        let results = try await withThrowingTaskGroup { group in
            for _ in 0..<5 {
                group.addTask {
                    try await fetch(request(url), by: client, to: ScratchFile()).sha1
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: ContentDigests(of: pattern(1000)).sha1, count: 5))
        #expect(Set(host.requests.all.map(\.connection)).count == 1)
    }
}
