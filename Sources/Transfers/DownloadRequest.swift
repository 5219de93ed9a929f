import ModelInfo

/// One file to fetch.
public struct DownloadRequest: Sendable {
    /// As written in a readme, a gist or the configuration.
    public var url: String
    /// What the destination already holds; nil begins at zero and truncates it.
    public var resume: PartialContent?
    /// Which addresses the URL and what it redirects to may have.
    public var addresses: AddressPolicy
    /// For URLs that the configuration itself names: their own host may have any address. Other hosts they redirect to may not.
    public var isExemptFromAddressPolicy: Bool
    /// More is `tooLarge`, as soon as it is known.
    public var maximumByteCount: Int64
    /// How long no byte may come. There is no limit to the whole.
    public var stallLimit: Duration
    /// Whether the SHA-1 is computed.
    public var wantsSHA1: Bool
    /// Whether the SHA-256 is computed, in the same pass.
    public var wantsSHA256: Bool
    /// Whether an answer that does not tell where it ends is refused: for a file that nothing else would show to be cut.
    public var wantsLength = false
    /// Whether parts of this file were asked for and refused several times in a row. Then the whole is asked for as soon as a part is
    /// refused once more, whatever the reason; what is kept goes when the whole begins to come, not before.
    public var doubtsParts = false

    /// A download from zero of both digests, to public addresses only, unless told otherwise.
    public init(
        url: String, resume: PartialContent? = nil, addresses: AddressPolicy = AddressPolicy(), isExemptFromAddressPolicy: Bool = false,
        maximumByteCount: Int64, stallLimit: Duration = .seconds(120), wantsSHA1: Bool = true, wantsSHA256: Bool = true
    ) {
        (self.url, self.resume, self.addresses) = (url, resume, addresses)
        (self.isExemptFromAddressPolicy, self.maximumByteCount, self.stallLimit) = (isExemptFromAddressPolicy, maximumByteCount, stallLimit)
        (self.wantsSHA1, self.wantsSHA256) = (wantsSHA1, wantsSHA256)
    }
}

/// What an interrupted download left of a file.
public struct PartialContent: Hashable, Sendable, Codable {
    /// Which bytes of the destination may be kept. None beyond its end are believed to be there.
    public enum Kept: Hashable, Sendable, Codable {
        /// All that the destination itself says is there: right after a crash of the process.
        case all
        /// These: what was synced, after a power cut.
        case parts(ByteRanges)
    }

    /// What is not kept is fetched again.
    public var kept: Kept
    /// What the bytes are a part of. Without a validator there is no resuming.
    public var validator: EntityValidator
    /// Of the complete file, if it was known. Without it only the beginning is kept.
    public var totalByteCount: Int64?

    /// What a stored ``DownloadStart``, and what was synced, give.
    public init(_ kept: Kept, validator: EntityValidator, totalByteCount: Int64? = nil) {
        (self.kept, self.validator, self.totalByteCount) = (kept, validator, totalByteCount)
    }

    /// The beginning of the file.
    public init(byteCount: Int64, validator: EntityValidator, totalByteCount: Int64? = nil) {
        self.init(.parts(ByteRanges(0..<max(byteCount, 0))), validator: validator, totalByteCount: totalByteCount)
    }
}

/// What the answer's head says, before the first byte is written.
public struct DownloadStart: Equatable, Sendable {
    /// Where the bytes come from, after redirects.
    public let url: HTTPURL
    /// To be kept for resuming; nil when the server gives none that can be trusted.
    public let validator: EntityValidator?
    /// Of the complete file; nil when the server does not say.
    public let totalByteCount: Int64?
    /// What of the destination was kept.
    public let kept: ByteRanges
    /// As the server wrote it.
    public let contentType: String?

    /// How many bytes of the destination were kept.
    public var resumedAt: Int64 { kept.byteCount }
}

/// How far a download is.
public struct DownloadProgress: Equatable, Sendable {
    /// Bytes in the file, those kept from before included.
    public let byteCount: Int64
    /// Bytes that a power cut leaves there. A later resume may count on them; after a mere crash of the process it may count on all.
    public let syncedByteCount: Int64
    /// Of the complete file; nil when the server does not say.
    public let totalByteCount: Int64?
}

/// A complete download, synced to disk. Whether it is the right file the digests tell.
public struct DownloadResult: Equatable, Sendable {
    /// Of the complete file.
    public let byteCount: Int64
    /// Nil when not asked for.
    public let sha1: SHA1Digest?
    /// Nil when not asked for.
    public let sha256: SHA256Digest?
    /// Of the destination, taken through its descriptor after the last byte was hashed and synced.
    public let identity: FileIdentity
    /// Of the file as it is now on the server; nil when it gives none that can be trusted.
    public let validator: EntityValidator?
    /// As the server wrote it; nil when it did not, or when nothing was missing.
    public let contentType: String?
    /// What the bytes were made into on the way, as the server wrote it (`br`, `gzip`); nil for the bytes themselves.
    public let contentCoding: String?
    /// At most ``LooksLike/byteCount`` bytes from the beginning of the file: see ``LooksLike/page(firstBytes:contentType:)``.
    public let firstBytes: [UInt8]
    /// Where the bytes came from, after redirects.
    public let url: HTTPURL
    /// How many bytes were kept from before; 0 for a download in one go.
    public let resumedAt: Int64
}
