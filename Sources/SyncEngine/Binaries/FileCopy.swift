import ModelInfo
import SystemIO
import Transfers

/// Copies where a rename cannot go.
enum FileCopy {
    private static let pieceByteCount = 1 << 20

    /// Copies a file to a new name, synced, and hashes what is in the copy. Nothing is left of a copy that failed. Blocks.
    /// - Parameter permissions: Of the copy.
    /// - Throws: `SystemError`; EEXIST when the name is taken. `DigestFailure`.
    static func make(
        of name: RelativePath, in directory: RootedDirectory, as newName: RelativePath, in target: RootedDirectory, permissions: UInt32
    ) throws -> FileDigest {
        let source = try directory.open(name)
        let copy = try target.open(newName, .readWrite, creating: .mustBeNew, permissions: permissions)
        let result = Result { try fill(copy, from: source) }
        if case .failure = result { try? target.remove(newName) }
        return try result.get()
    }

    private static func fill(_ copy: borrowing OwnedDescriptor, from source: borrowing OwnedDescriptor) throws -> FileDigest {
        var offset: Int64 = 0
        var piece = try source.read(count: pieceByteCount, at: offset)
        while !piece.isEmpty {
            try copy.write(piece, at: offset)
            offset += Int64(piece.count)
            piece = try source.read(count: pieceByteCount, at: offset)
        }
        try copy.sync()
        return try FileDigest.compute(of: copy, sha1: false, sha256: true)
    }
}
