import ModelInfo
import Synchronization
import SystemIO

/// A file that grows by what somebody sends: written and hashed in the same pass, one piece after the other. Its calls block.
public final class IncomingFile: Sendable {
    private struct Content: ~Copyable {
        var digest: RunningDigest
        var byteCount: Int64 = 0
    }

    private let descriptor: OwnedDescriptor
    private let content: Mutex<Content>

    /// - Parameters:
    ///   - descriptor: Of an empty file, open for reading and writing, and for nobody else.
    ///   - byteCount: How much is to come; the room for it is taken at once.
    /// - Throws: ENOSPC and its like when there is no room.
    public init(_ descriptor: consuming OwnedDescriptor, expecting byteCount: Int64) throws(DigestFailure) {
        content = Mutex(Content(digest: try RunningDigest(sha1: true, sha256: true)))
        self.descriptor = descriptor
        do throws(SystemError) { try self.descriptor.reserve(byteCount) } catch { throw .disk(error) }
    }

    /// Adds a piece at the end.
    public func append(_ bytes: [UInt8]) throws(DigestFailure) {
        try content.withLock { (content) throws(DigestFailure) in
            let offset = content.byteCount
            try disk { () throws(SystemError) in try descriptor.write(bytes, at: offset) }
            content.digest.update(bytes)
            content.byteCount += Int64(bytes.count)
        }
        CrashPoint.reach("import.written")
    }

    /// How much has come.
    public var byteCount: Int64 { content.withLock { $0.byteCount } }

    /// Brings it to the disk. Nothing may be added any more.
    /// - Returns: Its digests and its inode, and at most ``LooksLike/byteCount`` bytes of its beginning.
    /// - Throws: `changedMeanwhile` when the file has not the length that was written: somebody else writes to it.
    public func finish() throws(DigestFailure) -> (FileDigest, firstBytes: [UInt8]) {
        try content.withLock { (content) throws(DigestFailure) in
            let byteCount = content.byteCount
            let (identity, firstBytes) = try disk { () throws(SystemError) in
                try descriptor.truncate(to: byteCount)
                try descriptor.sync()
                return (try descriptor.status().identity, try descriptor.read(count: LooksLike.byteCount, at: 0))
            }
            CrashPoint.reach("import.synced")
            guard identity.size == byteCount else { throw .changedMeanwhile }
            var done = try RunningDigest(sha1: false, sha256: false)
            swap(&done, &content.digest)
            let digests = done.finish()
            return (FileDigest(sha1: digests.sha1, sha256: digests.sha256, identity: identity), firstBytes)
        }
    }

    private func disk<R>(_ work: () throws(SystemError) -> R) throws(DigestFailure) -> R {
        do { return try work() } catch { throw .disk(error) }
    }
}
