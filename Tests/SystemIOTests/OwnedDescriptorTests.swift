import Foundation
import SystemIO
import SystemPackage
import Testing

struct OwnedDescriptorTests {
    @Test func `a descriptor closes when its owner goes away, and only then`() throws {
        let (reader, writer) = try FileDescriptor.pipe()
        defer { try? reader.close() }
        do {
            let owned = OwnedDescriptor(owning: writer)
            let copy = try owned.duplicate()
            try owned.close()
            #expect(copy.withRaw { fcntl($0, F_GETFD) } == FD_CLOEXEC)
            #expect(fcntl(reader.rawValue, F_SETFL, O_NONBLOCK) == 0)
            #expect(throws: Errno.resourceTemporarilyUnavailable) { try readByte(reader) }
        }
        #expect(try readByte(reader) == 0, "the end of the pipe: no writer is left")
    }

    @Test func `a released descriptor stays open`() throws {
        let (reader, writer) = try FileDescriptor.pipe()
        defer { try? reader.close() }
        let released = OwnedDescriptor(owning: writer).release()
        #expect(try released.writeAll([7]) == 1)
        try released.close()
        #expect(try readByte(reader) == 1)
    }

    private func readByte(_ descriptor: FileDescriptor) throws -> Int {
        var byte: [UInt8] = [0]
        return try unsafe byte.withUnsafeMutableBytes { try unsafe descriptor.read(into: $0) }
    }

    @Test func `writes and reads go where they are told, whole`() throws {
        let temporary = try TemporaryDirectory()
        let file = try temporary.rooted().open(relative("file"), .readWrite, creating: .mustBeNew)
        try file.write(Array("world".utf8), at: 6)
        try file.write("hello ".utf8, at: 0)
        #expect(try file.read(count: 100, at: 0) == Array("hello world".utf8))
        #expect(try file.read(count: 3, at: 6) == Array("wor".utf8))
        try file.truncate(to: 5)
        try file.sync()
        #expect(try file.read(count: 100, at: 3) == Array("lo".utf8))
        #expect(try file.read(count: 1, at: 99).isEmpty)
    }

    @Test func `a full disk is an error that names the file`() throws {
        let full = OwnedDescriptor(owning: try FileDescriptor.open(FilePath("/dev/full"), .writeOnly), path: "/dev/full")
        let error = #expect(throws: SystemError.self) { try full.write([1], at: 0) }
        #expect(error == SystemError(errno: ENOSPC, operation: "write", path: "/dev/full"))
    }

    @Test func `room is reserved beyond the end of a file, and given back`() throws {
        let temporary = try TemporaryDirectory()
        let file = try temporary.rooted().open(relative("file"), .readWrite, creating: .mustBeNew)
        try file.write([1, 2, 3], at: 0)
        try file.reserve(4 << 20)
        #expect(try file.allocatedByteCount() >= 4 << 20)
        #expect(try temporary.rooted().allocatedByteCount(of: relative("file")) >= 4 << 20)
        #expect(try file.status().identity.size == 3)
        // Bytes behind a hole: the hole is given back, and reads as zeros.
        try file.write([UInt8](repeating: 9, count: 2 << 20), at: 0)
        try file.write([4], at: 3 << 20)
        try file.giveBackRoom(in: [0..<1 << 20, 2 << 20..<3 << 20, 5 << 20..<6 << 20])
        #expect(try file.allocatedByteCount() < 2 << 20)
        #expect(try file.read(count: 2, at: 100) == [0, 0])
        #expect(try file.read(count: 2, at: (1 << 20) + 5) == [9, 9])
        #expect(try file.read(count: 2, at: 3 << 20) == [4])
        #expect(try temporary.rooted().allocatedByteCount(of: relative("none")) == 0)
    }
}
