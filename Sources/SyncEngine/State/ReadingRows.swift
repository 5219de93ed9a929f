import FoundationEssentials
import GRDB
import ModelInfo
import Planning
import Transfers

/// A reading of a large file that was put down, so that the next process or the next window goes on with it.
struct PutDownReading: Equatable, Sendable {
    /// What stood before each further word is void when the file is another by now.
    var place: FileReading.Place
    /// When its first byte was read: the whole reading counts from then.
    var begunAt: Date
    /// The newest job that it answers; 0 for none.
    var goal: Int64
}

/// What a reading came to, and what is to be remembered of it.
struct EndedReading: Sendable {
    var model: ModelID
    var file: RelativePath
    /// Whether it may have been put down before.
    var isLong: Bool
    /// Changes what is remembered of the file, and tells of it.
    var apply: @Sendable (inout BinaryMemory) -> [NewEvent]
}

enum ReadingRows {
    static func makeTable(in db: Database) throws {
        try db.create(table: "reading") { t in
            t.column("zoo", .text).notNull()
            t.column("path", .text).notNull()
            t.column("file", .text).notNull()
            t.column("identity", .jsonText).notNull()
            t.column("offset", .integer).notNull()
            t.column("sha1State", .blob)
            t.column("sha256State", .blob).notNull()
            t.column("begunAt", .double).notNull()
            t.column("goal", .integer).notNull()
            t.primaryKey(["zoo", "path", "file"])
        }
    }
}

extension StateStore {
    /// Blocks.
    func putDownReading(of file: RelativePath, in model: ModelID) throws -> PutDownReading? {
        try database.read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM reading WHERE zoo = ? AND path = ? AND file = ?",
                arguments: [model.zoo, model.path.description, file.description])
            guard let row else { return nil }
            let state = DigestState(
                sha1: (row["sha1State"] as Data?).map { Array($0) }, sha256: Array(row["sha256State"] as Data))
            return PutDownReading(
                place: FileReading.Place(
                    identity: try MemoryRows.decode(row["identity"] as String), offset: row["offset"], state: state),
                begunAt: Date(timeIntervalSinceReferenceDate: row["begunAt"]), goal: row["goal"])
        }
    }

    /// Blocks until it is on the disk.
    func putDown(_ reading: PutDownReading, of file: RelativePath, in model: ModelID) throws {
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO reading (zoo, path, file, identity, "offset", sha1State, sha256State, begunAt, goal)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    model.zoo, model.path.description, file.description, try MemoryRows.encode(reading.place.identity),
                    reading.place.offset, reading.place.state.sha1.map { Data($0) }, Data(reading.place.state.sha256),
                    reading.begunAt.timeIntervalSinceReferenceDate, reading.goal,
                ])
        }
    }

    /// Remembers what readings came to, all in one transaction.
    func record(_ readings: [EndedReading]) async throws -> [RecordedEvent] {
        try await write { db in
            var events: [RecordedEvent] = []
            for reading in readings {
                let key: StatementArguments = [reading.model.zoo, reading.model.path.description]
                let before = try MemoryRows.binary(reading.file, key, from: db)
                var after = before
                let news = reading.apply(&after)
                try MemoryRows.save(after, over: before, of: reading.file, key, in: db)
                if reading.isLong {
                    try db.execute(
                        sql: "DELETE FROM reading WHERE zoo = ? AND path = ? AND file = ?",
                        arguments: key + [reading.file.description])
                }
                for event in news { events.append(try EventRows.append(event, to: db)) }
            }
            return events
        }
    }
}
