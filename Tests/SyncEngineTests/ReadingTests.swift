import ControlProtocol
import Foundation
import GRDB
import Glibc
import ModelInfo
import Planning
import SystemIO
import SystemPackage
import Testing
import Transfers
import ZooTestSupport

@testable import SyncEngine

@Suite struct CommitGroupTests {
    private struct Refusal: Error {}

    private func withDatabase(_ body: (DatabaseQueue, CommitGroup) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            var configuration = GRDB.Configuration()
            configuration.journalMode = .wal
            let database = try DatabaseQueue(path: directory.appending("db").string, configuration: configuration)
            try await database.write { try $0.execute(sql: "CREATE TABLE t (n INTEGER)") }
            try await body(database, CommitGroup(database))
        }
    }

    @Test func `writes that come together are committed together, and a failure of one is no failure of the others`() async throws {
        try await withDatabase { database, commits in
            let transactions = Shared(0)
            let counter = TransactionCounter(transactions)
            try await database.writeWithoutTransaction { $0.add(transactionObserver: counter, extent: .databaseLifetime) }
            // While this one holds the database the others gather.
            let isHeld = Shared(false)
            let everybodyWaits = DispatchSemaphore(value: 0)
            let holder = Task {
                try await database.write { _ in
                    isHeld.change { $0 = true }
                    _ = everybodyWaits.wait(timeout: .now() + 60)
                }
            }
            try await eventually("the database is held") { isHeld.value }
            async let failures = withTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        do {
                            try await commits.write { db in
                                try db.execute(sql: "INSERT INTO t VALUES (?)", arguments: [number])
                                if number % 10 == 3 { throw Refusal() }
                            }
                            return false
                        } catch {
                            return true
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try await eventually("all gather") { commits.waitingCount == 100 }
            everybodyWaits.signal()
            let failureCount = await failures
            try await holder.value
            let numbers = try await database.read { try Int.fetchAll($0, sql: "SELECT n FROM t ORDER BY n") }
            #expect(numbers == (0..<100).filter { $0 % 10 != 3 } && failureCount == 10)
            #expect(transactions.value <= 6, "\(transactions.value) transactions")
        }
    }

    @Test func `a group that fails as a whole is written one by one`() async throws {
        try await withDatabase { database, commits in
            let isHeld = Shared(false)
            let everybodyWaits = DispatchSemaphore(value: 0)
            let holder = Task {
                try await database.write { _ in
                    isHeld.change { $0 = true }
                    _ = everybodyWaits.wait(timeout: .now() + 60)
                }
            }
            try await eventually("the database is held") { isHeld.value }
            let good = Task { try await commits.write { try $0.execute(sql: "INSERT INTO t VALUES (1)") } }
            // As a full disk does: all of the transaction is undone.
            let bad = Task {
                try await commits.write { db in
                    try db.execute(sql: "INSERT INTO t VALUES (2)")
                    try db.rollback()
                    throw Refusal()
                }
            }
            let other = Task { try await commits.write { try $0.execute(sql: "INSERT INTO t VALUES (3)") } }
            try await eventually("all gather") { commits.waitingCount == 3 }
            everybodyWaits.signal()
            try await good.value
            try await other.value
            await #expect(throws: (any Error).self) { try await bad.value }
            try await holder.value
            #expect(try await database.read { try Int.fetchAll($0, sql: "SELECT n FROM t ORDER BY n") } == [1, 3])
        }
    }

    private final class TransactionCounter: TransactionObserver, Sendable {
        let count: Shared<Int>
        init(_ count: Shared<Int>) { self.count = count }
        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseDidCommit(_ db: Database) { count.change { $0 += 1 } }
        func databaseDidRollback(_ db: Database) {}
    }
}

@Suite struct ReadingStateTests {
    private let id = model("vision/net")
    private let identity = FileIdentity(
        device: 1, inode: 2, size: 3 << 30, modified: 5, changed: 6, mode: 0o644, owner: 0, group: 0, links: 1)

    @Test func `what earlier releases remembered of binaries is kept`() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(StateDatabase.fileName).string
            let sha256 = SHA256Digest(hex: String(repeating: "a", count: 64))!
            let hashed = HashedFile(identity: identity, sha1: .ofNothing, sha256: sha256, at: Date(timeIntervalSince1970: 1_800_000_000.25))
            let old = try DatabaseQueue(path: file)
            try StateSchema.migrator().migrate(old, upTo: "5")
            let json = try MemoryRows.encode(hashed)
            try await old.write {
                try $0.execute(sql: "INSERT INTO binary VALUES ('z', 'net', 'a', ?, ?)", arguments: [json, json])
                try $0.execute(sql: "INSERT INTO binary VALUES ('z', 'net', 'b', NULL, ?)", arguments: [json])
                let huge = json?.replacing("\"inode\":2,", with: "\"inode\":18446744073709551615,")
                try $0.execute(sql: "INSERT INTO binary VALUES ('z', 'net', 'c', ?, NULL)", arguments: [huge])
            }
            try old.close()
            let store = try StateStore(directory: directory, now: Date())
            let memory = try await store.memory(of: ModelID(zoo: "z", path: try RelativePath("net")))
            #expect(memory.binaries[try RelativePath("a")] == BinaryMemory(hashed: hashed, good: hashed))
            #expect(memory.binaries[try RelativePath("b")] == BinaryMemory(good: hashed))
            #expect(memory.binaries[try RelativePath("c")]?.hashed?.sha256 == sha256)
        }
    }

    @Test func `a reading that was put down is there after a restart, until the file was read`() async throws {
        try await withTemporaryDirectory { directory in
            let file = try RelativePath("net.caffemodel")
            let place = FileReading.Place(
                identity: identity, offset: 1 << 30,
                state: DigestState(sha1: Array(repeating: 1, count: 20), sha256: Array(repeating: 2, count: 32)))
            let reading = PutDownReading(place: place, begunAt: Date(timeIntervalSinceReferenceDate: 12345.678), goal: 7)
            let first = try StateStore(directory: directory, now: Date())
            #expect(try first.putDownReading(of: file, in: id) == nil)
            try first.putDown(reading, of: file, in: id)
            let store = try StateStore(directory: directory, now: Date())
            #expect(try store.putDownReading(of: file, in: id) == reading)
            _ = try await store.record([EndedReading(model: id, file: file, isLong: true) { _ in [] }])
            #expect(try store.putDownReading(of: file, in: id) == nil)
        }
    }
}

@Suite struct ReadingLineTests {
    private func request(
        _ name: String, _ reason: ReadingReason, readAt seconds: TimeInterval = 0, byteCount: Int64 = 1
    ) throws -> ReadingRequest {
        let file = try RelativePath(name)
        let reading = ModelReading(DirectorySnapshot(entries: []), maximumFileSize: 1, directory: "net")
        var view = ModelView(id: model("net"), disk: .notAModel)
        let identity = FileIdentity(
            device: 1, inode: 1, size: byteCount, modified: 1, changed: 1, mode: 0, owner: 0, group: 0, links: 1)
        view.memory.binaries[file] = BinaryMemory(
            hashed: HashedFile(
                identity: identity, sha1: nil, sha256: SHA256Digest(hex: String(repeating: "a", count: 64))!,
                at: Date(timeIntervalSince1970: seconds)))
        let declared = SampleBinary.declared
        let zoo = try Zoo.open(ZooConfiguration(path: "/tmp", mode: .readOnly))
        return try #require(
            ReadingRequest(
                ReadingOrder(file, sha1: false, because: reason), for: view,
                PresentModel(reading: reading, binaries: [file: identity]), declared, in: zoo))
    }

    @Test func `jobs take turns, so that one on a whole zoo keeps nobody waiting until its end`() throws {
        var line = ReadingLine()
        for number in 0..<100 { _ = line.add(try request("a\(number)", .asked(goal: 1))) }
        let removed = line.add(try request("x", .asked(goal: 2)))
        line.remove(removed)
        func next() -> String? { line.takeUrgent()?.order.file.description }
        #expect(next() == "a0" && next() == "a1")
        for name in ["b0", "b1"] { _ = line.add(try request(name, .asked(goal: 3))) }
        _ = line.add(try request("w", .awaited))
        #expect(Set((0..<3).map { _ in next() }) == ["a2", "b0", "w"])
        #expect(Set((0..<2).map { _ in next() }) == ["a3", "b1"])
        #expect((4..<100).allSatisfy { next() == "a\($0)" } && next() == nil && line.isEmpty)
    }

    @Test func `a large file is read by itself, and not at the end of a batch of small ones`() throws {
        var line = ReadingLine()
        for (name, byteCount) in [("small", 10), ("huge", 40 << 30), ("next", 10)] as [(String, Int64)] {
            _ = line.add(try request(name, .asked(goal: 1), byteCount: byteCount))
        }
        #expect(line.takeUrgent(atMost: 1000)?.order.file.description == "small")
        #expect(line.takeUrgent(atMost: 990) == nil)
        #expect(line.takeUrgent()?.order.file.description == "huge")
        #expect(line.takeUrgent(atMost: 1000)?.order.file.description == "next" && line.isEmpty)
    }

    @Test func `what a person waits for comes first, then what is new, then what was read longest ago`() throws {
        var line = ReadingLine()
        let requests: [(String, ReadingReason, TimeInterval)] = [
            ("d3", .due, 30), ("d1", .due, 10), ("n1", .new, 99), ("a1", .asked(goal: 1), 99), ("d2", .due, 20),
            ("a2", .awaited, 5), ("n2", .new, 1), ("d0", .due, 10),
        ]
        for (name, reason, seconds) in requests { _ = line.add(try request(name, reason, readAt: seconds)) }
        let removed = line.add(try request("x", .due, readAt: 1))
        line.remove(removed)
        var order: [String] = []
        while let next = line.takeUrgent() { order.append(next.order.file.description) }
        while let next = line.takeOther() { order.append(next.order.file.description) }
        #expect(order == ["a1", "a2", "n1", "n2", "d1", "d0", "d2", "d3"])
        #expect(line.isEmpty)
    }

    @Test func `behind a closed window what is new stays in line`() throws {
        var line = ReadingLine()
        _ = line.add(try request("d", .due))
        _ = line.add(try request("n", .new))
        #expect(line.removeDue().map(\.order.file.description) == ["d"])
        #expect(line.takeOther()?.order.file.description == "n" && line.takeOther() == nil)
    }
}

private enum SampleBinary {
    static let declared = ModelReading(
        DirectorySnapshot(entries: [
            DirectoryItem(
                name: try! RelativePath("readme.md"), kind: .file,
                identity: FileIdentity(device: 1, inode: 1, size: 1, modified: 1, changed: 1, mode: 0, owner: 0, group: 0, links: 1),
                content: .bytes(Array("---\nname: Net\ncaffemodel: net.caffemodel\n---\n".utf8)))
        ]), maximumFileSize: 1 << 20, directory: "net"
    ).declaredBinaries[0]
}

@Suite struct JobProgressTests {
    @Test func `the rate of a reading is that of the last seconds, and waiting in line is no part of it`() {
        let (gauge, start) = (ReadingGauge(goal: 1), ContinuousClock.now)
        func work(_ second: Int) -> BinaryWork { gauge.work(because: .due, at: start + .seconds(second)) }
        #expect(work(1000).bytesPerSecond == 0)
        gauge.begin(at: 5000, of: 1_000_000, at: start + .seconds(1800))
        gauge.reach(15_000)
        #expect(work(1801).bytesPerSecond == 10_000)
        for second in 1802...1820 {
            gauge.reach(15_000 + Int64(second - 1801) * 100)
            _ = work(second)
        }
        #expect(work(1820).bytesPerSecond == 100 && work(1820).doneBytes == 16_900 && work(1820).totalBytes == 1_000_000)
    }

    @Test func `a job that reads many files says how far it is with all of them`() {
        let waiting = BinaryWork(kind: .queuedVerification)
        let running = BinaryWork(kind: .verifying, doneBytes: 30, totalBytes: 100, bytesPerSecond: 7)
        let sizes: [Int64] = Array(repeating: 100, count: 10)
        let half = JobProgress(reading: sizes, answered: 400, underWay: [running, waiting, waiting], seconds: 43)
        #expect(half.bytes == TransferProgress(doneBytes: 430, totalBytes: 1000, bytesPerSecond: 7) && half.fileCount == 10)
        // Small ones are over before their rate is known.
        let small = JobProgress(reading: sizes, answered: 400, underWay: [waiting], seconds: 40)
        #expect(small.bytes == TransferProgress(doneBytes: 400, totalBytes: 1000, bytesPerSecond: 10))
        let counted = JobProgress(reading: sizes, answered: 990, underWay: [running], seconds: 40)
        #expect(counted.bytes?.doneBytes == 1000)
        #expect(JobProgress(reading: [], answered: 0, underWay: [], seconds: 1).bytes == nil)
    }

    @Test func `as long as a fetch waits in line nobody says how much is left`() {
        let moving = BinaryWork(kind: .fetching, doneBytes: 30, totalBytes: 100, bytesPerSecond: 7)
        #expect(JobProgress(fetching: [moving]).bytes == TransferProgress(doneBytes: 30, totalBytes: 100, bytesPerSecond: 7))
        let several = JobProgress(fetching: [moving, moving, BinaryWork(kind: .queuedFetch)])
        #expect(several.bytes == TransferProgress(doneBytes: 60, totalBytes: nil, bytesPerSecond: 14) && several.fileCount == 3)
        #expect(JobProgress(fetching: [BinaryWork(kind: .queuedFetch)]).bytes == nil)
    }

    @Test func `what was read for a job is counted from the state`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory, createsGists: false)
            for (name, text) in [("a", "12345"), ("b", "1234567")] {
                try rooms.write("---\nname: Net\ncaffemodel: w.caffemodel\n---\n", to: "\(name)/readme.md")
                try rooms.write(text, to: "\(name)/w.caffemodel")
            }
            let (a, b) = (try rooms.id("a"), try rooms.id("b"))
            let job = try await rooms.jobs.start(.verify, models: [a, b], uid: 0)
            #expect(try await rooms.store.byteCount(readFor: job.id, of: nil) == 0)
            try await rooms.work(on: ["a", "b"]) { try await rooms.store.job(job.id)?.isOpen == false }
            #expect(try await rooms.store.byteCount(readFor: job.id, of: nil) == 12)
            #expect(try await rooms.store.byteCount(readFor: job.id, of: a) == 5)
            #expect(try await rooms.store.byteCount(readFor: job.id + 1, of: nil) == 0)
        }
    }
}

@Suite struct PutDownReadingTests {
    @Test func `a slow reading of an ordinary file goes on where the window closed, too`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let (file, byteCount) = (try RelativePath("w.caffemodel"), Int64(24 << 20))
            try rooms.write("---\nname: Net\ncaffemodel: w.caffemodel\n---\n", to: "net/readme.md")
            try rooms.write("", to: "net/w.caffemodel")
            try #require(unsafe truncate(directory.appending("zoo/net/w.caffemodel").string, off_t(byteCount)) == 0)
            let (view, model) = try await rooms.view(of: "net")
            let order = ReadingOrder(file, sha1: false, because: .due)
            let request = try #require(ReadingRequest(order, for: view, model, model.reading.declaredBinaries.first, in: rooms.zoo))
            let looks = Shared(0)
            func verifier(closingAfter count: Int) -> BinaryVerifier {
                BinaryVerifier(
                    store: rooms.store, events: rooms.events, lane: BlockingLane(label: "test", width: 1), clock: rooms.clock,
                    chance: .system, bandwidth: SharedBandwidth { nil },
                    isWindowOpen: {
                        looks.change { $0 += 1 }
                        return looks.value <= count
                    })
            }
            let first = verifier(closingAfter: 12)
            let cut = first.read([(request, ReadingGauge(goal: 0))], by: ReadingBuffer()).first?.1
            let isPutDown = if case .putDown = cut { true } else { false }
            #expect(isPutDown)
            let kept = try #require(try rooms.store.putDownReading(of: file, in: view.id))
            #expect(kept.place.offset == first.counter.total && kept.place.offset > 0)
            let second = verifier(closingAfter: .max)
            guard case .read(let reading) = second.read([(request, ReadingGauge(goal: 0))], by: ReadingBuffer()).first?.1 else {
                Issue.record("it did not end")
                return
            }
            #expect(second.counter.total == byteCount - kept.place.offset)
            _ = try await rooms.store.record([reading])
            #expect(try rooms.store.putDownReading(of: file, in: view.id) == nil)
        }
    }
}

@Suite struct ReadingRoomTests {
    private func makeModels(_ rooms: RoomsUnderTest, _ count: Int) throws -> [String] {
        try (0..<count).map { number in
            let text = "weights of \(number)"
            let sha1 = ContentDigests(of: Array(text.utf8)).sha1
            try rooms.write("---\nname: Net\ncaffemodel: w.caffemodel\nsha1: \(sha1)\n---\n", to: "net\(number)/readme.md")
            try rooms.write(text, to: "net\(number)/w.caffemodel")
            return "net\(number)"
        }
    }

    @Test func `many files are read and remembered in few transactions, and all of them are verified`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory, createsGists: false)
            let models = try makeModels(rooms, 60)
            try await rooms.work(on: models) {
                for model in models where await rooms.board[try rooms.id(model)]?.plan.binaries.first?.state != .verified { return false }
                return true
            }
            let events = try await rooms.store.newestEvents(1000).filter { $0.event.kind == "binary-verified" }
            #expect(events.count == 60)
            let status = await rooms.board.verification(now: Date(), every: 3600)
            #expect(status.coverage == 1 && status.overdue == 0 && status.oldestVerifiedAt != nil && status.nextVerifyAt != nil)
            #expect(await rooms.board.verification(now: Date().addingTimeInterval(3700), every: 3600).overdue == 60)
            #expect(await rooms.board.verification(now: Date().addingTimeInterval(3700), every: 3600).coverage == 0)
            #expect(await rooms.board.verification(now: Date().addingTimeInterval(1e9), every: nil).overdue == 0)
        }
    }
}
