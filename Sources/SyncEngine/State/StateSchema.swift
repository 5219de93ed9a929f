import GRDB

/// The tables of `zood.sqlite`, one migration a release that changed them. A person can read them with `sqlite3`.
enum StateSchema {
    static func migrator() -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.create(table: "gist") { t in
                t.column("zoo", .text).notNull()
                t.column("path", .text).notNull()
                // At most one model for a gist, whatever the code above believes.
                t.column("gistID", .text).notNull().unique()
                t.column("url", .text).notNull()
                t.column("revision", .text)
                t.column("publishedAt", .datetime).notNull()
                t.column("everPublished", .text).notNull()
                t.column("sending", .jsonText)
                t.primaryKey(["zoo", "path"])
            }
            try db.create(table: "gistFile") { t in
                t.column("zoo", .text).notNull()
                t.column("path", .text).notNull()
                t.column("name", .text).notNull()
                t.column("content", .text).notNull()
                t.primaryKey(["zoo", "path", "name"])
            }
            try db.create(table: "intent") { t in
                t.column("zoo", .text).notNull()
                t.column("path", .text).notNull()
                t.column("token", .text).notNull().unique()
                t.column("isPublic", .boolean).notNull()
                t.column("sentAt", .datetime)
                t.column("fruitlessSearches", .integer).notNull()
                t.primaryKey(["zoo", "path"])
            }
            try db.create(table: "trouble") { t in
                t.column("zoo", .text).notNull()
                t.column("path", .text).notNull()
                // "gist", "edit", or "binary:" and the file.
                t.column("topic", .text).notNull()
                t.column("trouble", .jsonText).notNull()
                t.primaryKey(["zoo", "path", "topic"])
            }
            try db.create(table: "binary") { t in
                t.column("zoo", .text).notNull()
                t.column("path", .text).notNull()
                t.column("file", .text).notNull()
                t.column("hashed", .jsonText)
                t.column("good", .jsonText)
                t.primaryKey(["zoo", "path", "file"])
            }
            try db.create(table: "download") { t in
                t.column("zoo", .text).notNull()
                t.column("path", .text).notNull()
                t.column("file", .text).notNull()
                t.column("partial", .jsonText).notNull()
                t.primaryKey(["zoo", "path", "file"])
            }
            try db.create(table: "version") { t in
                t.autoIncrementedPrimaryKey("number")
                t.column("zoo", .text).notNull()
                t.column("path", .text).notNull()
                t.column("file", .text).notNull()
                t.column("at", .datetime).notNull()
                t.column("reason", .text).notNull()
                t.column("content", .blob).notNull()
            }
            try db.create(index: "versionByFile", on: "version", columns: ["zoo", "path", "file"])
            try db.create(table: "event") { t in
                t.autoIncrementedPrimaryKey("seq")
                t.column("at", .datetime).notNull()
                t.column("kind", .text).notNull()
                t.column("zoo", .text)
                t.column("path", .text)
                t.column("message", .text).notNull()
                t.column("details", .jsonText).notNull()
                t.column("uid", .integer)
            }
            try db.create(table: "job") { t in
                t.autoIncrementedPrimaryKey("id")
                t.column("kind", .jsonText).notNull()
                t.column("requestedAt", .datetime).notNull()
                t.column("uid", .integer).notNull()
                t.column("state", .text).notNull().indexed()
                t.column("finishedAt", .datetime)
            }
            try db.create(table: "jobModel") { t in
                t.column("job", .integer).notNull().references("job", onDelete: .cascade)
                t.column("zoo", .text).notNull()
                t.column("path", .text).notNull()
                t.column("state", .text).notNull()
                t.column("failure", .text)
                t.column("note", .text)
                t.column("hint", .text)
                t.primaryKey(["job", "zoo", "path"])
            }
            try db.create(index: "jobModelByState", on: "jobModel", columns: ["job", "state"])
            try db.create(table: "setting") { t in
                t.primaryKey("key", .text)
                t.column("value", .jsonText).notNull()
            }
        }
        migrator.registerMigration("2") { db in
            // Texts are kept as bytes: SQLite's text ends at the first NUL.
            try db.rename(table: "gistFile", to: "gistFileAsText")
            try db.create(table: "gistFile") { t in
                t.column("zoo", .text).notNull()
                t.column("path", .text).notNull()
                t.column("name", .text).notNull()
                t.column("content", .blob).notNull()
                t.primaryKey(["zoo", "path", "name"])
            }
            try db.execute(
                sql: "INSERT INTO gistFile SELECT zoo, path, name, CAST(content AS BLOB) FROM gistFileAsText")
            try db.drop(table: "gistFileAsText")
        }
        migrator.registerMigration("3") { db in
            try db.alter(table: "gist") { t in
                t.add(column: "sendingOver", .text)
                t.add(column: "owner", .text)
                t.add(column: "isOwn", .boolean).notNull().defaults(to: true)
                t.add(column: "hasBase", .boolean).notNull().defaults(to: true)
                t.add(column: "isProven", .boolean).notNull().defaults(to: true)
                t.add(column: "updatedAt", .datetime)
                t.add(column: "readAt", .datetime)
                t.add(column: "noticedAt", .datetime)
                t.add(column: "remote", .jsonText)
            }
            try db.create(table: "decision") { t in
                t.column("zoo", .text).notNull()
                t.column("path", .text).notNull()
                t.column("decisions", .jsonText).notNull()
                t.primaryKey(["zoo", "path"])
            }
        }
        migrator.registerMigration("4", migrate: VersionTables.make)
        migrator.registerMigration("5", migrate: TrashRows.makeTable)
        migrator.registerMigration("6", migrate: SourceRows.makeTables)
        migrator.registerMigration("8") { db in
            try BinaryRows.makeColumns(in: db)
            try ReadingRows.makeTable(in: db)
        }
        migrator.registerMigration("10") { db in
            // The newest carried-out job was remembered; now each of those that are open.
            try db.execute(
                sql: """
                    UPDATE decision SET decisions = json_set(decisions, '$.carriedOut',
                    CASE json_extract(decisions, '$.carriedOut') WHEN 0 THEN json_array()
                    ELSE json_array(json_extract(decisions, '$.carriedOut')) END)
                    WHERE json_type(decisions, '$.carriedOut') = 'integer'
                    """)
        }
        migrator.registerMigration("11") { db in
            try db.alter(table: "gist") { t in t.add(column: "isPublic", .boolean) }
        }
        migrator.registerMigration("12", migrate: HomeRows.makeTable)
        return migrator
    }
}
