import FoundationEssentials
import GRDB

/// The tables of kept versions. Before, a version was one file with its bytes.
enum VersionTables {
    static func make(in db: Database) throws {
        try db.rename(table: "version", to: "versionOfOneFile")
        try db.drop(index: "versionByFile")
        try db.create(table: "version") { t in
            t.autoIncrementedPrimaryKey("number")
            t.column("zoo", .text).notNull()
            t.column("path", .text).notNull()
            t.column("at", .datetime).notNull()
            t.column("reason", .text).notNull()
            t.column("gistRevision", .text)
        }
        try db.create(index: "versionByModel", on: "version", columns: ["zoo", "path", "number"])
        try db.create(table: "content") { t in
            t.primaryKey("digest", .text)
            t.column("bytes", .blob).notNull()
        }
        try db.create(table: "versionFile") { t in
            t.column("number", .integer).notNull().references("version", onDelete: .cascade)
            t.column("name", .text).notNull()
            t.column("digest", .text).notNull().references("content")
            t.primaryKey(["number", "name"])
        }
        try db.create(index: "versionFileByContent", on: "versionFile", columns: ["digest"])
        try db.execute(
            sql: """
                INSERT INTO version (number, zoo, path, at, reason) SELECT number, zoo, path, at,
                CASE reason WHEN 'made by an edit in place' THEN 'edited' WHEN 'left by an interrupted edit' THEN 'leftover'
                ELSE 'replaced' END FROM versionOfOneFile
                """)
        let rows = try Row.fetchCursor(db, sql: "SELECT number, file, content FROM versionOfOneFile")
        while let row = try rows.next() {
            try VersionRows.insert(Array(row["content"] as Data), as: row["file"], into: row["number"], db)
        }
        try db.drop(table: "versionOfOneFile")
    }
}
