/// What `GET /v1` answers and, with `client` filled in, `zooctl version --json` prints.
public struct VersionReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.version/1"
    /// Of zooctl; the daemon leaves it nil.
    public var client: String?
    /// Nil when no daemon answers.
    public var daemon: DaemonVersion?

    public init(client: String?, daemon: DaemonVersion?) {
        (self.client, self.daemon) = (client, daemon)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(client, forKey: .client)
        try container.encode(daemon, forKey: .daemon)
    }
}

/// Which daemon answers and what it can do.
public struct DaemonVersion: Codable, Hashable, Sendable {
    public var version: String
    /// Words for what a client may want to know before it asks, e.g. `publish`, `events`.
    public var features: [String]

    public init(version: String, features: [String]) {
        (self.version, self.features) = (version, features)
    }
}

/// The version of this project, the same for zood and zooctl.
public enum ProjectVersion {
    /// Semantic: MAJOR.MINOR.PATCH.
    public static let current = "0.1.0"
}
