import Glibc
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
    ///   - bytesPerSecond: Reads no faster on average; nil: as fast as it goes.
    ///   - isCancelled: Asked before each read of 1 MiB.
    ///   - onProgress: Called after each read with the bytes so far.
    public static func compute(
        of descriptor: borrowing OwnedDescriptor, sha1: Bool, sha256: Bool, bytesPerSecond: Int? = nil,
        isCancelled: () -> Bool = { false }, onProgress: (Int64) -> Void = { _ in }
    ) throws(DigestFailure) -> FileDigest {
        var running = try RunningDigest(sha1: sha1, sha256: sha256)
        let clock = SuspendingClock()
        let start = clock.now
        let before = try status(of: descriptor)
        try descriptor.hash(upTo: before.size, into: &running, isCancelled: isCancelled) { byteCount in
            onProgress(byteCount)
            guard let bytesPerSecond else { return }
            sleep(until: start + .seconds(Double(byteCount) / Double(max(bytesPerSecond, 1))), on: clock, unless: isCancelled)
        }
        guard try status(of: descriptor).isSameFile(as: before) else { throw .changedMeanwhile }
        let digests = running.finish()
        return FileDigest(sha1: digests.sha1, sha256: digests.sha256, identity: before)
    }

    private static func status(of descriptor: borrowing OwnedDescriptor) throws(DigestFailure) -> FileIdentity {
        do { return try descriptor.status().identity } catch { throw .disk(error) }
    }

    /// In naps of at most 100 ms, so that being cancelled is noticed.
    private static func sleep(until end: SuspendingClock.Instant, on clock: SuspendingClock, unless isCancelled: () -> Bool) {
        while true {
            let left = clock.now.duration(to: end)
            guard left > .zero, !isCancelled() else { return }
            usleep(useconds_t(min(left, .milliseconds(100)) / .microseconds(1)))
        }
    }
}
