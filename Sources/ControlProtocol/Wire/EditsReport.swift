/// Body of `POST /v1/models/{id}/edits`: what is wanted of a model's files. Without a key: what was changed in the gist is to come here.
public struct EditsRequest: Codable, Hashable, Sendable {
    /// Whose text stays, to end a conflict.
    public var keep: ConflictSide?
    /// As in ``RollbackRequest``, to have a kept version back.
    public var version: String?

    public init(keep: ConflictSide? = nil, version: String? = nil) { (self.keep, self.version) = (keep, version) }
}

/// What `POST /v1/models/{id}/edits` answers: what zood leaves to the files' owners, since it may not write all that is wanted. What these
/// edits replace has been kept as a version.
public struct EditsReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.edits/1"
    public var model: String
    /// The absolute path of the model's directory.
    public var path: String
    /// By name; empty when zood may do all of it, and when there is nothing to do.
    public var edits: [OwnersEdit]

    public init(model: String, path: String, edits: [OwnersEdit]) { (self.model, self.path, self.edits) = (model, path, edits) }
}

/// One file's text, before and after.
public struct OwnersEdit: Codable, Hashable, Sendable {
    /// A name in the model's directory.
    public var file: String
    /// What is to be there before: the edit is about this text and no other. Nil: nothing of that name.
    public var old: String?
    public var new: String
    /// Permission bits of a file that is made, in octal, as `0664`.
    public var mode: String

    public init(file: String, old: String?, new: String, mode: String) {
        (self.file, self.old, self.new, self.mode) = (file, old, new, mode)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(old, forKey: .old)
        try container.encode(new, forKey: .new)
        try container.encode(mode, forKey: .mode)
    }
}
