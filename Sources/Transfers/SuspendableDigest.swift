import COpenSSL
import ModelInfo

/// SHA-1 and SHA-256 of one stream of bytes that can be put down behind any block of 64 bytes, and taken up again by another process.
struct SuspendableDigest: Sendable {
    /// Bytes of a block: only between two of them is there a state that can be kept.
    static let blockSize: Int64 = 64

    private var sha1: SHA_CTX?
    private var sha256: SHA256_CTX?

    init(sha1: Bool, sha256: Bool) {
        if sha1 {
            var context = SHA_CTX()
            unsafe zoo_sha1_start(&context)
            self.sha1 = context
        }
        if sha256 {
            var context = SHA256_CTX()
            unsafe zoo_sha256_start(&context)
            self.sha256 = context
        }
    }

    /// Goes on behind `byteCount` bytes. Nil for states that are none.
    init?(_ state: DigestState, behind byteCount: Int64) {
        guard byteCount >= 0, byteCount % Self.blockSize == 0, state.sha256.count == 32, [nil, 20].contains(state.sha1?.count) else {
            return nil
        }
        if let words = state.sha1 {
            var context = SHA_CTX()
            unsafe zoo_sha1_resume(&context, words, UInt64(byteCount))
            sha1 = context
        }
        var context = SHA256_CTX()
        unsafe zoo_sha256_resume(&context, state.sha256, UInt64(byteCount))
        sha256 = context
    }

    /// What is behind all bytes so far, whose number must be a multiple of ``blockSize``; nil without a SHA-256.
    var state: DigestState? {
        guard var inner = sha256 else { return nil }
        var words = [UInt8](repeating: 0, count: 32)
        unsafe zoo_sha256_state(&inner, &words)
        var state = DigestState(sha1: nil, sha256: words)
        if var inner = sha1 {
            var words = [UInt8](repeating: 0, count: 20)
            unsafe zoo_sha1_state(&inner, &words)
            state.sha1 = words
        }
        return state
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        if sha1 != nil { unsafe zoo_sha1_take(&sha1!, bytes.baseAddress, bytes.count) }
        if sha256 != nil { unsafe zoo_sha256_take(&sha256!, bytes.baseAddress, bytes.count) }
    }

    /// Nil for a digest that was not asked for.
    mutating func finish() -> (sha1: SHA1Digest?, sha256: SHA256Digest?) {
        var bytes = [UInt8](repeating: 0, count: 32)
        var digests: (sha1: SHA1Digest?, sha256: SHA256Digest?)
        if sha1 != nil {
            unsafe zoo_sha1_finish(&sha1!, &bytes)
            digests.sha1 = SHA1Digest(hex: Self.hex(bytes[..<20]))
        }
        if sha256 != nil {
            unsafe zoo_sha256_finish(&sha256!, &bytes)
            digests.sha256 = SHA256Digest(hex: Self.hex(bytes[...]))
        }
        return digests
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// What of the digests of a file is known behind a part of it: the words of FIPS 180-4, each with its first byte first.
public struct DigestState: Hashable, Sendable {
    /// 20 bytes; nil when it is not computed.
    public var sha1: [UInt8]?
    /// 32 bytes.
    public var sha256: [UInt8]

    public init(sha1: [UInt8]?, sha256: [UInt8]) { (self.sha1, self.sha256) = (sha1, sha256) }
}
