import ModelInfo
import SystemIO

/// The destination of a download: its bytes and their digests, which always are of the same bytes.
final class PartialFile {
    /// How much a power cut may cost at most.
    private static let syncInterval: Int64 = 64 << 20

    private let descriptor: OwnedDescriptor
    private let wantsSHA1: Bool
    private let wantsSHA256: Bool
    private var digest: RunningDigest
    private(set) var byteCount: Int64 = 0
    private(set) var syncedByteCount: Int64 = 0

    /// Begins with the first `wanted` bytes of what is there, or all when that is less. They are hashed again: a saved state of a digest
    /// would say nothing about the disk.
    init(
        _ descriptor: consuming OwnedDescriptor, keeping wanted: Int64, wantsSHA1: Bool, wantsSHA256: Bool, isCancelled: () -> Bool
    ) throws(DigestFailure) {
        (self.wantsSHA1, self.wantsSHA256) = (wantsSHA1, wantsSHA256)
        digest = try RunningDigest(sha1: wantsSHA1, sha256: wantsSHA256)
        self.descriptor = descriptor
        byteCount = try disk { () throws(SystemError) in
            let kept = min(max(wanted, 0), try self.descriptor.status().identity.size)
            try self.descriptor.truncate(to: kept)
            return kept
        }
        try self.descriptor.hash(upTo: byteCount, into: &digest, isCancelled: isCancelled)
        if byteCount > 0 { try sync() }
    }

    /// Drops all bytes.
    func restart() throws(DigestFailure) {
        digest = try RunningDigest(sha1: wantsSHA1, sha256: wantsSHA256)
        (byteCount, syncedByteCount) = (0, 0)
        try disk { () throws(SystemError) in try descriptor.truncate(to: 0) }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(DigestFailure) {
        CrashPoint.reach("download.received")
        try disk { () throws(SystemError) in try unsafe descriptor.write(bytes, at: byteCount) }
        unsafe digest.update(bytes)
        byteCount += Int64(bytes.count)
        CrashPoint.reach("download.written")
        if byteCount - syncedByteCount >= Self.syncInterval { try sync() }
    }

    /// Syncs what is there.
    /// - Throws: `changedMeanwhile` when the file has not the length that was written: somebody else writes to it.
    func finish() throws(DigestFailure) -> (FileDigest, firstBytes: [UInt8]) {
        try sync()
        let (identity, firstBytes) = try disk { () throws(SystemError) in
            (try descriptor.status().identity, try descriptor.read(count: LooksLike.byteCount, at: 0))
        }
        guard identity.size == byteCount else { throw .changedMeanwhile }
        var done = try RunningDigest(sha1: false, sha256: false)
        swap(&done, &digest)
        let digests = done.finish()
        return (FileDigest(sha1: digests.sha1, sha256: digests.sha256, identity: identity), firstBytes)
    }

    private func sync() throws(DigestFailure) {
        try disk { () throws(SystemError) in try descriptor.sync() }
        syncedByteCount = byteCount
        CrashPoint.reach("download.synced")
    }

    private func disk<R>(_ work: () throws(SystemError) -> R) throws(DigestFailure) -> R {
        do { return try work() } catch { throw .disk(error) }
    }
}
