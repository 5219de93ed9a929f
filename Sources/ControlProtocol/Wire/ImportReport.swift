import ModelInfo

/// What became of a file that was handed over: the answer of `POST /v1/models/{id}/import`.
public struct ImportReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.import/1"
    public var model: String
    /// Which of the model's binaries it is, below the model's directory.
    public var file: String
    public var byteCount: Int64
    public var sha1: SHA1Digest?
    public var sha256: SHA256Digest
    /// True: that very content had its place already, and nothing was changed.
    public var wasThere: Bool
    /// False: the readme names no checksum, and what came is what the file is compared with from now on.
    public var isVerified: Bool

    public init(
        model: String, file: String, byteCount: Int64, sha1: SHA1Digest?, sha256: SHA256Digest, wasThere: Bool, isVerified: Bool
    ) {
        (self.model, self.file, self.byteCount, self.sha1, self.sha256) = (model, file, byteCount, sha1, sha256)
        (self.wasThere, self.isVerified) = (wasThere, isVerified)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(model, forKey: .model)
        try container.encode(file, forKey: .file)
        try container.encode(byteCount, forKey: .byteCount)
        try container.encode(sha1, forKey: .sha1)
        try container.encode(sha256, forKey: .sha256)
        try container.encode(wasThere, forKey: .wasThere)
        try container.encode(isVerified, forKey: .isVerified)
    }
}
