/// What a file may be that is handed over: the answer of `GET /v1/models/{id}/import`.
public struct ImportTerms: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.import-terms/1"
    /// What is larger is refused; nil: an operator lets it through however large it is.
    public var maximumByteCount: Int64?

    public init(maximumByteCount: Int64?) { self.maximumByteCount = maximumByteCount }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(maximumByteCount, forKey: .maximumByteCount)
    }
}
