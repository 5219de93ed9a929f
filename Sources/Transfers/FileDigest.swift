import ModelInfo
import SystemIO

/// The digests of a whole file, and which file exactly that was.
public struct FileDigest: Equatable, Sendable {
    /// Nil when not asked for.
    public let sha1: SHA1Digest?
    /// Nil when not asked for.
    public let sha256: SHA256Digest?
    /// From the descriptor that was read, the same before and after.
    public let identity: FileIdentity

    /// Reads the file from its beginning, whatever the descriptor's position. Blocks: not for Swift's shared threads.
    /// - Parameters:
    ///   - bandwidth: What all who read with it have together; nil: as fast as it goes.
    ///   - isCancelled: Asked before each read of 1 MiB.
    ///   - onProgress: Called after each read with the bytes so far.
    public static func compute(
        of descriptor: borrowing OwnedDescriptor, sha1: Bool, sha256: Bool, bandwidth: SharedBandwidth? = nil,
        isCancelled: () -> Bool = { false }, onProgress: (Int64) -> Void = { _ in }
    ) throws(DigestFailure) -> FileDigest {
        var running = try RunningDigest(sha1: sha1, sha256: sha256)
        let before = try status(of: descriptor)
        var paid: Int64 = 0
        try descriptor.hash(upTo: before.size, into: &running, isCancelled: isCancelled) { byteCount in
            onProgress(byteCount)
            bandwidth?.spend(byteCount - paid, unless: isCancelled)
            paid = byteCount
        }
        guard try status(of: descriptor).isSameFile(as: before) else { throw .changedMeanwhile }
        let digests = running.finish()
        return FileDigest(sha1: digests.sha1, sha256: digests.sha256, identity: before)
    }

    private static func status(of descriptor: borrowing OwnedDescriptor) throws(DigestFailure) -> FileIdentity {
        do { return try descriptor.status().identity } catch { throw .disk(error) }
    }
}
