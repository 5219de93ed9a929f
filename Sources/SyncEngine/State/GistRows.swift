import FoundationEssentials
import GRDB
import ModelInfo
import Planning

/// How a `GistMemory` lies in the tables. A changed one replaces its files as a whole: they are few and small.
enum GistRows {
    static func load(_ row: Row, _ key: StatementArguments, from db: Database) throws -> GistMemory {
        let files = try Row.fetchAll(db, sql: "SELECT name, content FROM gistFile WHERE zoo = ? AND path = ?", arguments: key)
        var gist = GistMemory(
            id: try MemoryRows.required(GistID(bare: row["gistID"] as String), "gist.gistID"),
            url: row["url"], revision: row["revision"], publishedAt: row["publishedAt"],
            files: Dictionary(
                files.map { ($0["name"], String(decoding: $0["content"] as Data, as: UTF8.self)) }, uniquingKeysWith: { $1 }),
            everPublished: try MemoryRows.decode(row["everPublished"]), sending: try MemoryRows.decodeIfPresent(row["sending"]),
            owner: row["owner"], isOwn: row["isOwn"], hasBase: row["hasBase"])
        (gist.sendingOver, gist.remote) = (row["sendingOver"], try MemoryRows.decodeIfPresent(row["remote"]))
        (gist.isProven, gist.isPublic) = (row["isProven"], row["isPublic"])
        (gist.updatedAt, gist.readAt, gist.noticedAt) = (row["updatedAt"], row["readAt"], row["noticedAt"])
        return gist
    }

    static func save(_ gist: GistMemory?, of key: StatementArguments, in db: Database) throws {
        try db.execute(sql: "DELETE FROM gistFile WHERE zoo = ? AND path = ?", arguments: key)
        try db.execute(sql: "DELETE FROM gist WHERE zoo = ? AND path = ?", arguments: key)
        guard let gist else { return }
        try db.execute(
            sql: """
                INSERT INTO gist (zoo, path, gistID, url, revision, publishedAt, everPublished, sending, sendingOver, owner, isOwn, hasBase,
                    isProven, isPublic, updatedAt, readAt, noticedAt, remote)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: key + [
                gist.id.description, gist.url, gist.revision, gist.publishedAt, try MemoryRows.encode(gist.everPublished.sorted()),
                try MemoryRows.encode(gist.sending), gist.sendingOver, gist.owner, gist.isOwn, gist.hasBase,
                gist.isProven, gist.isPublic, gist.updatedAt, gist.readAt, gist.noticedAt, try MemoryRows.encode(gist.remote),
            ])
        for (name, content) in gist.files {
            try db.execute(
                sql: "INSERT INTO gistFile (zoo, path, name, content) VALUES (?, ?, ?, ?)",
                arguments: key + [name, Data(content.utf8)])
        }
    }
}
