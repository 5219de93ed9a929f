import Foundation
import ModelInfo
import NIOCore
import Planning
import SystemIO
import Testing
import ZooTestSupport

@testable import SyncEngine

/// What becomes of the old file of an import that does not end as it should.
@Suite struct ImportExchangeTests {
    private static let old = "the old good weights"
    private static let new = "the new weights"
    private let file = try! RelativePath("net.caffemodel")

    private func importer(_ rooms: RoomsUnderTest) -> BinaryImporter {
        let lane = BlockingLane(label: "test", width: 1)
        return BinaryImporter(
            store: rooms.store,
            placer: BinaryPlacer(store: rooms.store, events: rooms.events, lane: lane, copies: lane, clock: rooms.clock),
            workshop: rooms.workshop, lane: lane, clock: rooms.clock, chance: .system,
            settings: { BinaryFetcher.Settings(mirrors: [], minimumFree: { _ in 0 }) })
    }

    private func importNew(_ rooms: RoomsUnderTest) async throws {
        let pipe = BodyPipe()
        await pipe.put(ByteBuffer(string: Self.new))
        await pipe.complete()
        let request = ImportRequest(
            upload: Upload(byteCount: Int64(Self.new.utf8.count), pipe: pipe), name: nil, allowsUnverified: false, by: geteuid())
        _ = try await importer(rooms).run(request, in: rooms.zoo, as: "net") { try await rooms.view(of: "net").0 }
    }

    /// A model whose readme names the new file; nothing lies under its name.
    private func makeModel(_ rooms: RoomsUnderTest) throws {
        let sha1 = ContentDigests(of: Array(Self.new.utf8)).sha1
        try rooms.write("---\nname: Net\ncaffemodel: net.caffemodel\nsha1: \(sha1)\n---\n", to: "net/readme.md")
    }

    /// The bytes of every regular file in the zoo but the lock, by its path.
    private func contents(_ rooms: RoomsUnderTest) throws -> [String: String] {
        let zoo = rooms.directory.appending("zoo").string
        var found: [String: String] = [:]
        for case let path as String in try #require(FileManager.default.enumerator(atPath: zoo)) {
            if !path.hasSuffix("/lock"), let text = try? String(contentsOfFile: "\(zoo)/\(path)", encoding: .utf8) { found[path] = text }
        }
        return found
    }

    @Test func `an old file that the trash does not take now is kept where it came out, until it does`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try makeModel(rooms)
            try rooms.write(Self.old, to: "net/net.caffemodel")
            let (id, folder) = (try rooms.id("net"), try rooms.zoo.root.directory(try RelativePath("net")))
            let digests = ContentDigests(of: Array(Self.old.utf8))
            let (identity, _) = try #require(try folder.status(of: file))
            let good = HashedFile(identity: identity, sha1: digests.sha1, sha256: digests.sha256, at: Date())
            try await rooms.store.record(id) { [file] in $0.binaries[file] = BinaryMemory(hashed: good, good: good) }
            try await rooms.store.database.write {
                try $0.execute(sql: "CREATE TEMP TRIGGER full BEFORE INSERT ON main.trash BEGIN SELECT RAISE(FAIL, 'full'); END")
            }
            await #expect(throws: (any Error).self) { try await importNew(rooms) }
            let left = try contents(rooms)
            #expect(left.values.contains(Self.old), "\(left)")
            let partial = try #require(try rooms.store.partial(of: file, in: id))
            #expect(partial.exchange != nil)

            try await rooms.store.database.write { try $0.execute(sql: "DROP TRIGGER full") }
            // By now it is the new one that has the name; somebody moves it away, so that the next import takes its place.
            try FileManager.default.removeItem(atPath: directory.appending("zoo/net/net.caffemodel").string)
            try await importNew(rooms)
            let found = try contents(rooms)
            #expect(found["net/net.caffemodel"] == Self.new && found.count == 3, "\(found)")
            #expect(found.contains { $0.key.hasPrefix(".zood/trash/") && $0.value == Self.old }, "\(found)")
            #expect(try rooms.store.partial(of: file, in: id) == nil && rooms.store.trash().map(\.reason) == [.outdated])
        }
    }

    @Test func `an import ends first what an earlier fetch began to exchange`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try makeModel(rooms)
            try rooms.write(Self.old, to: ".zood/downloads/earlier.part")
            let name = try RelativePath("earlier.part")
            let (judged, _) = try #require(try rooms.zoo.staging?.downloads.status(of: name))
            let (verified, _) = try #require(try rooms.zoo.root.status(of: try RelativePath("net/readme.md")))
            var partial = PartialDownload(stagingName: name, url: "https://example.org/net", mark: "", bootID: "")
            partial.exchange = BinaryExchange(verified: verified, judged: judged, reason: .outdated)
            try rooms.store.setPartial(partial, of: file, in: try rooms.id("net"))
            try await importNew(rooms)
            let found = try contents(rooms)
            #expect(found["net/net.caffemodel"] == Self.new)
            #expect(found.contains { $0.key.hasPrefix(".zood/trash/") && $0.value == Self.old }, "\(found)")
        }
    }
}
