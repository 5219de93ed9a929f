import Dispatch
import ModelInfo
import Synchronization
import SystemIO

/// The digests of the beginning of a file that grows, computed on a thread of their own while the rest is on its way.
///
/// The bytes are read back right after they were written: what is hashed is what the file holds, and it comes from the page cache.
final class PrefixDigest: Sendable {
    private struct State {
        var isRunning = false
        var isStopped = false
        /// How far the file may be read.
        var end: Int64 = 0
        var hashed: Int64 = 0
        var failure: DigestFailure?
    }

    /// Fits into the processor's cache, where the bytes may still be.
    private static let stride: Int64 = 256 << 10
    /// From so many bytes on it pays to read what is missing twice, so that both threads have something to do.
    private static let worthTwoThreads: Int64 = 4 << 20

    private let file: SharedDescriptor
    private let isCancelled: @Sendable () -> Bool
    private let areTwo: Bool
    private let queue = DispatchQueue(label: "zood digests")
    private let state = Mutex(State())
    /// Locked by the thread for as long as it runs.
    private let digest: Mutex<RunningDigest?>

    init(of file: SharedDescriptor, sha1: Bool, sha256: Bool, isCancelled: @escaping @Sendable () -> Bool) throws(DigestFailure) {
        (self.file, self.isCancelled, areTwo) = (file, isCancelled, sha1 && sha256)
        digest = Mutex(try RunningDigest(sha1: sha1, sha256: sha256))
    }

    /// The first `end` bytes are final. Returns at once.
    /// - Throws: What went wrong with an earlier part.
    func advance(to end: Int64) throws(DigestFailure) {
        let (failure, begins) = state.withLock { state in
            state.end = max(state.end, end)
            let begins = !state.isRunning && state.failure == nil && state.end - state.hashed >= Self.stride
            if begins { state.isRunning = true }
            return (state.failure, begins)
        }
        if let failure { throw failure }
        if begins { queue.async { self.run() } }
    }

    /// Hashes what was just written, on this thread, where nothing of it was given to the other one. What does not follow on what is hashed
    /// is left to ``finish(at:)``.
    func take(_ bytes: UnsafeRawBufferPointer, at offset: Int64) {
        guard state.withLock({ !$0.isRunning && $0.failure == nil && $0.hashed == offset }) else { return }
        digest.withLock { unsafe $0?.update(bytes) }
        state.withLock { $0.hashed += Int64(bytes.count) }
    }

    /// Hashes what is missing of the first `end` bytes, on this thread, unless the other one is at it. Nothing can be added afterwards.
    func finish(at end: Int64) throws(DigestFailure) -> (sha1: SHA1Digest?, sha256: SHA256Digest?) {
        let hashed = state.withLock { state in
            state.end = max(state.end, end)
            return state.hashed
        }
        if areTwo, end - hashed >= Self.worthTwoThreads { return try finishByTwo() }
        queue.sync { run() }
        return try whole().finish()
    }

    private func whole() throws(DigestFailure) -> RunningDigest {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        guard let whole = digest.withLock({ $0.take() }) else { throw .cancelled }
        return whole
    }

    /// All has come, and nothing else is to be done: each thread goes on with one digest.
    private func finishByTwo() throws(DigestFailure) -> (sha1: SHA1Digest?, sha256: SHA256Digest?) {
        stop()
        if let failure = state.withLock({ $0.failure }) { throw failure }
        guard var sha1 = digest.withLock({ $0?.giveSHA1() }) else { throw .cancelled }
        let rest = state.withLock { state in
            (state.isStopped, state.isRunning) = (false, true)
            return state.hashed..<state.end
        }
        queue.async { self.run() }
        do throws(DigestFailure) { try hash(rest, into: &sha1) } catch {
            stop()
            throw error
        }
        queue.sync {}
        let sha256 = try whole().finish().sha256
        return (sha1.finish().sha1, sha256)
    }

    private func hash(_ rest: Range<Int64>, into digest: inout RunningDigest) throws(DigestFailure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(Self.stride), alignment: 4096)
        defer { unsafe buffer.deallocate() }
        var offset = rest.lowerBound
        while offset < rest.upperBound {
            guard !isCancelled() else { throw .cancelled }
            let end = min(rest.upperBound, offset + Self.stride)
            try unsafe file.descriptor.hash(offset..<end, into: &digest, through: buffer)
            offset = end
        }
    }

    /// Returns when the thread reads no more: after a small part of a second.
    func stop() {
        state.withLock { $0.isStopped = true }
        queue.sync {}
    }

    private func run() {
        guard state.withLock({ $0.hashed < $0.end }) else { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(Self.stride), alignment: 4096)
        defer { unsafe buffer.deallocate() }
        digest.withLock { digest in
            while let part = next() {
                do throws(DigestFailure) {
                    guard !isCancelled() else { throw .cancelled }
                    try unsafe file.descriptor.hash(part, into: &digest!, through: buffer)
                    state.withLock { $0.hashed = part.upperBound }
                } catch {
                    state.withLock { $0.failure = error }
                }
            }
        }
    }

    /// Nil when there is no more, decided in the same moment in which it is told that the thread rests.
    private func next() -> Range<Int64>? {
        state.withLock { state in
            guard state.hashed < state.end, state.failure == nil, !state.isStopped else {
                state.isRunning = false
                return nil
            }
            return state.hashed..<min(state.end, state.hashed + Self.stride)
        }
    }
}
