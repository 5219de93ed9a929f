import Foundation
import Glibc
import ModelInfo
import Testing
import ZooTestSupport

@testable import SyncEngine

@Suite struct VerificationEventTests {
    private static func readme(_ content: String) -> String {
        "---\nname: Net\ncaffemodel: net.caffemodel\nsha1: \(ContentDigests(of: Array(content.utf8)).sha1)\n---\n"
    }

    /// Reads the binary anew and gives the kinds of all readings so far, oldest first.
    private func readings(in rooms: RoomsUnderTest) async throws -> [String] {
        let id = try rooms.id("net")
        if try await !rooms.store.newestEvents(1, of: id).isEmpty { _ = try await rooms.jobs.start(.verify, models: [id], uid: 0) }
        let before = try await rooms.store.newestEvents(100, of: id).count
        try await rooms.work(on: ["net"]) { try await rooms.store.newestEvents(100, of: id).count > before }
        return try await rooms.store.newestEvents(100, of: id).reversed().map(\.event.kind).filter { $0.hasPrefix("binary-") }
    }

    @Test func `a reading that finds a binary as it was is no event, and is remembered`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory, createsGists: false)
            try rooms.write(Self.readme("good"), to: "net/readme.md")
            try rooms.write("good", to: "net/net.caffemodel")
            let id = try rooms.id("net")
            #expect(try await readings(in: rooms) == ["binary-verified"])
            let first = try #require(try await rooms.store.memory(of: id).binaries.first?.value)
            let again = try await RoomsUnderTest(in: directory, zoo: rooms.zoo, createsGists: false)
            _ = try await again.jobs.start(.verify, models: [id], uid: 0)
            try await again.work(on: ["net"]) { try await again.store.memory(of: id).binaries.first?.value.answered != first.answered }
            #expect(try await again.store.newestEvents(100, of: id).count { $0.event.kind == "binary-verified" } == 1)
        }
    }

    @Test func `each reading of a binary that shows something new is told`() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending("zoo/net/net.caffemodel").string
            let first = try await RoomsUnderTest(in: directory, createsGists: false)
            try first.write(Self.readme("good"), to: "net/readme.md")
            try first.write("good", to: "net/net.caffemodel")
            _ = try await readings(in: first)
            // Other bytes under the same inode, size and time: nobody wrote that.
            let handle = try FileHandle(forWritingTo: URL(filePath: file))
            try handle.write(contentsOf: Data("evil".utf8))
            try handle.close()
            let verified = try #require(try await first.store.memory(of: first.id("net")).binaries.first?.value.good?.identity)
            let (seconds, rest) = verified.modified.quotientAndRemainder(dividingBy: 1_000_000_000)
            let times = Array(repeating: timespec(tv_sec: Int(seconds), tv_nsec: Int(rest)), count: 2)
            try #require(unsafe utimensat(AT_FDCWD, file, times, 0) == 0)
            let second = try await RoomsUnderTest(in: directory, zoo: first.zoo, createsGists: false)
            #expect(try await readings(in: second) == ["binary-verified", "binary-corrupt"])
            try second.write("mine", to: "net/net.caffemodel")
            let third = try await RoomsUnderTest(in: directory, zoo: first.zoo, createsGists: false)
            #expect(try await readings(in: third) == ["binary-verified", "binary-corrupt", "binary-modified"])
            try third.write("good", to: "net/net.caffemodel")
            try third.write(Self.readme("else"), to: "net/readme.md")
            let fourth = try await RoomsUnderTest(in: directory, zoo: first.zoo, createsGists: false)
            #expect(
                try await readings(in: fourth) == [
                    "binary-verified", "binary-corrupt", "binary-modified", "binary-outdated",
                ])
        }
    }
}
