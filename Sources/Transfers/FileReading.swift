import Glibc
import ModelInfo
import SystemIO

/// One reading of a file from its beginning to its end, whatever the descriptor's position. It can be put down and taken up again.
public struct FileReading: ~Copyable {
    /// Where a reading was put down, and of which file.
    public struct Place: Hashable, Sendable {
        public var identity: FileIdentity
        /// Bytes that were read; a multiple of 64.
        public var offset: Int64
        public var state: DigestState

        public init(identity: FileIdentity, offset: Int64, state: DigestState) {
            (self.identity, self.offset, self.state) = (identity, offset, state)
        }
    }

    /// As the descriptor said before the first byte was read.
    public let identity: FileIdentity
    /// Bytes that were read.
    public private(set) var offset: Int64
    private var digest: SuspendableDigest

    /// - Parameter place: Gone on from there when it is of the very file, its status (ctime) included, and knows these digests; else the
    ///   reading begins anew.
    public init(
        of file: borrowing OwnedDescriptor, sha1: Bool, sha256: Bool, from place: Place? = nil
    ) throws(DigestFailure) {
        identity = try Self.status(of: file)
        if let place, place.identity == identity, (place.state.sha1 != nil) == sha1, sha256, place.offset <= identity.size,
            let kept = SuspendableDigest(place.state, behind: place.offset)
        {
            (offset, digest) = (place.offset, kept)
        } else {
            (offset, digest) = (0, SuspendableDigest(sha1: sha1, sha256: sha256))
        }
    }

    public var isComplete: Bool { offset >= identity.size }

    /// Where it can be put down now; nil in the middle of a block, and without a SHA-256.
    public var place: Place? {
        guard offset % SuspendableDigest.blockSize == 0, let state = digest.state else { return nil }
        return Place(identity: identity, offset: offset, state: state)
    }

    /// Reads on, at most a buffer full. Blocks.
    /// - Throws: `changedMeanwhile` when the file is shorter than it was.
    public mutating func advance(_ file: borrowing OwnedDescriptor, by buffer: ReadingBuffer) throws(DigestFailure) {
        guard !isComplete else { return }
        let wanted = unsafe Int(min(Int64(buffer.bytes.count), identity.size - offset))
        let at = off_t(offset)
        let count = file.withRaw { unsafe pread($0, buffer.bytes.baseAddress, wanted, at) }
        if count < 0, errno == EINTR { return }
        guard count >= 0 else { throw .disk(SystemError(errno: errno, operation: "read", path: "")) }
        guard count > 0 else { throw .changedMeanwhile }
        unsafe digest.update(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
        offset += Int64(count)
    }

    /// The digests of the whole file.
    /// - Throws: `changedMeanwhile` when it is no longer the file that it was.
    public consuming func finish(_ file: borrowing OwnedDescriptor) throws(DigestFailure) -> FileDigest {
        guard try Self.status(of: file).isSameFile(as: identity) else { throw .changedMeanwhile }
        let digests = digest.finish()
        return FileDigest(sha1: digests.sha1, sha256: digests.sha256, identity: identity)
    }

    private static func status(of file: borrowing OwnedDescriptor) throws(DigestFailure) -> FileIdentity {
        do { return try file.status().identity } catch { throw .disk(error) }
    }
}

/// Room for 1 MiB: the size of read at which hashing costs least. For one thread at a time.
@safe public final class ReadingBuffer {
    let bytes: UnsafeMutableRawBufferPointer

    public init() { unsafe bytes = .allocate(byteCount: 1 << 20, alignment: 4096) }

    deinit { unsafe bytes.deallocate() }
}
