import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import Testing
import ZooTestSupport

/// Files that come over several connections, where one of these goes wrong.
@Suite struct BinarySharedFaultTests {
    private struct PartFault: Sendable {
        let name: String
        let fault: Fault
        /// Whether each request that comes beside another one meets it; otherwise one request for a part does.
        var isForEach = false
        /// After how many that do not.
        var after = 0
    }

    private static let byteCount = 9 << 20
    private static let middle = 100_000

    /// Of each, the file arrives all the same and by itself.
    private static let faults = [
        PartFault(name: "none", fault: .earlyHints),
        PartFault(name: "503", fault: .status(503)),
        PartFault(name: "503 to each", fault: .status(503), isForEach: true),
        PartFault(name: "429 to each", fault: .status(429, headers: [("retry-after", "3600")]), isForEach: true),
        PartFault(name: "hung up on each", fault: .hangUpBeforeHandling, isForEach: true),
        PartFault(name: "reset at once", fault: .reset(atBodyByte: 0)),
        PartFault(name: "reset in the middle", fault: .reset(atBodyByte: middle), after: 1),
        PartFault(name: "cut in the middle", fault: .hangUp(atBodyByte: middle), after: 1),
        PartFault(name: "each cut in the middle", fault: .hangUp(atBodyByte: 1 << 20), isForEach: true),
        PartFault(name: "another ETag", fault: .header("etag", "\"another\"")),
        PartFault(name: "another length", fault: .rangeTotal(byteCount + 1), after: 1),
        PartFault(name: "a later part", fault: .shiftRange(by: 4096)),
        PartFault(name: "an earlier part", fault: .shiftRange(by: -4096), after: 1),
        PartFault(name: "the whole", fault: .ignoreRange),
        PartFault(name: "the whole to each", fault: .ignoreRange, isForEach: true),
        PartFault(name: "416", fault: .rangeNotSatisfiable, after: 1),
        PartFault(name: "too short a length", fault: .contentLength(middle)),
        PartFault(name: "two lengths", fault: .secondContentLength(middle)),
        PartFault(name: "login page", fault: .loginPage),
        PartFault(name: "404 to each", fault: .status(404), isForEach: true),
        PartFault(name: "slow", fault: .bytesPerSecond(64 << 10)),
        PartFault(name: "silent for a while", fault: .pause(atBodyByte: middle, for: .seconds(3))),
        PartFault(name: "silent", fault: .stall(atBodyByte: middle), after: 1),
        PartFault(name: "silent before the head", fault: .stallBeforeHandling),
    ]

    @Test func `a fault on one of several connections keeps the file from nothing`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure([
            "gists": "{ host: none }",
            "binaries": "{ parallel: 16, connections: 4, allow_addresses: [127.0.0.0/8], min_free: 1MiB }",
        ])
        var hosts: [LoopbackFileHost] = []
        var names: [FilePath: Set<SHA1Digest>] = [:]
        for (number, each) in Self.faults.enumerated() {
            // A host of its own for each, since connections are counted by host.
            let host = try await LoopbackFileHost.start(address: "127.0.1.\(number + 1)")
            let content = FileContent.generated(seed: 900 + UInt64(number), byteCount: Self.byteCount)
            host.limit(bytesPerSecond: 3 << 20)
            let pattern = each.isForEach ? RequestPattern.beside(in: host.requests) : .ranged
            host.inject(each.fault, on: pattern, times: each.isForEach ? .max : 1, after: each.after)
            let sha1 = try content.digests().sha1
            try zoo.makeModel("p\(number)", ReadmeText(url: host.serve(content, at: "x.bin"), sha1: sha1))
            names[zoo.path("p\(number)/tiny.caffemodel")] = [sha1]
            hosts.append(host)
        }
        let watch = FinalNameWatch(names)
        let daemon = try await RunningDaemon.start(in: zoo)
        for (number, each) in Self.faults.enumerated() {
            do {
                try await daemon.waitForBinary(.verified, of: "p\(number)", within: .seconds(60))
            } catch { Issue.record("\(each.name): \(error)") }
            let requests = hosts[number].requests.all
            let sent = requests.map(\.bodyBytesSent).reduce(0, +)
            #expect(requests.contains { $0.header("range") != nil }, "\(each.name): one connection, \(requests.count) requests")
            // Once more in one piece is the worst that may come of it.
            #expect(requests.count <= 40 && sent <= 3 * Self.byteCount, "\(each.name): \(requests.count) requests, \(sent) bytes")
        }
        #expect(watch.finish() == [] && watch.found == Self.faults.count)
        #expect(try await daemon.terminate().status == 0)
    }

    @Test func `wrong bytes in one part, and a file that changes between two parts, are found before it gets its name`() async throws {
        let bench = try await BinaryBench()
        let content = FileContent.generated(seed: 990, byteCount: Self.byteCount)
        let better = FileContent.generated(seed: 991, byteCount: Self.byteCount)
        bench.host.limit(bytesPerSecond: 3 << 20)
        bench.host.inject(.wrongBytes, on: RequestPattern.ranged.and(.path("/wrong.bin")))
        try bench.makeModel("wrong", serving: content)
        try bench.makeModel("changed", serving: content, promised: better)
        // Claims that it is the same as before, so that only the digest can tell.
        bench.host.serve(ServedFile(content, etag: .text("\"same\"")), at: "changed.bin")
        bench.host.replace("changed.bin", with: ServedFile(better, etag: .text("\"same\"")), afterRequests: 1)
        let watch = FinalNameWatch([
            bench.zoo.path(bench.binary("wrong")): [try content.digests().sha1],
            bench.zoo.path(bench.binary("changed")): [try better.digests().sha1],
        ])
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        for id in ["wrong", "changed"] {
            let found = try await daemon.waitForBinary(.mismatch, of: id, within: .seconds(60))
            #expect(found.note?.contains("with sha1") == true, "\(found.note ?? "")")
            #expect(bench.requests(id).contains { $0.header("range") != nil })
            #expect(try await daemon.zooctl("fetch", id).status == 0)
        }
        #expect(watch.finish() == [] && watch.found == 2 && bench.kept("downloads").isEmpty)
        #expect(try await daemon.terminate().status == 0)
    }
}
