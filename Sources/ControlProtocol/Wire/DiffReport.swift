/// What `GET /v1/models/{id}/diff` answers: what differs between a kept version, or what the gist last held, and the files as they are.
public struct DiffReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.diff/1"
    public var model: String
    /// What `old` is, in words.
    public var old: String
    /// The version that `old` is; nil when it is what the gist last held.
    public var version: Int64?
    /// Files that differ, by name.
    public var files: [FileDifference]
    /// Files that are here and not shown, since they may not be published.
    public var notShown: [String]
    /// What the gist has changed since both sides were last equal; nil unless that has not come here, mostly in a conflict.
    public var remote: RemoteDifference?

    public init(model: String, old: String, version: Int64?, files: [FileDifference], notShown: [String]) {
        (self.model, self.old, self.version, self.files, self.notShown) = (model, old, version, files, notShown)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(model, forKey: .model)
        try container.encode(old, forKey: .old)
        try container.encode(version, forKey: .version)
        try container.encode(files, forKey: .files)
        try container.encode(notShown, forKey: .notShown)
        try container.encode(remote, forKey: .remote)
    }
}

/// What somebody changed in a gist.
public struct RemoteDifference: Codable, Hashable, Sendable {
    /// The gist's revision, 40 hexadecimal digits; nil when the host did not say.
    public var revision: String?
    /// Files that differ, by name; `old` is what both sides held.
    public var files: [FileDifference]

    public init(revision: String?, files: [FileDifference]) { (self.revision, self.files) = (revision, files) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(revision, forKey: .revision)
        try container.encode(files, forKey: .files)
    }
}

/// One file on two sides.
public struct FileDifference: Codable, Hashable, Sendable {
    public var name: String
    /// The whole text; nil where there is no such file. Bytes that are no UTF-8 are replaced.
    public var old: String?
    /// The text as it is now.
    public var new: String?
    /// The difference as `git diff` writes it.
    public var unified: String

    public init(name: String, old: String?, new: String?, unified: String) {
        (self.name, self.old, self.new, self.unified) = (name, old, new, unified)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(old, forKey: .old)
        try container.encode(new, forKey: .new)
        try container.encode(unified, forKey: .unified)
    }
}
