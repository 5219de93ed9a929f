import Foundation
import Testing

@testable import SystemIO

struct SystemFactsTests {
    @Test func `random hex has two lower-case digits a byte and does not repeat`() {
        let made = Set((0..<100).map { _ in SystemRandom.hex(byteCount: 12) })
        #expect(made.count == 100)
        #expect(made.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{24}/) != nil })
        #expect(SystemRandom.bytes(count: 33).count == 33)
    }

    @Test func `network file systems are known as such`() {
        #expect(FileSystemKind(magic: 0x6969) == FileSystemKind(magic: 0x6969))
        #expect(FileSystemKind(magic: 0x6969).name == "nfs")
        for network in [0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546] as [Int64] { #expect(FileSystemKind(magic: network).isNetwork) }
        for local in [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994] as [Int64] { #expect(!FileSystemKind(magic: local).isNetwork) }
        #expect(FileSystemKind(magic: 0x1234).name == "0x1234")
    }

    @Test func `a directory's file system tells its kind and its space`() throws {
        let shared = try RootedDirectory(at: "/dev/shm")
        #expect(try FileSystemKind.of(shared).name == "tmpfs")
        let temporary = try TemporaryDirectory()
        let space = try FileSystemKind.space(at: temporary.rooted())
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: temporary.path)
        #expect(space.totalBytes == (attributes[.systemSize] as? NSNumber)?.int64Value)
        #expect(space.availableBytes > 0 && space.availableBytes <= space.totalBytes)
    }
}
