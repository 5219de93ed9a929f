import FoundationEssentials
import ModelInfo

/// One model in ``StatusReport``.
public struct ModelStatus: Codable, Hashable, Sendable {
    /// The path below the zoo, or `ZOO:PATH` where several zoos hold the same path.
    public var id: String
    /// The zoo's configured name.
    public var zoo: String
    /// Absolute path of the model directory.
    public var path: String
    /// From the model info, as written; nil when it gives none.
    public var name: String?
    /// From the model info, as written; nil when it gives none.
    public var license: String?
    public var state: ModelState
    public var info: InfoStatus
    public var gist: GistStatus
    /// Every declared binary, in the order of the model info.
    public var binaries: [BinaryStatus]
    /// What goes on or what is wrong, in a few words; nil when all is well.
    public var note: String?
    /// The command or the edit that helps; nil when nothing needs a person.
    public var hint: String?

    public init(
        id: String, zoo: String, path: String, name: String?, license: String?, state: ModelState, info: InfoStatus,
        gist: GistStatus, binaries: [BinaryStatus], note: String?, hint: String?
    ) {
        (self.id, self.zoo, self.path, self.name, self.license) = (id, zoo, path, name, license)
        (self.state, self.info, self.gist, self.binaries) = (state, info, gist, binaries)
        (self.note, self.hint) = (note, hint)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(zoo, forKey: .zoo)
        try container.encode(path, forKey: .path)
        try container.encode(name, forKey: .name)
        try container.encode(license, forKey: .license)
        try container.encode(state, forKey: .state)
        try container.encode(info, forKey: .info)
        try container.encode(gist, forKey: .gist)
        try container.encode(binaries, forKey: .binaries)
        try container.encode(note, forKey: .note)
        try container.encode(hint, forKey: .hint)
    }
}

/// What reading the model's readme gave.
public struct InfoStatus: Codable, Hashable, Sendable {
    public var state: InfoState
    public var diagnostics: [Diagnostic]

    public init(state: InfoState, diagnostics: [Diagnostic]) {
        (self.state, self.diagnostics) = (state, diagnostics)
    }
}

/// How the model and its gist stand to each other.
public struct GistStatus: Codable, Hashable, Sendable {
    public var state: GistState
    /// Nil before the first publication.
    public var id: GistID?
    /// For people: the page of the gist, or the path of its repository.
    public var url: String?
    /// Who finds it; nil before the first publication, and where it is not known yet.
    public var visibility: GistVisibility?
    /// The commit last seen there, 40 hex digits.
    public var revision: String?
    /// When this daemon last sent something that the host took.
    public var publishedAt: Date?
    /// Why it is `held`, `failed`, `gone` or `off`; nil otherwise.
    public var note: String?

    public init(
        state: GistState, id: GistID?, url: String?, visibility: GistVisibility? = nil, revision: String?, publishedAt: Date?,
        note: String? = nil
    ) {
        (self.state, self.id, self.url, self.visibility) = (state, id, url, visibility)
        (self.revision, self.publishedAt, self.note) = (revision, publishedAt, note)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(state, forKey: .state)
        try container.encode(id, forKey: .id)
        try container.encode(url, forKey: .url)
        try container.encode(visibility, forKey: .visibility)
        try container.encode(revision, forKey: .revision)
        try container.encode(publishedAt, forKey: .publishedAt)
        try container.encode(note, forKey: .note)
    }
}
