import COpenSSL

/// An endless stream of pseudo-random bytes that a seed determines, computable at any offset: AES-128 in counter mode over
/// zeros, the key being the seed as 8 big-endian bytes behind 8 zeros, the counter starting at 0. The same bytes as
/// `openssl enc -aes-128-ctr -K KEY -iv 0 -in /dev/zero`.
struct GeneratedContent {
    let seed: UInt64

    func bytes(in range: Range<Int>) -> [UInt8] {
        let blockSize = 16
        let lead = range.lowerBound % blockSize
        var key = [UInt8](repeating: 0, count: 8) + bigEndianBytes(seed)
        var counter = [UInt8](repeating: 0, count: 8) + bigEndianBytes(UInt64(range.lowerBound / blockSize))
        var stream = [UInt8](repeating: 0, count: lead + range.count)
        var written: Int32 = 0
        let context = unsafe EVP_CIPHER_CTX_new()
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let zeros = stream
        let isReady = unsafe EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nil, &key, &counter)
        let isDone = unsafe EVP_EncryptUpdate(context, &stream, &written, zeros, Int32(stream.count))
        precondition(isReady == 1 && isDone == 1 && Int(written) == stream.count, "OpenSSL cannot do AES-128-CTR")
        return lead == 0 ? stream : Array(stream[lead...])
    }

    private func bigEndianBytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}
