import Foundation
import SystemIO
import SystemPackage

/// A file of its own in a temporary directory of its own, gone when the test is over.
final class ScratchFile: Sendable {
    let path: String
    private let directory: URL

    /// - Parameter content: What it holds at first.
    init(_ content: [UInt8] = []) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "transfers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        let file = directory.appending(path: "download")
        try Data(content).write(to: file)
        path = file.path
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Open for reading and writing.
    func open() throws -> OwnedDescriptor { OwnedDescriptor(owning: try FileDescriptor.open(FilePath(path), .readWrite), path: path) }

    func setModificationDate(_ date: Date) throws {
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    }

    /// Compared as one value: a failing `#expect(a == b)` would spend minutes on the differences of two large arrays.
    func holds(_ expected: some Sequence<UInt8>) throws -> Bool { try bytes().elementsEqual(expected) }

    func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
}

/// Bytes that differ all along, so that none can be taken for another.
func pattern(_ byteCount: Int, seed: UInt8 = 0) -> [UInt8] {
    var state = UInt32(seed) &* 2_654_435_761 &+ 12345
    return (0..<byteCount).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: state >> 24)
    }
}
