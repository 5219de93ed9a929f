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
        var reading = try FileReading(of: descriptor, sha1: sha1, sha256: sha256)
        let buffer = ReadingBuffer()
        while !reading.isComplete {
            guard !isCancelled() else { throw .cancelled }
            let before = reading.offset
            try reading.advance(descriptor, by: buffer)
            onProgress(reading.offset)
            bandwidth?.spend(reading.offset - before, unless: isCancelled)
        }
        return try reading.finish(descriptor)
    }
}
