import Foundation
import Glibc
import Testing

@testable import SystemIO

@Suite struct IdleThreadTests {
    /// Of the calling thread, from /proc.
    private static func niceness() -> Int? {
        let text = (try? String(contentsOfFile: "/proc/thread-self/stat", encoding: .utf8)) ?? ""
        // Behind the name, which is in parentheses, field 19 is the 17th.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 16 ? Int(fields[16]) : nil
    }

    @Test func `work on an idle thread is of the least priority, and the threads of lanes keep theirs`() async throws {
        let ordinary = try #require(Self.niceness())
        #expect(await IdleThread.run { Self.niceness() } == 19)
        let lane = BlockingLane(label: "test", width: 1)
        for _ in 0..<4 { #expect(try await lane.run { Self.niceness() } == ordinary) }
    }

    @Test func `its disk priority is idle, too`() async throws {
        let shown = await IdleThread.run {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/ionice")
            let thread = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")) ?? ""
            process.arguments = ["-p", String(thread.split(separator: "/").last ?? "")]
            let pipe = Pipe()
            process.standardOutput = pipe
            do { try process.run() } catch { return "" }
            process.waitUntilExit()
            return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        #expect(shown == "idle\n")
    }

    @Test func `a hundred pieces of work on idle threads all end`() async {
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 1...100 { group.addTask { await IdleThread.run { number } } }
            return await group.reduce(0, +)
        }
        #expect(sum == 5050)
    }
}

@Suite struct CachedSpansTests {
    private func file(of directory: TemporaryDirectory, _ megabytes: Int) throws -> OwnedDescriptor {
        let path = directory.path + "/file"
        try Data(repeating: 1, count: megabytes << 20).write(to: URL(filePath: path))
        let file = try directory.rooted().open(try relative("file"))
        try file.sync()
        return file
    }

    private func drop(_ file: borrowing OwnedDescriptor) {
        _ = file.withRaw { posix_fadvise($0, 0, 0, POSIX_FADV_DONTNEED) }
    }

    private func readAll(_ file: borrowing OwnedDescriptor, _ megabytes: Int) throws {
        for number in 0..<megabytes { _ = try file.read(count: 1 << 20, at: Int64(number) << 20) }
    }

    @Test func `what was not cached before is not cached after, and what was stays`() throws {
        let directory = try TemporaryDirectory()
        let file = try file(of: directory, 70)
        drop(file)
        var spans = CachedSpans(of: file, byteCount: 70 << 20)
        #expect(spans.cached == [false, false, false])
        try readAll(file, 70)
        #expect(CachedSpans(of: file, byteCount: 70 << 20).cached == [true, true, true])
        spans.dropRead(upTo: 40 << 20, of: file)
        #expect(CachedSpans(of: file, byteCount: 70 << 20).cached == [false, true, true])
        spans.dropRead(upTo: 70 << 20, of: file)
        #expect(CachedSpans(of: file, byteCount: 70 << 20).cached == [false, false, false])

        try readAll(file, 10)
        var warm = CachedSpans(of: file, byteCount: 70 << 20)
        #expect(warm.cached.first == true)
        try readAll(file, 70)
        warm.dropRead(upTo: 70 << 20, of: file)
        #expect(CachedSpans(of: file, byteCount: 70 << 20).cached.first == true)
        #expect(CachedSpans(of: file, byteCount: 70 << 20).cached.last == false)
    }

    @Test func `an empty file has no span`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("", to: "file")
        #expect(CachedSpans(of: try directory.rooted().open(try relative("file")), byteCount: 0).cached.isEmpty)
    }
}

@Suite struct LocalOffsetsTests {
    @Test func `the offsets of a zone are those of its clock, and its changes to the second`() async throws {
        await #expect(processExitsWith: .success) {
            setEnvironment("TZ", "Europe/Berlin")
            tzset()
            let changes = LocalOffsets.changes(from: 1_767_225_600, to: 1_798_761_600)
            let found = changes.map { [$0.since, $0.seconds] }
            guard found == [[1_767_225_600, 3600], [1_774_746_000, 7200], [1_792_890_000, 3600]] else { fatalError("\(found)") }
        }
    }

    @Test func `a zone that was changed since is seen`() async throws {
        await #expect(processExitsWith: .success) {
            setEnvironment("TZ", "Europe/Berlin")
            tzset()
            _ = LocalOffsets.changes(from: 1_767_225_600, to: 1_767_312_000)
            setEnvironment("TZ", "Asia/Tokyo")
            let found = LocalOffsets.changes(from: 1_767_225_600, to: 1_767_312_000).map(\.seconds)
            guard found == [32_400] else { fatalError("\(found)") }
        }
    }
}
