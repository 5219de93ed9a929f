import ModelInfo

/// Body of `POST /v1/models/{id}/unpublish`.
public struct UnpublishRequest: Codable, Hashable, Sendable {
    /// Answer 200 with an ``UnpublishReport`` and change nothing.
    public var dryRun: Bool

    public init(dryRun: Bool = false) { self.dryRun = dryRun }

    public init(from decoder: any Decoder) throws {
        dryRun = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
    }
}

/// What would be deleted for good.
public struct UnpublishReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.unpublish/1"
    public var model: String
    public var gist: GistID
    public var url: String
    public var visibility: GistVisibility
    public var fileCount: Int
    /// At most ``revisionLimit``, which then means so many or more.
    public var revisionCount: Int

    public static let revisionLimit = 100

    public init(model: String, gist: GistID, url: String, visibility: GistVisibility, fileCount: Int, revisionCount: Int) {
        (self.model, self.gist, self.url, self.visibility) = (model, gist, url, visibility)
        (self.fileCount, self.revisionCount) = (fileCount, revisionCount)
    }
}
