import ModelInfo
import SystemIO
import Transfers

/// Copies where a rename cannot go, and from files that hold already what would have to be fetched.
enum FileCopy {
    private static let pieceByteCount = 1 << 20

    /// What a copy holds.
    struct Made: Equatable {
        /// Of the copy, asked through its descriptor after the last byte was synced.
        var identity: FileIdentity
        /// Of its bytes, from the pass that made it.
        var sha256: SHA256Digest
    }

    /// Copies a file to a new name, synced. Nothing is left of a copy that failed. Blocks.
    /// - Parameter permissions: Of the copy.
    /// - Throws: `SystemError`; EEXIST when the name is taken. `DigestFailure`.
    static func make(
        of name: RelativePath, in directory: RootedDirectory, as newName: RelativePath, in target: RootedDirectory, permissions: UInt32,
        isCancelled: () -> Bool = { false }, onProgress: (Int64) throws -> Void = { _ in }
    ) throws -> Made {
        try make(
            of: try directory.open(name), as: newName, in: target, permissions: permissions, isCancelled: isCancelled,
            onProgress: onProgress)
    }

    /// The same of a file that is open for reading. Where the file system can, the copy shares its blocks.
    /// - Parameters:
    ///   - isCancelled: Asked before each piece of 1 MiB.
    ///   - onProgress: Called after each piece with the bytes so far. What it throws ends the copying. Called with 0 when room for all
    ///     of them was taken, unless blocks are shared.
    static func make(
        of source: borrowing OwnedDescriptor, as newName: RelativePath, in target: RootedDirectory, permissions: UInt32,
        isCancelled: () -> Bool = { false }, onProgress: (Int64) throws -> Void = { _ in }
    ) throws -> Made {
        let copy = try target.open(newName, .readWrite, creating: .mustBeNew, permissions: permissions)
        CrashPoint.reach("copy.opened")
        do {
            return try fill(copy, from: source, isCancelled, onProgress)
        } catch {
            try? target.remove(newName)
            throw error
        }
    }

    private static func fill(
        _ copy: borrowing OwnedDescriptor, from source: borrowing OwnedDescriptor, _ isCancelled: () -> Bool,
        _ onProgress: (Int64) throws -> Void
    ) throws -> Made {
        var running = try RunningDigest(sha1: false, sha256: true)
        let isShared = try copy.clone(source)
        if !isShared {
            try copy.reserve(try source.status().identity.size)
            try onProgress(0)
        }
        var offset: Int64 = 0
        while true {
            guard !isCancelled() else { throw DigestFailure.cancelled }
            let piece = isShared ? try copy.read(count: pieceByteCount, at: offset) : try source.read(count: pieceByteCount, at: offset)
            if piece.isEmpty { break }
            if !isShared { try copy.write(piece, at: offset) }
            running.update(piece)
            offset += Int64(piece.count)
            try onProgress(offset)
        }
        try copy.sync()
        CrashPoint.reach("copy.synced")
        guard let sha256 = running.finish().sha256 else { throw DigestFailure.unavailable("SHA256") }
        return Made(identity: try copy.status().identity, sha256: sha256)
    }
}
