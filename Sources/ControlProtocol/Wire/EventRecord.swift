import FoundationEssentials

/// Something that happened.
public struct EventRecord: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.event/1"
    /// From 1, without gaps, and going on over restarts.
    public var seq: Int64
    public var time: Date
    /// A stable word in kebab-case, e.g. `gist-updated`.
    public var kind: String
    /// Nil when it concerns the daemon.
    public var model: String?
    public var message: String
    /// More of it for scripts: revisions, sizes, digests, job ids.
    public var details: [String: String]
    /// The user who caused it by a request; nil when the daemon did.
    public var uid: UInt32?

    public init(
        seq: Int64, time: Date, kind: String, model: String?, message: String, details: [String: String] = [:],
        uid: UInt32? = nil
    ) {
        (self.seq, self.time, self.kind, self.model) = (seq, time, kind, model)
        (self.message, self.details, self.uid) = (message, details, uid)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(seq, forKey: .seq)
        try container.encode(time, forKey: .time)
        try container.encode(kind, forKey: .kind)
        try container.encode(model, forKey: .model)
        try container.encode(message, forKey: .message)
        try container.encode(details, forKey: .details)
        try container.encode(uid, forKey: .uid)
    }
}

/// Stands in the stream where events are no longer kept, so that none is missed in silence.
public struct EventGap: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.eventGap/1"
    /// The first `seq` that cannot be told any more.
    public var first: Int64
    /// The last one; the next event is the one after it.
    public var last: Int64

    public init(first: Int64, last: Int64) {
        (self.first, self.last) = (first, last)
    }
}

/// One line of `GET /v1/events`. Empty lines keep the connection alive and mean nothing.
public enum EventLine: Codable, Hashable, Sendable {
    case event(EventRecord)
    case gap(EventGap)

    private enum CodingKeys: CodingKey { case schema }

    public init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .schema) {
        case "zood.eventGap/1": self = .gap(try EventGap(from: decoder))
        default: self = .event(try EventRecord(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .event(let record): try record.encode(to: encoder)
        case .gap(let gap): try gap.encode(to: encoder)
        }
    }
}
