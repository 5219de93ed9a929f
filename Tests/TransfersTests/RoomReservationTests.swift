import Foundation
import Glibc
import SystemIO
import SystemPackage
import Testing
import ZooTestSupport

@testable import Transfers

/// The room that a large file is given while its first bytes come.
struct RoomReservationTests {
    private func takenByteCount(_ file: ScratchFile) throws -> Int64 {
        var status = stat()
        try #require(unsafe stat(file.path, &status) == 0)
        return Int64(status.st_blocks) * 512
    }

    @Test func `all the room is taken, and the file is no longer by it`() async throws {
        let (file, byteCount) = (try ScratchFile(), 3 * RoomReservation.step + 1)
        let reservation = RoomReservation(of: byteCount, in: SharedDescriptor(try file.open()))
        try await eventually("the room is taken") { try takenByteCount(file) >= byteCount }
        reservation.stop()
        try reservation.check()
        #expect(try file.bytes().isEmpty)
    }

    @Test func `room that there is not is told`() async throws {
        let file = try ScratchFile()
        let readOnly = OwnedDescriptor(owning: try FileDescriptor.open(FilePath(file.path), .readOnly), path: file.path)
        let reservation = RoomReservation(of: 2 * RoomReservation.step, in: SharedDescriptor(readOnly))
        try await eventually("it is told") { () throws -> Bool in
            do throws(SystemError) { try reservation.check() } catch { return true }
            return false
        }
        reservation.stop()
    }

    @Test func `a file larger than a step comes whole`() async throws {
        let host = try await LoopbackFileHost.start()
        let content = FileContent.generated(seed: 5, byteCount: Int(RoomReservation.step) + 1000)
        let (url, file) = (host.serve(content, at: "m"), try ScratchFile())
        let result = try await fetch(request(url), to: file)
        #expect(result.byteCount == RoomReservation.step + 1000)
        #expect(try result.sha1 == content.digests().sha1)
        #expect(try takenByteCount(file) < result.byteCount + (1 << 20))
    }
}
