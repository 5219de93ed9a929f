/// What `POST /v1/reload` answers when the new configuration is in force; an error leaves the old one.
public struct ReloadReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.reload/1"
    /// The file that was read; nil when there is none and the defaults hold.
    public var configuration: String?
    /// Keys that changed, as `gists.host`.
    public var changed: [String]
    /// Those of them that take effect only at the next start.
    public var atNextStart: [String]

    public init(configuration: String?, changed: [String], atNextStart: [String]) {
        (self.configuration, self.changed, self.atNextStart) = (configuration, changed, atNextStart)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(configuration, forKey: .configuration)
        try container.encode(changed, forKey: .changed)
        try container.encode(atNextStart, forKey: .atNextStart)
    }
}
