import FoundationEssentials

/// What `GET /v1/models/{id}/log` and `GET /v1/log` answer: kept versions of model info.
public struct LogReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.log/1"
    /// Newest first.
    public var versions: [KeptVersion]

    public init(versions: [KeptVersion]) { self.versions = versions }
}

/// Files of one model as they were together at one time.
public struct KeptVersion: Codable, Hashable, Sendable {
    /// Unique in this state, whatever the model.
    public var number: Int64
    public var model: String
    public var time: Date
    /// A stable word; `docs/control-api.md` explains each.
    public var reason: String
    /// The commit of the gist that holds or held them; nil when none is known.
    public var gistRevision: String?
    /// The files that it is about, by name.
    public var files: [VersionedFile]

    public init(number: Int64, model: String, time: Date, reason: String, gistRevision: String?, files: [VersionedFile]) {
        (self.number, self.model, self.time, self.reason) = (number, model, time, reason)
        (self.gistRevision, self.files) = (gistRevision, files)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(number, forKey: .number)
        try container.encode(model, forKey: .model)
        try container.encode(time, forKey: .time)
        try container.encode(reason, forKey: .reason)
        try container.encode(gistRevision, forKey: .gistRevision)
        try container.encode(files, forKey: .files)
    }
}

/// One file of a version, compared with the version before that has it.
public struct VersionedFile: Codable, Hashable, Sendable {
    public var name: String
    public var byteCount: Int
    /// Nil for what is no text.
    public var addedLines: Int?
    public var removedLines: Int?

    public init(name: String, byteCount: Int, addedLines: Int?, removedLines: Int?) {
        (self.name, self.byteCount, self.addedLines, self.removedLines) = (name, byteCount, addedLines, removedLines)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(byteCount, forKey: .byteCount)
        try container.encode(addedLines, forKey: .addedLines)
        try container.encode(removedLines, forKey: .removedLines)
    }
}
