/// Body of `POST /v1/models/{id}/publish` and of `POST /v1/publish`. An absent key has the default.
public struct PublishRequest: Codable, Hashable, Sendable {
    /// Answer 200 with a ``PublishReport`` and change nothing.
    public var dryRun: Bool
    /// Of a new gist; nil takes `gists.visibility`.
    public var visibility: GistVisibility?

    public init(dryRun: Bool = false, visibility: GistVisibility? = nil) {
        (self.dryRun, self.visibility) = (dryRun, visibility)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        dryRun = try container.decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
        visibility = try container.decodeIfPresent(GistVisibility.self, forKey: .visibility)
    }
}
