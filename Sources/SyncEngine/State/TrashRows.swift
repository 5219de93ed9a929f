import FoundationEssentials
import GRDB
import ModelInfo
import Planning

/// How the records of the trash lie in their table.
enum TrashRows {
    static func makeTable(in db: Database) throws {
        try db.create(table: "trash") { t in
            t.primaryKey("item", .text)
            t.column("zoo", .text).notNull()
            t.column("path", .text).notNull()
            t.column("file", .text).notNull()
            t.column("name", .text).notNull()
            t.column("reason", .text).notNull()
            t.column("at", .datetime).notNull()
            t.column("byteCount", .integer).notNull()
        }
    }

    static func record(_ row: Row) throws -> TrashRecord {
        guard let model = ModelID(row: row) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a record of the trash has no model")
        }
        return TrashRecord(
            item: row["item"], model: model, file: try RelativePath(row["file"] as String), name: try RelativePath(row["name"] as String),
            reason: TrashReason(rawValue: row["reason"]) ?? .unknown, at: row["at"], byteCount: row["byteCount"])
    }
}

extension StateStore {
    /// Blocks until it is on the disk.
    ///
    /// Where the clock is behind what happened before, as in a machine that starts in 1970, the time of that counts: from it on the file is
    /// kept.
    func record(_ trashed: TrashRecord) throws {
        try database.write { db in
            let newest = try Date.fetchOne(db, sql: "SELECT at FROM event ORDER BY seq DESC LIMIT 1")
            let at = newest.map { max($0, trashed.at) } ?? trashed.at
            try db.execute(
                sql: "INSERT INTO trash (item, zoo, path, file, name, reason, at, byteCount) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    trashed.item, trashed.model.zoo, trashed.model.path.description, trashed.file.description, trashed.name.description,
                    trashed.reason.rawValue, at, trashed.byteCount,
                ])
        }
    }

    /// Newest first. Blocks.
    func trash() throws -> [TrashRecord] {
        try database.read { try Row.fetchAll($0, sql: "SELECT * FROM trash ORDER BY at DESC, item").map(TrashRows.record) }
    }

    /// Forgets what was recorded of a zoo's trash and is not in it, and tells so. Blocks.
    /// - Parameter names: What is in it.
    func keepTrash(of zoo: String, only names: Set<String>, at now: Date) throws {
        try database.write { db in
            for record in try Row.fetchAll(db, sql: "SELECT * FROM trash WHERE zoo = ?", arguments: [zoo]).map(TrashRows.record)
            where !names.contains(record.name.description) {
                try db.execute(sql: "DELETE FROM trash WHERE item = ?", arguments: [record.item])
                _ = try EventRows.append(TrashRemoval.event(TrashItem(record), because: "missing", at: now, by: nil), to: db)
            }
        }
    }

    /// Takes back that a binary was read: a person is about to put a file there. Blocks until it is on the disk.
    func expectPutBack(of file: RelativePath, in model: ModelID) throws {
        try database.write { db in
            let before = try MemoryRows.load(model, from: db)
            var after = before
            after.binaries[file]?.wasPutBack()
            if after != before { try MemoryRows.save(after, over: before, of: model, in: db) }
        }
    }

    /// Forgets a file of the trash and says that a person has it back, in one transaction.
    func takeFromTrash(_ item: String, _ event: NewEvent) async throws -> RecordedEvent {
        try await write { db in
            try db.execute(sql: "DELETE FROM trash WHERE item = ?", arguments: [item])
            return try EventRows.append(event, to: db)
        }
    }
}
