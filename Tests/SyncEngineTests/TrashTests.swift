import ControlProtocol
import Foundation
import ModelInfo
import Planning
import SystemIO
import SystemPackage
import Testing

@testable import SyncEngine

struct TrashTests {
    private let net = model("net", zoo: "zoo")
    private let file = try! RelativePath("net.caffemodel")

    /// One zoo with a model directory, and its trash.
    private struct Bench {
        let rooms: RoomsUnderTest
        let trash: Trash
        let shelf: TrashShelf

        func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: rooms.directory.appending("zoo/\(path)").string) }
    }

    private func withBench(_ body: (Bench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let staging = try #require(rooms.zoo.staging)
            try await body(
                Bench(
                    rooms: rooms, trash: Trash(staging: staging, store: rooms.store, clock: rooms.clock),
                    shelf: shelf(of: rooms, rooms.zoo)))
        }
    }

    private func shelf(of rooms: RoomsUnderTest, _ zoo: Zoo) -> TrashShelf {
        TrashShelf(
            zoos: [zoo], store: rooms.store, events: rooms.events, lane: BlockingLane(label: "test", width: 1), clock: rooms.clock)
    }

    /// Moves `net/net.caffemodel` away.
    private func moveAway(_ bench: Bench, because reason: TrashReason = .corrupt) throws {
        try bench.rooms.write("rotten", to: "net/net.caffemodel")
        let directory = try bench.rooms.zoo.root.directory(net.path)
        _ = try bench.trash.keep(file, from: directory, of: net, file, because: reason)
    }

    private func refusal(_ body: () async throws -> Void) async -> ControlError? {
        do { try await body() } catch { return error as? ControlError }
        return nil
    }

    @Test(arguments: [(.corrupt, 30 * 86400), (.outdated, nil), (.displaced, nil)] as [(TrashReason, TimeInterval?)])
    func `what was moved away is listed with its place, why, its size and how long it is kept`(
        reason: TrashReason, keptFor: TimeInterval?
    ) async throws {
        try await withBench { bench in
            try moveAway(bench, because: reason)
            let item = try #require(try await bench.shelf.items().first)
            #expect(item.record?.model == net && item.record?.file == file && item.reason == reason)
            #expect(item.byteCount == 6 && item.owner == geteuid() && abs(item.movedAt.timeIntervalSinceNow) < 60)
            #expect(item.keptUntil == keptFor.map { item.movedAt.addingTimeInterval($0) })
            #expect(item.id.wholeMatch(of: /[0-9a-f]{12}/) != nil)
            #expect(try await bench.shelf.find(item.id) == item)
        }
    }

    @Test func `what lies in the trash without a record is listed, and a record without a file is forgotten`() async throws {
        try await withBench { bench in
            try moveAway(bench)
            let (store, zoo) = (bench.rooms.store, bench.rooms.zoo)
            let lost = try #require(try store.trash().first)
            try bench.trash.staging.trash.remove(lost.name)
            try bench.rooms.write("found", to: ".zood/trash/0123456789ab+a+b")
            try bench.rooms.write("half a co", to: ".zood/trash/.copy-0123")
            let items = try await bench.shelf.items()
            #expect(items.map(\.id) == ["0123456789ab"] && items.first?.reason == .unknown && items.first?.keptUntil == nil)
            let item = try #require(items.first)
            let refused = await refusal { _ = try await bench.shelf.restore(item, by: 0) }
            #expect(refused?.code == .noPlace && refused?.hint?.contains("/zoo/.zood/trash/0123456789ab+a+b FILE") == true)
            #expect(try store.trash() == [lost])
            try Trash.sweep(bench.trash.staging, of: zoo.name, store, at: Date())
            #expect(try store.trash().isEmpty && !bench.exists(".zood/trash/.copy-0123"))
            #expect(try await bench.shelf.items() == items)
        }
    }

    @Test func `a file goes back only where it was, and only where nothing is`() async throws {
        try await withBench { bench in
            try moveAway(bench)
            let item = try #require(try await bench.shelf.items().first)
            try bench.rooms.write("newer", to: "net/net.caffemodel")
            let taken = await refusal { _ = try await bench.shelf.restore(item, by: 0) }
            #expect(taken?.code == .noPlace && taken?.message.contains("net/net.caffemodel is there already") == true)
            #expect(taken?.hint?.hasSuffix("zooctl trash restore \(item.id)") == true)
            #expect(try bench.rooms.text(of: "net/net.caffemodel") == "newer")

            let zoo = bench.rooms.directory.appending("zoo").string
            try FileManager.default.removeItem(atPath: "\(zoo)/net")
            let gone = await refusal { _ = try await bench.shelf.restore(item, by: 0) }
            #expect(gone?.code == .noPlace && gone?.hint?.contains("mkdir -p \(zoo)/net, then: zooctl trash") == true)

            let closed = try Zoo.open(ZooConfiguration(path: FilePath(zoo), mode: .readOnly))
            let shelf = shelf(of: bench.rooms, closed)
            let remembered = try #require(try await shelf.items().first)
            #expect(remembered.id == item.id && remembered.owner == nil)
            #expect(await refusal { _ = try await shelf.restore(remembered, by: 0) }?.code == .readOnly)

            try FileManager.default.createDirectory(atPath: "\(zoo)/net", withIntermediateDirectories: false)
            #expect(try await bench.shelf.restore(item, by: 7) == net)
            #expect(try bench.rooms.text(of: "net/net.caffemodel") == "rotten")
            #expect(try await bench.shelf.items().isEmpty && bench.rooms.store.trash().isEmpty)
            let told = try await bench.rooms.store.newestEvents(1, of: net).first?.event
            #expect(told?.kind == "trash-restored" && told?.uid == 7 && told?.details["item"] == item.id)
            #expect(await refusal { _ = try await bench.shelf.find(item.id) }?.code == .noSuchItem)
        }
    }

    @Test func `what is in the trash follows a model that is renamed`() async throws {
        try await withBench { bench in
            try moveAway(bench)
            let (zoo, moved) = (bench.rooms.directory.appending("zoo").string, model("moved", zoo: "zoo"))
            try FileManager.default.moveItem(atPath: "\(zoo)/net", toPath: "\(zoo)/moved")
            try await bench.rooms.events.recordMove(of: net, to: moved, at: Date())
            let item = try #require(try await bench.shelf.items().first)
            #expect(try await bench.shelf.restore(item, by: 0) == moved)
            #expect(bench.exists("moved/net.caffemodel"))
        }
    }

    @Test func `a file may be taken back by its owner and by those who change things, and 65534 owns nothing`() {
        let gate = PeerGate(RoleConfiguration(), ownUser: 500) { $0 == "zood-admin" ? 600 : nil }
        func may(_ uid: UInt32, group: UInt32 = 1, of owner: UInt32?) -> Bool {
            gate.mayTakeBack(fileOf: owner, PeerCredentials(pid: 1, uid: uid, gid: group, groups: []))
        }
        #expect(may(0, of: 7) && may(500, of: 7) && may(8, group: 600, of: nil) && may(7, of: 7))
        #expect(!may(8, of: 7) && !may(7, of: 0) && !may(7, of: nil) && !may(65534, of: 65534))
    }
}
