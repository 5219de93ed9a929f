import COpenSSL
import ModelInfo
import SystemIO

/// SHA-1 and SHA-256 of one stream of bytes, in the pass that reads or writes it.
public struct RunningDigest: ~Copyable, Sendable {
    private var sha1: DigestContext?
    private var sha256: DigestContext?

    /// - Throws: `DigestFailure.unavailable` where OpenSSL refuses, as a FIPS configuration may do with SHA-1.
    public init(sha1: Bool, sha256: Bool) throws(DigestFailure) {
        self.sha1 = sha1 ? try DigestContext("SHA1") : nil
        self.sha256 = sha256 ? try DigestContext("SHA256") : nil
    }

    private init(sha1: consuming DigestContext?) {
        self.sha1 = sha1
        sha256 = nil
    }

    /// Gives the SHA-1 of the bytes so far away, so that another thread can go on with that.
    mutating func giveSHA1() -> RunningDigest { RunningDigest(sha1: sha1.take()) }

    /// Takes the next bytes of the stream.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe sha1?.update(bytes)
        unsafe sha256?.update(bytes)
    }

    /// Takes the next bytes of the stream.
    public mutating func update(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe update($0) } }

    /// Nil for a digest that was not asked for.
    public consuming func finish() -> (sha1: SHA1Digest?, sha256: SHA256Digest?) {
        (sha1?.hex().flatMap { SHA1Digest(hex: $0) }, sha256?.hex().flatMap { SHA256Digest(hex: $0) })
    }
}

/// Owner of one `EVP_MD_CTX`.
@safe struct DigestContext: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer

    init(_ algorithm: String) throws(DigestFailure) {
        guard let context = unsafe EVP_MD_CTX_new() else { throw .unavailable(algorithm) }
        guard unsafe EVP_DigestInit_ex(context, EVP_get_digestbyname(algorithm), nil) == 1 else {
            unsafe EVP_MD_CTX_free(context)
            throw .unavailable(algorithm)
        }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Fails only for a context that was never initialised, which `init` rules out.
    borrowing func update(_ bytes: UnsafeRawBufferPointer) {
        let result = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(result == 1, "EVP_DigestUpdate failed")
    }

    borrowing func hex() -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let result = unsafe EVP_DigestFinal_ex(context, &bytes, &count)
        precondition(result == 1, "EVP_DigestFinal_ex failed")
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.prefix(Int(count)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Why bytes could not be hashed.
public enum DigestFailure: Error, Equatable, Sendable {
    case disk(SystemError)
    /// The file was not the same, or of another length, after the last byte was read.
    case changedMeanwhile
    case cancelled
    /// OpenSSL refuses the algorithm of that name.
    case unavailable(String)
}

extension DigestFailure: CustomStringConvertible {
    /// For people.
    public var description: String {
        switch self {
        case .disk(let error): "\(error)"
        case .changedMeanwhile: "the file changed while it was read"
        case .cancelled: "cancelled"
        case .unavailable(let algorithm): "OpenSSL's configuration refuses \(algorithm)"
        }
    }
}
