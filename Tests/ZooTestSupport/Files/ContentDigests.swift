import COpenSSL
import ModelInfo

/// The two digests by which a binary is known.
public struct ContentDigests: Sendable, Hashable {
    /// What a readme's `sha1` should say.
    public let sha1: SHA1Digest
    /// What zood records beside it.
    public let sha256: SHA256Digest

    /// Of these bytes.
    public init(of bytes: [UInt8]) {
        var running = RunningContentDigests()
        running.update(bytes)
        self = running.finish()
    }

    init(sha1: SHA1Digest, sha256: SHA256Digest) {
        (self.sha1, self.sha256) = (sha1, sha256)
    }
}

/// Both digests in one pass by OpenSSL, independent of the code under test.
@safe struct RunningContentDigests: ~Copyable {
    private let sha1 = unsafe EVP_MD_CTX_new()
    private let sha256 = unsafe EVP_MD_CTX_new()

    init() {
        let isReady = unsafe [EVP_DigestInit_ex(sha1, EVP_sha1(), nil), EVP_DigestInit_ex(sha256, EVP_sha256(), nil)]
        precondition(isReady == [1, 1], "OpenSSL cannot do SHA-1 and SHA-256")
    }

    deinit {
        unsafe EVP_MD_CTX_free(sha1)
        unsafe EVP_MD_CTX_free(sha256)
    }

    mutating func update(_ bytes: [UInt8]) {
        _ = unsafe EVP_DigestUpdate(sha1, bytes, bytes.count)
        _ = unsafe EVP_DigestUpdate(sha256, bytes, bytes.count)
    }

    mutating func finish() -> ContentDigests {
        var (one, two) = ([UInt8](repeating: 0, count: 20), [UInt8](repeating: 0, count: 32))
        _ = unsafe EVP_DigestFinal_ex(sha1, &one, nil)
        _ = unsafe EVP_DigestFinal_ex(sha256, &two, nil)
        guard let sha1 = SHA1Digest(hex: hex(one)), let sha256 = SHA256Digest(hex: hex(two)) else {
            preconditionFailure("20 and 32 bytes give 40 and 64 digits")
        }
        return ContentDigests(sha1: sha1, sha256: sha256)
    }
}

/// Lower-case hexadecimal, two digits a byte.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
