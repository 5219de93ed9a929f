import FoundationEssentials

/// What `GET /v1/trash` answers, and with the one item that was taken back `POST /v1/trash/{item}/restore`.
public struct TrashReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.trash/1"
    /// Newest first.
    public var items: [TrashedFile]

    public init(items: [TrashedFile]) { self.items = items }
}

/// A file that zood moved away.
public struct TrashedFile: Codable, Hashable, Sendable {
    /// A short id that stays the same.
    public var item: String
    /// Nil when it is not known where the file was.
    public var model: String?
    /// Where it was, below the model's directory; its name in the trash where that is not known.
    public var file: String
    /// A stable word; `docs/control-api.md` explains each.
    public var reason: String
    public var movedAt: Date
    public var byteCount: Int64
    /// Uid; nil when zood may not look.
    public var owner: UInt32?
    /// Until when it is surely kept; nil for no limit.
    public var keptUntil: Date?

    public init(
        item: String, model: String?, file: String, reason: String, movedAt: Date, byteCount: Int64, owner: UInt32?, keptUntil: Date?
    ) {
        (self.item, self.model, self.file, self.reason) = (item, model, file, reason)
        (self.movedAt, self.byteCount, self.owner, self.keptUntil) = (movedAt, byteCount, owner, keptUntil)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(item, forKey: .item)
        try container.encode(model, forKey: .model)
        try container.encode(file, forKey: .file)
        try container.encode(reason, forKey: .reason)
        try container.encode(movedAt, forKey: .movedAt)
        try container.encode(byteCount, forKey: .byteCount)
        try container.encode(owner, forKey: .owner)
        try container.encode(keptUntil, forKey: .keptUntil)
    }
}
