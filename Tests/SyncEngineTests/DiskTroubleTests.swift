import Foundation
import Glibc
import ModelInfo
import Planning
import SystemIO
import Testing
import Transfers
import ZooTestSupport

@testable import SyncEngine

struct DiskTroubleTests {
    private static let readme = """
        ---
        name: Net
        caffemodel: net.caffemodel
        caffemodel_url: https://files.example.org/net.caffemodel
        license: MIT
        sha1: \(String(repeating: "1", count: 40))
        ---

        """

    @Test(arguments: [
        (ENOSPC, Trouble.Kind.space, "df -h"), (EDQUOT, .space, "quota"), (EIO, .local, "the disk fails"), (EROFS, .local, "read-only"),
    ])
    func `each trouble of the disk parks a fetch with its own words, is tried again, and leaves bytes only where they are safe`(
        errno: Int32, kind: Trouble.Kind, word: String
    ) async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory, createsGists: false)
            rooms.downloads.fail(with: TransferFailure(.disk(SystemError(errno: errno, operation: "write", path: "/zoo/.zood/x"))))
            try rooms.write(Self.readme, to: "net/readme.md")
            let id = try rooms.id("net")
            try await rooms.work(on: ["net"]) { await rooms.board[id]?.plan.binaries.first?.state == .failed }
            let file = try RelativePath("net.caffemodel")
            let trouble = try #require(try await rooms.store.memory(of: id).binaries[file]?.trouble)
            #expect(trouble.kind == kind && trouble.hint?.contains(word) == true, "\(trouble)")
            #expect(trouble.notBefore != nil && trouble.message.contains("/zoo/.zood/x"))
            // After an error of the disk what is read back may come from memory, and never have reached it.
            let isKept = try rooms.store.partial(of: file, in: id) != nil
            #expect(isKept == [ENOSPC, EDQUOT].contains(errno))
        }
    }

    @Test func `a file system is looked at once in a second or 16 MiB, and too little is told`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let staging = try #require(rooms.zoo.staging)
            let floor = Shared<Int64>(0)
            let room = DownloadRoom(staging: staging, maximumByteCount: .max, minimumFree: { _ in floor.value })
            let watch = DownloadRoom.Watch(room)
            try watch.check(after: 1)
            floor.change { $0 = .max }
            try watch.check(after: 2)
            let lack = #expect(throws: SystemError.self) { try watch.check(after: 17 << 20) }
            #expect(lack?.errno == ENOSPC && lack?.operation.contains("min_free") == true)
            try await eventually("a second later it is looked at again") {
                do { try watch.check(after: 17 << 20) } catch { return true }
                return false
            }
        }
    }
}
