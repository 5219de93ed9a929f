import Foundation
import ModelInfo
import Synchronization
import SystemIO
import Testing
import ZooTestSupport

@testable import Transfers

@Suite struct `Downloads over several connections` {
    private static let byteCount = 20 << 20
    private static let content = FileContent.generated(seed: 1, byteCount: byteCount)
    private static let digests = try! content.digests()
    private static let newer = FileContent.generated(seed: 2, byteCount: byteCount)

    /// A host where one connection alone would take 5 s.
    private func slowHost(_ file: ServedFile = ServedFile(content)) async throws -> LoopbackFileHost {
        let host = try await LoopbackFileHost.start()
        host.serve(file, at: "m")
        host.limit(bytesPerSecond: 4 << 20)
        return host
    }

    private func client(_ connections: Int = 8, bandwidth: SharedBandwidth? = nil) -> DownloadClient {
        DownloadClient(connections: { connections }, bandwidth: bandwidth)
    }

    private func expectWhole(_ result: DownloadResult, _ file: ScratchFile, _ digests: ContentDigests = digests) throws {
        #expect(result.byteCount == Int64(Self.byteCount))
        #expect(result.sha1 == digests.sha1 && result.sha256 == digests.sha256)
        #expect(ContentDigests(of: try file.bytes()) == digests)
        #expect(result.identity == (try file.open().status().identity))
    }

    private func sent(_ host: LoopbackFileHost) -> Int { host.requests.all.reduce(0) { $0 + $1.bodyBytesSent } }

    private func ranged(_ host: LoopbackFileHost) -> [RecordedRequest] { host.requests.all.filter { $0.header("range") != nil } }

    // Where it helps.

    @Test func `a large file from a host that is slow for each connection comes over several, whole, hashed and hardly a byte twice`()
        async throws
    {
        let host = try await slowHost()
        let file = try ScratchFile()
        let reports = Recorder<DownloadProgress>()
        try expectWhole(try await fetch(request(host.url("m")), by: client(), to: file, onProgress: { reports.append($0) }), file)
        #expect(Set(host.requests.all.map(\.connection)).count >= 4)
        #expect(
            ranged(host).allSatisfy { $0.header("if-range") == "\"g1-\(Self.byteCount)\"" && $0.header("accept-encoding") == "identity" })
        #expect(sent(host) <= Self.byteCount / 10 * 11)
        #expect(zip(reports.all, reports.all.dropFirst()).allSatisfy { $0.byteCount <= $1.byteCount })
        #expect(reports.all.last?.syncedByteCount == Int64(Self.byteCount))
    }

    @Test func `a host far away is asked once for the part of each connection, and hardly again`() async throws {
        let host = try await slowHost()
        host.inject(.delay(.milliseconds(80)), times: 1000)
        let file = try ScratchFile()
        try expectWhole(try await fetch(request(host.url("m")), by: client(), to: file), file)
        let connections = Set(host.requests.all.map(\.connection)).count
        #expect(connections >= 4 && host.requests.count <= 12, "\(host.requests.count) requests on \(connections) connections")
        #expect(sent(host) <= Self.byteCount / 10 * 11)
    }

    @Test func `one connection is all where the host gives no promise to send the same file, or none of parts`() async throws {
        let single: [ServedFile] = [
            ServedFile(Self.content, etag: .weak, lastModified: nil), ServedFile(Self.content, etag: .none, lastModified: nil),
            ServedFile(Self.content, acceptsRanges: false),
            ServedFile(.generated(seed: 1, byteCount: (8 << 20) - 1)),
        ]
        for served in single {
            let host = try await slowHost(served)
            host.limit(bytesPerSecond: 16 << 20)
            _ = try await fetch(request(host.url("m")), by: client(), to: ScratchFile())
            #expect(host.requests.count == 1)
        }
    }

    @Test func `one connection is all that is used when that is all that is allowed`() async throws {
        let host = try await slowHost()
        let file = try ScratchFile()
        try expectWhole(try await fetch(request(host.url("m")), by: client(1), to: file), file)
        #expect(host.requests.count == 1)
    }

    @Test func `one connection is all where the network is not what is waited for`() async throws {
        let host = try await slowHost(ServedFile(.generated(seed: 1, byteCount: 9 << 20)))
        host.limit(bytesPerSecond: nil)
        // The limit is ours: more connections would not make it faster.
        let client = client(bandwidth: SharedBandwidth { 2 << 20 })
        #expect(try await fetch(request(host.url("m")), by: client, to: ScratchFile()).byteCount == 9 << 20)
        #expect(host.requests.count == 1)
    }

    @Test func `downloads from one host use the connection that the last one left`() async throws {
        let host = try await LoopbackFileHost.start()
        let client = DownloadClient(workers: 1)
        for number in 0..<5 {
            host.serve(.generated(seed: UInt64(number), byteCount: 1 << 20), at: "m\(number)")
            _ = try await fetch(request(host.url("m\(number)")), by: client, to: ScratchFile())
        }
        #expect(Set(host.requests.all.map(\.connection)) == [0])
    }

    // What a host does not want.

    @Test(arguments: [Fault.status(429), .status(503), .hangUpBeforeHandling, .hangUp(atBodyByte: 1000), .reset(atBodyByte: 1000)])
    func `a host that refuses or breaks a further connection gets one, in later downloads too`(fault: Fault) async throws {
        let host = try await slowHost()
        let (client, file) = (client(), try ScratchFile())
        host.inject(fault, on: .ranged)
        try expectWhole(try await fetch(request(host.url("m")), by: client, to: file), file)
        host.clearFaults()
        host.limit(bytesPerSecond: 16 << 20)
        let before = host.requests.count
        try expectWhole(try await fetch(request(host.url("m")), by: client, to: file), file)
        #expect(host.requests.count == before + 1)
    }

    @Test(arguments: [
        Fault.ignoreRange, .shiftRange(by: 1), .shiftRange(by: -1), .rangeTotal(byteCount + 1), .header("etag", "\"other\""),
        .header("etag", nil), .header("content-range", nil), .rangeNotSatisfiable, .status(404), .redirect(to: "/elsewhere"), .gzip,
    ])
    func `an answer that is not the very part that was asked for is never mixed in`(fault: Fault) async throws {
        let host = try await slowHost()
        let file = try ScratchFile()
        host.inject(fault, on: .ranged, times: 2)
        try expectWhole(try await fetch(request(host.url("m")), by: client(), to: file), file)
    }

    @Test func `a file that changes between two parts is fetched anew, in one piece`() async throws {
        let host = try await slowHost()
        let (file, starts) = (try ScratchFile(), Recorder<DownloadStart>())
        host.replace("m", with: ServedFile(Self.newer), afterRequests: 3)
        let result = try await fetch(request(host.url("m")), by: client(), to: file) { starts.append($0) }
        try expectWhole(result, file, Self.newer.digests())
        #expect(starts.all.map(\.validator) == [.entityTag("\"g1-\(Self.byteCount)\""), .entityTag("\"g2-\(Self.byteCount)\"")])
        #expect(result.resumedAt == 0)
    }

    @Test func `the piece of a connection that stalls is brought by others`() async throws {
        let host = try await slowHost()
        let file = try ScratchFile()
        host.inject(.stall(atBodyByte: 100_000), on: .ranged)
        host.inject(.stallBeforeHandling, on: .ranged)
        try expectWhole(try await fetch(request(host.url("m")) { $0.stallLimit = .seconds(12) }, by: client(), to: file), file)
    }

    @Test func `only when nothing moves on any connection does it fail`() async throws {
        let host = try await slowHost()
        host.inject(.stall(atBodyByte: 300_000))
        host.inject(.stall(atBodyByte: 0), on: .ranged, times: .max)
        let reason = try await failure(request(host.url("m")) { $0.stallLimit = .seconds(1) }, by: client())
        #expect(reason == .stalled(after: .seconds(1)))
    }

    @Test(.timeLimit(.minutes(2))) func `a host that falls silent near the end is given up, however often it is asked again`() async throws
    {
        let host = try await slowHost(ServedFile(.generated(seed: 1, byteCount: 9 << 20)))
        // From there on it sends heads alone.
        let silentFrom = 8_800_000
        host.inject(.stall(atBodyByte: silentFrom))
        let pattern = RequestPattern { request in
            request.header("range").flatMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) }.map { $0 >= silentFrom } ?? false
        }
        host.inject(.stall(atBodyByte: 0), on: pattern, times: .max)
        let limit = Duration.seconds(3)
        #expect(try await failure(request(host.url("m")) { $0.stallLimit = limit }, by: client()) == .stalled(after: limit))
    }

    @Test(.timeLimit(.minutes(2))) func `parts that end before their first byte are not asked for again and again`() async throws {
        let host = try await slowHost()
        let file = try ScratchFile()
        host.inject(.endsEarly(atBodyByte: 0), on: .ranged, times: .max)
        try expectWhole(try await fetch(request(host.url("m")), by: client(), to: file), file)
        #expect(host.requests.count < 20)
    }

    @Test(.timeLimit(.minutes(2))) func `parts that end well before their last byte end the download when nothing else brings it`()
        async throws
    {
        let host = try await slowHost()
        host.inject(.endsEarly(atBodyByte: 1000), on: .ranged, times: .max)
        // The first connection is cut where another one's piece begins; what is missing then nobody brings.
        #expect(try await failure(request(host.url("m")), by: client()) == .truncated)
        #expect(host.requests.count < 20)
    }

    @Test func `a connection that breaks in the middle is no reason to have one only, now or later`() async throws {
        let host = try await slowHost()
        let client = client()
        host.inject(.reset(atBodyByte: 500_000), on: .ranged)
        for _ in 0..<2 {
            let file = try ScratchFile()
            try expectWhole(try await fetch(request(host.url("m")), by: client, to: file), file)
            // The one that broke, what it lacked, and others.
            #expect(host.requests.count >= 6)
            host.requests.removeAll()
        }
    }

    @Test func `of many connections one is left open at the end`() async throws {
        let host = try await slowHost()
        let client = client()
        _ = try await fetch(request(host.url("m")), by: client, to: ScratchFile())
        #expect(Set(host.requests.all.map(\.connection)).count >= 4)
        try await eventually("the others are closed") { try connections(to: host) <= 1 }
        withExtendedLifetime(client) {}
    }

    @Test func `several downloads from one host have no more connections together than are allowed`() async throws {
        let host = try await LoopbackFileHost.start()
        for number in 0..<6 { host.serve(.generated(seed: UInt64(40 + number), byteCount: 3 << 20), at: "m\(number)") }
        host.limit(bytesPerSecond: 12 << 20)
        let client = client(1)
        try await withThrowingTaskGroup { group in
            for number in 0..<6 {
                group.addTask { _ = try await fetch(request(host.url("m\(number)")), by: client, to: ScratchFile()) }
            }
            try await group.waitForAll()
        }
        // What one left open, with the next one's, would be two.
        let used = host.requests.all.map(\.connection)
        #expect(used == used.sorted() && used.count == 6, "\(used)")
    }

    /// How many there are from this machine, as the kernel tells.
    private func connections(to host: LoopbackFileHost) throws -> Int {
        let port = ":" + String(host.port + 0x10000, radix: 16, uppercase: true).dropFirst()
        return try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8).split(separator: "\n").dropFirst().count { line in
            let words = line.split(separator: " ")
            return words[2].hasSuffix(port) && words[3] == "01"
        }
    }

    // Going on.

    /// Fetches until at least so much is there, then cancels.
    /// - Returns: What was told of it.
    private func begin(_ host: LoopbackFileHost, _ file: ScratchFile, until byteCount: Int) async throws -> (DownloadStart, ByteRanges) {
        let (starts, synced, reports) = (Recorder<DownloadStart>(), Recorder<ByteRanges>(), Recorder<DownloadProgress>())
        let (client, url) = (client(), host.url("m"))
        let task = Task {
            let descriptor = try file.open()
            return try await client.download(
                request(url), to: descriptor, onStart: { starts.append($0) }, onProgress: { reports.append($0) },
                onSynced: { synced.append($0) })
        }
        try await eventually("\(byteCount) bytes are there") { reports.all.last.map { $0.byteCount >= byteCount } ?? false }
        task.cancel()
        await #expect(throws: TransferFailure.self) { try await task.value }
        return (try #require(starts.all.last), synced.all.last ?? ByteRanges())
    }

    private func goOn(_ host: LoopbackFileHost, _ file: ScratchFile, _ kept: PartialContent.Kept, _ start: DownloadStart) async throws
        -> DownloadResult
    {
        let content = PartialContent(kept, validator: try #require(start.validator), totalByteCount: start.totalByteCount)
        return try await fetch(request(host.url("m")) { $0.resume = content }, by: client(), to: file)
    }

    @Test func `what came in any order is kept, and only what is missing is fetched`() async throws {
        let host = try await slowHost()
        let file = try ScratchFile()
        let (start, _) = try await begin(host, file, until: 8 << 20)
        #expect(try file.open().status().identity.size > Self.byteCount)
        try await eventually("the host has noticed") { host.requests.all.allSatisfy(\.isFinished) }
        host.requests.removeAll()
        let result = try await goOn(host, file, .all, start)
        try expectWhole(result, file)
        #expect(result.resumedAt >= 8 << 20)
        #expect(sent(host) <= Self.byteCount - Int(result.resumedAt) + (1 << 20))
    }

    @Test func `after a power cut only what was synced counts, whatever the file says`() async throws {
        let host = try await slowHost()
        let file = try ScratchFile()
        let (start, _) = try await begin(host, file, until: 8 << 20)
        var synced = ByteRanges(0..<1_000_000)
        synced.insert(5_000_000..<6_000_000)
        // The rest is lost: whatever is there by now.
        let descriptor = try file.open()
        for gap in synced.gaps(below: Int64(Self.byteCount)) {
            try descriptor.write([UInt8](repeating: 7, count: gap.count), at: gap.lowerBound)
        }
        let truth = try Self.content.bytes(in: 0..<6_000_000)
        try descriptor.write(truth[0..<1_000_000], at: 0)
        try descriptor.write(truth[5_000_000..<6_000_000], at: 5_000_000)
        let result = try await goOn(host, file, .parts(synced), start)
        try expectWhole(result, file)
        #expect(result.resumedAt == 2_000_000)
    }

    @Test func `a file that is longer than it should be, without a record, begins anew`() async throws {
        let host = try await slowHost()
        host.limit(bytesPerSecond: nil)
        let file = try ScratchFile([UInt8](repeating: 7, count: Self.byteCount + 4096))
        let start = DownloadStart(
            url: try HTTPURL(host.url("m")), validator: .entityTag("\"g1-\(Self.byteCount)\""), totalByteCount: Int64(Self.byteCount),
            kept: ByteRanges(), contentType: nil)
        let result = try await goOn(host, file, .all, start)
        try expectWhole(result, file)
        #expect(result.resumedAt == 0)
    }

    @Test func `a part that rotted between two runs shows in the digests`() async throws {
        let host = try await slowHost()
        let file = try ScratchFile()
        let (start, _) = try await begin(host, file, until: 8 << 20)
        try file.open().write([0x55, 0x55, 0x55], at: 1000)
        let result = try await goOn(host, file, .all, start)
        #expect(result.sha1 != Self.digests.sha1)
        #expect(result.sha1 == ContentDigests(of: try file.bytes()).sha1)
    }

    @Test func `a file that changed between two runs is fetched anew, whatever parts were there`() async throws {
        let host = try await slowHost()
        let file = try ScratchFile()
        let (start, _) = try await begin(host, file, until: 8 << 20)
        host.serve(Self.newer, at: "m")
        let result = try await goOn(host, file, .all, start)
        try expectWhole(result, file, Self.newer.digests())
        #expect(result.resumedAt == 0)
    }

    @Test func `room is taken for the whole file when its length is known, and given back when it does not come`() async throws {
        let host = try await slowHost()
        host.limit(bytesPerSecond: 1 << 20)
        let file = try ScratchFile()
        let (client, url, reports) = (client(1), host.url("m"), Recorder<DownloadProgress>())
        let task = Task { try await fetch(request(url), by: client, to: file, onProgress: { reports.append($0) }) }
        try await eventually("it has begun") { reports.all.count > 1 }
        #expect(try file.open().allocatedByteCount() >= Self.byteCount)
        #expect(try file.open().status().identity.size < Self.byteCount)
        task.cancel()
        _ = await task.result
        #expect(try file.open().allocatedByteCount() < Self.byteCount / 2)
    }
}
