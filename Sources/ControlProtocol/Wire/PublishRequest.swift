import ModelInfo

/// Body of `POST /v1/models/{id}/publish` and of `POST /v1/publish`. An absent key has the default.
public struct PublishRequest: Codable, Hashable, Sendable {
    /// Answer 200 with a ``PublishReport`` and change nothing.
    public var dryRun: Bool
    /// Of a new gist; nil takes `gists.visibility`.
    public var visibility: GistVisibility?
    /// Only with `POST /v1/publish`, where it must be true: let go every model that the brake holds.
    public var allHeld: Bool
    /// With the local host: publish a copy of a model whose readme names a gist on GitHub, and write the local id over that one.
    public var replaceID: Bool
    /// Lines that look like secrets and may be sent all the same, as long as they stay as they are. One that looks like none is an error.
    public var allowSecrets: [SecretPlace]

    public init(
        dryRun: Bool = false, visibility: GistVisibility? = nil, allHeld: Bool = false, replaceID: Bool = false,
        allowSecrets: [SecretPlace] = []
    ) {
        (self.dryRun, self.visibility, self.allHeld, self.replaceID) = (dryRun, visibility, allHeld, replaceID)
        self.allowSecrets = allowSecrets
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        dryRun = try container.decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
        visibility = try container.decodeIfPresent(GistVisibility.self, forKey: .visibility)
        allHeld = try container.decodeIfPresent(Bool.self, forKey: .allHeld) ?? false
        replaceID = try container.decodeIfPresent(Bool.self, forKey: .replaceID) ?? false
        allowSecrets = try container.decodeIfPresent([SecretPlace].self, forKey: .allowSecrets) ?? []
    }
}
