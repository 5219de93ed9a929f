import Foundation
import GRDB
import ModelInfo
import Planning
import Synchronization
import SystemIO
import Testing
import Transfers
import ZooTestSupport

@testable import SyncEngine

/// What a fetch costs beside its bytes.
struct FetchCostTests {
    /// Counts transactions that changed something.
    private final class CommitCounter: TransactionObserver, Sendable {
        private let commits = Mutex(0)
        var count: Int { commits.withLock { $0 } }

        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseDidCommit(_ db: Database) { commits.withLock { $0 += 1 } }
        func databaseDidRollback(_ db: Database) {}
    }

    @Test func `a small fetch is two transactions, one before it begins and one when it is verified`() async throws {
        let host = try await LoopbackFileHost.start()
        let contents = (0..<3).map { FileContent.generated(seed: 200 + $0, byteCount: 100_000) }
        let urls = contents.indices.map { host.serve(contents[$0], at: "\($0).bin") }
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write("---\nname: Net\n---\n", to: "net/readme.md")
            let lane = BlockingLane(label: "test", width: 2)
            let loopback = AddressPolicy(allowed: [try #require(AddressRange("127.0.0.0/8"))])
            let fetcher = BinaryFetcher(
                downloads: DownloadClient(workers: 1), store: rooms.store, events: rooms.events,
                placer: BinaryPlacer(store: rooms.store, events: rooms.events, lane: lane, clock: rooms.clock),
                copies: LocalCopies(
                    zoos: [rooms.zoo], store: rooms.store, events: rooms.events, lane: lane, clock: rooms.clock, chance: .system,
                    mark: { _ in }),
                hosts: try HostBook(store: rooms.store, clock: rooms.clock, chance: .system), lane: lane, clock: rooms.clock,
                chance: .system, settings: { BinaryFetcher.Settings(addresses: loopback) })
            func fetch(_ index: Int) async throws {
                let file = try RelativePath("\(index).caffemodel")
                let declared = DeclaredBinary(
                    file: file, fileText: file.description, url: urls[index], urlText: urls[index],
                    sha1: try contents[index].digests().sha1)
                try await fetcher.run(
                    FetchRequest(
                        model: try rooms.id("net"), idWord: "net", file: file, declared: declared, purpose: .missing,
                        memory: BinaryMemory(), zoo: rooms.zoo), progress: { _, _ in })
            }
            // What the first time costs more: that the host works is remembered.
            try await fetch(0)
            let counter = CommitCounter()
            rooms.store.database.add(transactionObserver: counter)
            try await fetch(1)
            try await fetch(2)
            #expect(counter.count == 4)
            let memory = try await rooms.store.memory(of: rooms.id("net"))
            #expect(try memory.binaries.values.filter { $0.good != nil }.count == 3 && rooms.store.partials(of: rooms.zoo.name).isEmpty)
        }
        await host.stop()
    }

    @Test func `what changes with one binary leaves those beside it as they are`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let id = try rooms.id("net")
            let (one, other) = (try RelativePath("one"), try RelativePath("other"))
            let sha256 = try #require(SHA256Digest(hex: String(repeating: "a", count: 64)))
            let hashed = HashedFile(identity: .none, sha1: nil, sha256: sha256, at: Date(timeIntervalSince1970: 1_800_000_000))
            let trouble = Trouble(
                kind: .network, about: "x", failures: 2, at: hashed.at, notBefore: nil, message: "it did not work", hint: nil)
            try await rooms.events.record(id, []) {
                $0.binaries[one] = BinaryMemory(hashed: hashed, good: hashed, trouble: trouble)
                $0.binaries[other] = BinaryMemory(trouble: trouble)
                ($0.gistTrouble, $0.decisions.carriedOut) = (trouble, [7])
            }
            let before = try await rooms.store.memory(of: id)
            try await rooms.events.record(other, of: id) {
                #expect($0.binary == BinaryMemory(trouble: trouble) && $0.decisions.carriedOut == [7])
                $0.binary = BinaryMemory(hashed: hashed)
                return []
            }
            var after = before
            after.binaries[other] = BinaryMemory(hashed: hashed)
            #expect(try await rooms.store.memory(of: id) == after)
        }
    }
}
