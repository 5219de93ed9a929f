import Foundation
import ModelInfo
import Testing

@testable import SystemIO

@Suite(.timeLimit(.minutes(2))) struct InotifyTests {
    let temporary: TemporaryDirectory
    let root: RootedDirectory
    let inotify: Inotify

    init() throws {
        temporary = try TemporaryDirectory()
        root = try temporary.rooted()
        inotify = try Inotify()
    }

    /// Collects until `isEnough`; the suite's time limit ends a wait for what never comes.
    private func events(until isEnough: ([InotifyEvent]) -> Bool) async -> [InotifyEvent] {
        var seen: [InotifyEvent] = []
        for await batch in inotify.events {
            #expect(!batch.isEmpty)
            seen += batch
            if isEnough(seen) { break }
        }
        return seen
    }

    @Test func `creating, writing, renaming and removing are told with their names`() async throws {
        let watch = try inotify.watch(root)
        try temporary.write("x", to: "readme.md")
        try root.rename(relative("readme.md"), to: relative("README.md"))
        try temporary.makeDirectory("sub")
        try root.remove(relative("README.md"))
        let seen = await events { $0.contains { $0.kinds.contains(.deleted) } }
        #expect(seen.allSatisfy { $0.watch == watch })
        func names(_ kind: InotifyKinds) -> [String?] { seen.filter { $0.kinds.contains(kind) }.map(\.name) }
        #expect(names(.created) == ["readme.md", "sub"])
        #expect(names(.written) == ["readme.md"])
        #expect(names(.movedFrom) == ["readme.md"])
        #expect(names(.movedTo) == ["README.md"])
        #expect(seen.filter(\.isDirectory).map(\.name) == ["sub"])
        let cookies = Set(seen.filter { !$0.kinds.isDisjoint(with: [.movedFrom, .movedTo]) }.map(\.cookie))
        #expect(cookies.count == 1 && !cookies.contains(0))
    }

    @Test func `an event wakes a reader that already waits`() async throws {
        _ = try inotify.watch(root)
        async let seen = events { $0.contains { $0.name == "second" } }
        try temporary.write("x", to: "first")
        // The reader has taken "first", or waits by now; either way "second" must reach it.
        await Task.yield()
        try temporary.write("x", to: "second")
        #expect(await seen.contains { $0.name == "second" })
    }

    @Test func `a watched directory stays watched when it is renamed, and its end is told`() async throws {
        try temporary.makeDirectory("model")
        let model = try root.directory(relative("model"))
        let watch = try inotify.watch(model)
        try root.rename(relative("model"), to: relative("moved"))
        try temporary.write("x", to: "moved/file")
        let first = await events { $0.contains { $0.name == "file" } }
        #expect(first.contains { $0.kinds.contains(.selfMoved) && $0.watch == watch })
        try FileManager.default.removeItem(atPath: temporary.path + "/moved")
        // The kernel waits for the last descriptor of the directory.
        _ = consume model
        let last = await events { $0.contains(where: \.isWatchRemoved) }
        #expect(last.contains { $0.kinds.contains(.selfDeleted) && $0.watch == watch })
    }

    @Test func `a removed watch is silent`() async throws {
        let watch = try inotify.watch(root)
        inotify.remove(watch)
        try temporary.write("x", to: "unseen")
        try temporary.makeDirectory("other")
        let other = try inotify.watch(root.directory(relative("other")))
        try temporary.write("x", to: "other/seen")
        let seen = await events { $0.contains { $0.name == "seen" } }
        #expect(!seen.contains { $0.name == "unseen" })
        #expect(other != watch)
    }

    @Test func `a full queue of the kernel is told as an overflow`() async throws {
        _ = try inotify.watch(root)
        let limit = try #require(RootedDirectory(at: "/proc/sys/fs/inotify").firstNumber(in: "max_queued_events"))
        try temporary.write("x", to: "a")
        // Each rename is two events that the kernel cannot merge.
        for _ in 0..<(limit / 4 + 2) {
            try root.rename(relative("a"), to: relative("b"))
            try root.rename(relative("b"), to: relative("a"))
        }
        let seen = await events { $0.contains(where: \.isOverflow) }
        #expect(seen.last { $0.isOverflow }?.watch == -1)
    }

    @Test func `cancelling the reader ends the stream`() async throws {
        _ = try inotify.watch(root)
        let inotify = inotify
        let reader = Task { for await _ in inotify.events {} }
        reader.cancel()
        await reader.value
        // And a new reader hears of what comes then.
        try temporary.write("x", to: "later")
        #expect(await events { !$0.isEmpty }.first?.name == "later")
    }

    @Test func `running out of watches or instances is told apart from other errors`() throws {
        func failure(_ number: Int32) -> InotifyFailure { InotifyFailure(SystemError(errno: number, operation: "watch", path: "/x")) }
        #expect(failure(ENOSPC) == .outOfWatches)
        #expect(failure(EMFILE) == .outOfInstances)
        #expect(failure(ENOENT) == .system(SystemError(errno: ENOENT, operation: "watch", path: "/x")))
        #expect(try #require(Inotify.watchLimit) > 0)
    }

    @Test func `bytes of the kernel are taken apart, and a cut or lying record counts as lost events`() {
        func record(watch: Int32, kinds: UInt32, cookie: UInt32 = 0, name: [UInt8]) -> [UInt8] {
            [UInt32(bitPattern: watch), kinds, cookie, UInt32(name.count)].flatMap { word in
                (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
            }
                + name
        }
        func decode(_ bytes: [UInt8]) -> [InotifyEvent] { unsafe bytes.withUnsafeBytes { unsafe InotifyEvent.decode($0) } }
        let named = record(watch: 3, kinds: 0x100, cookie: 9, name: Array("ä.md".utf8) + [0, 0, 0])
        let bare = record(watch: 4, kinds: 0x400, name: [])
        let overflow = record(watch: -1, kinds: 0x4000, name: [])
        let garbled = record(watch: 5, kinds: 0x100, name: [0xff, 0xfe, 0, 0])
        #expect(
            decode(named + bare + overflow + garbled) == [
                InotifyEvent(watch: 3, kinds: .created, cookie: 9, name: "ä.md"), InotifyEvent(watch: 4, kinds: .selfDeleted),
                InotifyEvent(watch: -1, kinds: .overflow), InotifyEvent(watch: 5, kinds: .created),
            ])
        #expect(decode([]).isEmpty)
        for cut in 1..<named.count { #expect(decode(bare + named.prefix(cut)).map(\.isOverflow) == [false, true]) }
        #expect(decode(record(watch: 1, kinds: 0x100, name: []).dropLast(4) + [255, 255, 255, 255]).map(\.isOverflow) == [true])
    }
}
