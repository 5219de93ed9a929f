/// Body of `POST /v1/models/{id}/publish` and of `POST /v1/publish`. An absent key has the default.
public struct PublishRequest: Codable, Hashable, Sendable {
    /// Answer 200 with a ``PublishReport`` and change nothing.
    public var dryRun: Bool
    /// Of a new gist; nil takes `gists.visibility`.
    public var visibility: GistVisibility?
    /// Only with `POST /v1/publish`, where it must be true: let go every model that the brake holds.
    public var allHeld: Bool

    public init(dryRun: Bool = false, visibility: GistVisibility? = nil, allHeld: Bool = false) {
        (self.dryRun, self.visibility, self.allHeld) = (dryRun, visibility, allHeld)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        dryRun = try container.decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
        visibility = try container.decodeIfPresent(GistVisibility.self, forKey: .visibility)
        allHeld = try container.decodeIfPresent(Bool.self, forKey: .allHeld) ?? false
    }
}
