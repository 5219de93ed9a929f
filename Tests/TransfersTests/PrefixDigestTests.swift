import Synchronization
import Testing
import ZooTestSupport

@testable import Transfers

/// The digests of a file that is complete before much of it was hashed.
struct PrefixDigestTests {
    private static let byteCount = 9 << 20

    private func digest(of file: ScratchFile, sha256: Bool = true, isCancelled: @escaping @Sendable () -> Bool = { false }) throws
        -> PrefixDigest
    {
        try PrefixDigest(of: SharedDescriptor(file.open()), sha1: true, sha256: sha256, isCancelled: isCancelled)
    }

    @Test(arguments: [0, 1 << 20, 6 << 20, byteCount], [true, false])
    func `what is missing at the end is hashed, however much that is and by however many threads`(begun: Int, both: Bool) throws {
        let content = pattern(Self.byteCount)
        let file = try ScratchFile(content)
        let digest = try digest(of: file, sha256: both)
        try digest.advance(to: Int64(begun))
        let digests = try digest.finish(at: Int64(Self.byteCount))
        #expect(digests.sha1 == ContentDigests(of: content).sha1)
        #expect(digests.sha256 == (both ? ContentDigests(of: content).sha256 : nil))
    }

    @Test func `bytes that are taken as they come are those of the file, and what came in between is read`() throws {
        let content = pattern(600_000)
        let file = try ScratchFile(content)
        let digest = try digest(of: file)
        for part in [0..<200_000, 200_000..<300_000, 400_000..<600_000] {
            unsafe content[part].withUnsafeBytes { unsafe digest.take($0, at: Int64(part.lowerBound)) }
        }
        let digests = try digest.finish(at: 600_000)
        #expect(digests.sha1 == ContentDigests(of: content).sha1 && digests.sha256 == ContentDigests(of: content).sha256)
    }

    @Test func `a file that is cut meanwhile, and a download that is cancelled, have no digest`() throws {
        let file = try ScratchFile(pattern(Self.byteCount))
        let cut = try digest(of: file)
        try file.open().truncate(to: 7 << 20)
        #expect(throws: DigestFailure.changedMeanwhile) { _ = try cut.finish(at: Int64(Self.byteCount)) }

        let asked = Mutex(0)
        let cancelled = try digest(of: file) {
            asked.withLock {
                $0 += 1
                return $0 > 8
            }
        }
        #expect(throws: DigestFailure.cancelled) { _ = try cancelled.finish(at: 7 << 20) }
    }
}
