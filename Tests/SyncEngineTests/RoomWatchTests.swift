import Foundation
import Glibc
import ModelInfo
import SystemIO
import Testing
import Transfers
import ZooTestSupport

@testable import SyncEngine

struct RoomWatchTests {
    /// A file system whose room a test sets, how often it was looked at, and who was marked.
    private struct Disk {
        let room = Shared<Int64?>(0)
        let lookCount = Shared(0)
        let marked = Shared<[ModelID]>([])

        /// Who was marked since this was asked last.
        func takeMarked() -> [ModelID] {
            let models = marked.value
            marked.change { $0 = [] }
            return models
        }
    }

    let clock = ManualClock()
    private let disk = Disk()
    private let watch: RoomWatch

    init() {
        let disk = disk
        watch = RoomWatch(
            clock: clock,
            look: { _ in
                disk.lookCount.change { $0 += 1 }
                return disk.room.value
            },
            mark: { models in disk.marked.change { $0 += models } })
    }

    private func withZoo(_ body: (Zoo) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body(try Zoo.open(ZooConfiguration(path: $0))) }
    }

    /// Moves the time by one interval once the alarm stands there, and waits until that was a look.
    private func ring() async throws {
        let (due, before) = (clock.now.addingTimeInterval(RoomWatch.interval), disk.lookCount.value)
        try await eventually("an alarm") { clock.alarms == [due] }
        clock.advance(by: RoomWatch.interval)
        try await eventually("a look, and the next alarm") {
            disk.lookCount.value == before + 1 && clock.alarms == [due.addingTimeInterval(RoomWatch.interval)]
        }
    }

    @Test func `while a fetch waits for room that is looked at every ten seconds, and otherwise nothing wakes`() async throws {
        try await withZoo { zoo in
            #expect(RoomWatch.interval == 10)
            await watch.put(model("a"), awaits: nil, in: zoo)
            await watch.check()
            #expect(clock.alarms.isEmpty && disk.lookCount.value == 0)

            await watch.put(model("a"), awaits: 100, in: zoo)
            await watch.put(model("b"), awaits: 200, in: zoo)
            disk.room.change { $0 = 99 }
            try await ring()
            disk.room.change { $0 = nil }
            try await ring()
            #expect(disk.takeMarked().isEmpty)
            disk.room.change { $0 = 100 }
            try await ring()
            #expect(disk.takeMarked() == [model("a")])

            await watch.put(model("a"), awaits: nil, in: zoo)
            #expect(clock.alarms.count == 1)
            await watch.drop(model("b"))
            try await eventually("no alarm") { clock.alarms.isEmpty }
        }
    }

    @Test func `of those that wait, the smallest are marked and no more than fit together`() async throws {
        try await withZoo { zoo in
            for (id, byteCount) in [("a", Int64(300)), ("b", 100), ("c", 200)] { await watch.put(model(id), awaits: byteCount, in: zoo) }
            disk.room.change { $0 = 599 }
            await watch.check()
            #expect(disk.takeMarked() == [model("b"), model("c")])
            disk.room.change { $0 = 600 }
            await watch.check()
            #expect(disk.takeMarked() == [model("b"), model("c"), model("a")])
            disk.room.change { $0 = -5 }
            await watch.check()
            #expect(disk.takeMarked().isEmpty)
        }
    }

    @Test(arguments: [(Int64(0), nil), (1 << 60, 1 << 20)] as [(Int64, Int64?)])
    func `a fetch without room waits for as much as is missing; where that is there already, it is soon tried again`(
        minimumFree: Int64, awaited: Int64?
    ) async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory, minimumFree: minimumFree, createsGists: false)
            rooms.downloads.fail(with: TransferFailure(.disk(SystemError(errno: ENOSPC, operation: "write", path: "x"))))
            let sha1 = String(repeating: "1", count: 40)
            try rooms.write(
                "---\nname: n\ncaffemodel: w.caffemodel\ncaffemodel_url: https://files.example.org/w\nsha1: \(sha1)\n---\n",
                to: "net/readme.md")
            let id = try rooms.id("net")
            try await rooms.work(on: ["net"]) {
                guard let trouble = try await rooms.store.memory(of: id).binaries.values.first?.trouble else { return false }
                return await rooms.board[id]?.view.memory.binaries.values.first?.trouble == trouble
            }
            let trouble = try #require(try await rooms.store.memory(of: id).binaries.values.first?.trouble)
            #expect(trouble.kind == .space && trouble.neededRoom == awaited)
            #expect(await rooms.board[id]?.plan.awaitedRoom == awaited)
            let wait = try #require(trouble.notBefore).timeIntervalSince(trouble.at)
            #expect(awaited == nil ? wait < 300 : wait >= 3600)
        }
    }
}
