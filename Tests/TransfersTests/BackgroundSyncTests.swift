import Glibc
import SystemIO
import SystemPackage
import Testing

@testable import Transfers

@Suite struct `Bringing a download to the disk` {
    /// Of a file that no disk takes.
    private func failing() throws -> SharedDescriptor {
        SharedDescriptor(OwnedDescriptor(owning: try FileDescriptor.open(FilePath("/dev/null"), .readWrite), path: "/dev/null"))
    }

    @Test func `a failure is waited for, and known also when nobody synced after it`() throws {
        let told = Recorder<ByteRanges>()
        let sync = BackgroundSync(of: try failing()) { told.append($0) }
        sync.begin(ByteRanges(0..<1))
        sync.rest()
        #expect(sync.failure?.errno == EINVAL && told.all.isEmpty)
    }

    @Test func `a file that is begun anew does not forget that its disk failed`() throws {
        let sync = BackgroundSync(of: try failing()) { _ in }
        sync.begin(ByteRanges(0..<1))
        #expect(throws: DigestFailure.self) { try sync.restart() }
        #expect(throws: DigestFailure.self) { try sync.finish(ByteRanges()) }
        #expect(sync.failure?.errno == EINVAL)
    }

    @Test func `what is there at the end is synced once, and told`() throws {
        let told = Recorder<ByteRanges>()
        let file = try ScratchFile(pattern(1000))
        let sync = BackgroundSync(of: SharedDescriptor(try file.open())) { told.append($0) }
        try sync.finish(ByteRanges(0..<1000))
        try sync.finish(ByteRanges(0..<1000))
        #expect(told.all == [ByteRanges(0..<1000)] && sync.synced == ByteRanges(0..<1000))
        try sync.restart()
        #expect(sync.synced == ByteRanges())
    }
}
