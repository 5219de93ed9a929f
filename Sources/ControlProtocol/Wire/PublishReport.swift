import ModelInfo

/// What `zooctl publish` prints: with `dryRun` what would be sent, else where it went.
public struct PublishReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.publish/1"
    public var dryRun: Bool
    public var model: String
    /// `local` or `github`.
    public var host: String
    /// Of a gist that is yet to be made; an existing gist keeps what it has.
    public var visibility: GistVisibility
    public var description: String
    /// What the gist holds afterwards, by name.
    public var files: [PublishedFile]
    /// Names that the gist does not have yet.
    public var newFiles: [String]
    /// Why it would not be sent at all; empty when nothing stands against it.
    public var problems: [Diagnostic]
    /// Lines that look like secrets: `secret-found` keeps all of it here, `secret-allowed` was let go by a person.
    public var secrets: [Diagnostic]
    /// Nil before the first publication.
    public var gist: GistID?
    public var url: String?
    /// The commit: 40 hex digits.
    public var revision: String?
    /// Why it would not be sent now although no file stands against it; nil when it would.
    public var obstacle: String?
    /// What helps against it.
    public var hint: String?

    public init(
        dryRun: Bool, model: String, host: String, visibility: GistVisibility, description: String, files: [PublishedFile],
        newFiles: [String], problems: [Diagnostic], gist: GistID?, url: String?, revision: String?,
        secrets: [Diagnostic] = [], obstacle: String? = nil, hint: String? = nil
    ) {
        (self.dryRun, self.model, self.host, self.visibility) = (dryRun, model, host, visibility)
        (self.description, self.files, self.newFiles, self.problems) = (description, files, newFiles, problems)
        (self.gist, self.url, self.revision, self.obstacle, self.hint) = (gist, url, revision, obstacle, hint)
        self.secrets = secrets
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(dryRun, forKey: .dryRun)
        try container.encode(model, forKey: .model)
        try container.encode(host, forKey: .host)
        try container.encode(visibility, forKey: .visibility)
        try container.encode(description, forKey: .description)
        try container.encode(files, forKey: .files)
        try container.encode(newFiles, forKey: .newFiles)
        try container.encode(problems, forKey: .problems)
        try container.encode(secrets, forKey: .secrets)
        try container.encode(gist, forKey: .gist)
        try container.encode(url, forKey: .url)
        try container.encode(revision, forKey: .revision)
        try container.encode(obstacle, forKey: .obstacle)
        try container.encode(hint, forKey: .hint)
    }
}

/// Who may find a gist.
public enum GistVisibility: String, Codable, Hashable, Sendable, CaseIterable {
    /// Only who has the URL.
    case secret
    /// Everybody.
    case `public`
}
