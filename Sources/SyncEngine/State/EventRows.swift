import FoundationEssentials
import GRDB
import ModelInfo

/// Something that happened, before it has a number.
public struct NewEvent: Equatable, Sendable {
    public var at: Date
    /// A word of ``EventKind``, or one that an older or newer version wrote.
    public var kind: String
    public var model: ModelID?
    public var message: String
    public var details: [String: String]
    /// Who asked for it; nil for what zood does by itself.
    public var uid: UInt32?

    public init(at: Date, kind: EventKind, model: ModelID?, message: String, details: [String: String] = [:], uid: UInt32? = nil) {
        self.init(at: at, word: kind.rawValue, model: model, message: message, details: details, uid: uid)
    }

    /// - Parameter word: As it was stored.
    init(at: Date, word: String, model: ModelID?, message: String, details: [String: String], uid: UInt32?) {
        (self.at, self.kind, self.model, self.message) = (at, word, model, message)
        (self.details, self.uid) = (details, uid)
    }
}

/// An event with its number: numbers have no gaps and go on after a restart.
public struct RecordedEvent: Equatable, Sendable {
    public var seq: Int64
    public var event: NewEvent

    public init(seq: Int64, event: NewEvent) { (self.seq, self.event) = (seq, event) }
}

enum EventRows {
    /// So many of the newest are kept.
    static let kept: Int64 = 100_000

    static func append(_ event: NewEvent, to db: Database) throws -> RecordedEvent {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO event (at, kind, zoo, path, message, details, uid) VALUES (?, ?, ?, ?, ?, ?, ?)")
        try statement.execute(
            arguments: [
                StoredTime.text(event.at), event.kind, event.model?.zoo, event.model?.path.description, event.message,
                try MemoryRows.encode(event.details), event.uid.map { Int64($0) },
            ])
        let seq = db.lastInsertedRowID
        if seq % 1000 == 0 { try db.execute(sql: "DELETE FROM event WHERE seq <= ?", arguments: [seq - kept]) }
        return RecordedEvent(seq: seq, event: event)
    }

    static func decode(_ row: Row) throws -> RecordedEvent {
        RecordedEvent(
            seq: row["seq"],
            event: NewEvent(
                at: row["at"], word: row["kind"], model: ModelID(row: row), message: row["message"],
                details: try MemoryRows.decode(row["details"] as String), uid: (row["uid"] as Int64?).map { UInt32(truncatingIfNeeded: $0) }
            )
        )
    }
}

extension StateStore {
    func append(_ event: NewEvent) async throws -> RecordedEvent {
        try await write { try EventRows.append(event, to: $0) }
    }

    /// Events after `seq`, oldest first, at most `limit`, of one model or of all.
    public func events(after seq: Int64, limit: Int, of model: ModelID? = nil) async throws -> [RecordedEvent] {
        try await database.read { db in
            let rows =
                if let model {
                    try Row.fetchAll(
                        db, sql: "SELECT * FROM event WHERE seq > ? AND zoo = ? AND path = ? ORDER BY seq LIMIT ?",
                        arguments: [seq, model.zoo, model.path.description, limit])
                } else {
                    try Row.fetchAll(db, sql: "SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?", arguments: [seq, limit])
                }
            return try rows.map(EventRows.decode)
        }
    }

    /// Numbers of the oldest kept and of the newest event; (0, 0) before the first.
    public func eventRange() async throws -> (oldest: Int64, newest: Int64) {
        try await database.read { db in
            let row = try Row.fetchOne(db, sql: "SELECT coalesce(min(seq), 0) AS a, coalesce(max(seq), 0) AS b FROM event")
            return (row?["a"] ?? 0, row?["b"] ?? 0)
        }
    }
}

/// A time as GRDB writes and reads it, in UTC with milliseconds: thousands of events come at once, and GRDB's own way through
/// `DateFormatter` costs more than all else of an event.
enum StoredTime {
    private static let format = Date.ISO8601FormatStyle(timeZone: .gmt)
        .year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: true)

    static func text(_ time: Date) -> String { time.formatted(format) }
}
