import FoundationEssentials
import ModelInfo

/// One declared binary of a model.
public struct BinaryStatus: Codable, Hashable, Sendable {
    /// The file's name as the model info writes it, even where that is refused as a path.
    public var file: String
    public var state: BinaryState
    /// As written; a password in it is never shown. Nil when the model info gives none.
    public var url: String?
    /// What the model info says; nil when it says none that can be read.
    public var sha1: SHA1Digest?
    /// What the model info says, else what was recorded when the SHA-1 fitted.
    public var sha256: SHA256Digest?
    /// What was read of this very file; nil when its SHA-1 was never taken.
    public var recordedSHA1: SHA1Digest?
    /// Bytes: of the file when it is present, else as the host announced; nil when unknown.
    public var size: Int64?
    public var verifiedAt: Date?
    /// Nil when it is not verified by itself.
    public var nextVerifyAt: Date?
    /// Nil unless bytes are moving or being read.
    public var progress: TransferProgress?
    /// Why it is `blocked`, `mismatch`, `corrupt`, `modified` or `failed`; nil otherwise.
    public var note: String?

    public init(
        file: String, state: BinaryState, url: String?, sha1: SHA1Digest?, sha256: SHA256Digest?, size: Int64?,
        verifiedAt: Date?, nextVerifyAt: Date?, progress: TransferProgress?, note: String? = nil, recordedSHA1: SHA1Digest? = nil
    ) {
        (self.file, self.state, self.url, self.sha1, self.sha256) = (file, state, url, sha1, sha256)
        (self.size, self.verifiedAt, self.nextVerifyAt) = (size, verifiedAt, nextVerifyAt)
        (self.progress, self.note, self.recordedSHA1) = (progress, note, recordedSHA1)
    }

    private enum CodingKeys: String, CodingKey {
        case file, state, url, sha1, sha256, size, verifiedAt, nextVerifyAt, progress, note
        case recordedSHA1 = "recordedSha1"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(state, forKey: .state)
        try container.encode(url, forKey: .url)
        try container.encode(sha1, forKey: .sha1)
        try container.encode(sha256, forKey: .sha256)
        try container.encode(size, forKey: .size)
        try container.encode(verifiedAt, forKey: .verifiedAt)
        try container.encode(nextVerifyAt, forKey: .nextVerifyAt)
        try container.encode(progress, forKey: .progress)
        try container.encode(note, forKey: .note)
        try container.encode(recordedSHA1, forKey: .recordedSHA1)
    }
}

/// How far a fetch or a verification has come.
public struct TransferProgress: Codable, Hashable, Sendable {
    public var doneBytes: Int64
    /// Nil while the host has not said.
    public var totalBytes: Int64?
    /// Over the last few seconds.
    public var bytesPerSecond: Int64
    /// Seconds left at that rate; nil when the total is unknown or nothing moves.
    public var etaSeconds: Int?

    public init(doneBytes: Int64, totalBytes: Int64?, bytesPerSecond: Int64, etaSeconds: Int?) {
        (self.doneBytes, self.totalBytes) = (doneBytes, totalBytes)
        (self.bytesPerSecond, self.etaSeconds) = (bytesPerSecond, etaSeconds)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(doneBytes, forKey: .doneBytes)
        try container.encode(totalBytes, forKey: .totalBytes)
        try container.encode(bytesPerSecond, forKey: .bytesPerSecond)
        try container.encode(etaSeconds, forKey: .etaSeconds)
    }
}

extension TransferProgress {
    /// Of several files together; nil for none. Without a total where one of them has none.
    public init?(sumOf parts: [TransferProgress]) {
        guard !parts.isEmpty else { return nil }
        let (done, rate) = (parts.reduce(0) { $0 + $1.doneBytes }, parts.reduce(0) { $0 + $1.bytesPerSecond })
        let total = parts.reduce(Int64?.some(0)) { sum, part in sum.flatMap { sum in part.totalBytes.map { sum + $0 } } }
        self.init(doneBytes: done, totalBytes: total, bytesPerSecond: rate)
    }

    /// With the time that is left at that rate.
    public init(doneBytes: Int64, totalBytes: Int64?, bytesPerSecond: Int64) {
        let left = totalBytes.map { max(0, $0 - doneBytes) }
        let seconds = left.flatMap { bytesPerSecond > 0 ? Int(($0 + bytesPerSecond - 1) / bytesPerSecond) : nil }
        self.init(doneBytes: doneBytes, totalBytes: totalBytes, bytesPerSecond: bytesPerSecond, etaSeconds: seconds)
    }
}
