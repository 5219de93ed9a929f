import FoundationEssentials

/// The bandwidth of all downloads together: what `GET` and `POST /v1/limit` answer.
public struct LimitReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.limit/1"
    /// Bytes a second; nil: no limit.
    public var bandwidth: Int64?
    public var source: LimitSource
    /// What `binaries.bandwidth` says, in bytes a second; nil: no limit.
    public var configured: Int64?
    /// When an operator set it; nil when the configuration counts.
    public var setAt: Date?
    /// The uid of who set it; nil when the configuration counts.
    public var setBy: UInt32?

    public init(bandwidth: Int64?, source: LimitSource, configured: Int64?, setAt: Date? = nil, setBy: UInt32? = nil) {
        (self.bandwidth, self.source, self.configured) = (bandwidth, source, configured)
        (self.setAt, self.setBy) = (setAt, setBy)
    }

    /// The same in short, for a status.
    public var status: LimitStatus { LimitStatus(bandwidth: bandwidth, source: source) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(bandwidth, forKey: .bandwidth)
        try container.encode(source, forKey: .source)
        try container.encode(configured, forKey: .configured)
        try container.encode(setAt, forKey: .setAt)
        try container.encode(setBy, forKey: .setBy)
    }
}

/// The bandwidth of all downloads together, as a status tells it.
public struct LimitStatus: Codable, Hashable, Sendable {
    /// Bytes a second; nil: no limit.
    public var bandwidth: Int64?
    public var source: LimitSource

    public init(bandwidth: Int64?, source: LimitSource) { (self.bandwidth, self.source) = (bandwidth, source) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(bandwidth, forKey: .bandwidth)
        try container.encode(source, forKey: .source)
    }
}

/// Where a limit comes from.
public enum LimitSource: String, Codable, Hashable, Sendable, CaseIterable {
    /// `binaries.bandwidth`, or its default.
    case configuration
    /// `zooctl limit`, until it is given back by `zooctl limit default`.
    case `operator`
}

/// Body of `POST /v1/limit`.
public struct LimitRequest: Codable, Hashable, Sendable {
    /// A rate such as `20MiB/s`, `off`, or `default`: give it back to the configuration.
    public var bandwidth: String

    public init(bandwidth: String) { self.bandwidth = bandwidth }
}
