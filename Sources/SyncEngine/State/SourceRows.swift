import FoundationEssentials
import GRDB
import ModelInfo
import Planning

/// What is remembered of the places that binaries come from: hosts, bad sources, and which file here has which digest.
enum SourceRows {
    /// So many bad sources; the oldest go first.
    static let badSourceCapacity = 1000

    static func makeTables(in db: Database) throws {
        try db.create(table: "host") { t in
            // With its port.
            t.primaryKey("host", .text)
            t.column("usedAt", .datetime).notNull()
            t.column("record", .jsonText).notNull()
        }
        try db.create(table: "badSource") { t in
            // That it was to have; empty where the model info names none.
            t.column("digest", .text).notNull()
            t.column("url", .text).notNull()
            t.column("at", .datetime).notNull()
            t.column("source", .jsonText).notNull()
            t.primaryKey(["digest", "url"])
        }
        // Which file has a digest is asked before each fetch.
        try db.execute(sql: "CREATE INDEX binaryBySHA1 ON binary (json_extract(good, '$.sha1'))")
        try db.execute(sql: "CREATE INDEX binaryBySHA256 ON binary (json_extract(good, '$.sha256'))")
    }

    fileprivate static func badSources(for digest: String, from db: Database) throws -> [String: BadSource] {
        let rows = try Row.fetchAll(
            try db.cachedStatement(sql: "SELECT url, source FROM badSource WHERE digest = ?"), arguments: [digest])
        return try Dictionary(
            rows.map { ($0["url"] as String, try MemoryRows.decode($0["source"] as String) as BadSource) }, uniquingKeysWith: { $1 })
    }

    fileprivate static func save(_ source: BadSource, _ url: String, for digest: String, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO badSource (digest, url, at, source) VALUES (?, ?, ?, ?)",
            arguments: [digest, url, source.at, try MemoryRows.encode(source)])
        try db.execute(
            sql: "DELETE FROM badSource WHERE rowid NOT IN (SELECT rowid FROM badSource ORDER BY at DESC LIMIT ?)",
            arguments: [badSourceCapacity])
    }
}

/// A file that was seen to have a digest.
struct KnownFile: Equatable, Sendable {
    var model: ModelID
    var file: RelativePath
    /// The reading that showed it.
    var good: HashedFile
}

extension StateStore {
    /// Remembers that a source served other bytes for a digest, and records that, in one transaction.
    func blame(_ source: BadSource, _ url: String, for digest: String, _ event: NewEvent) async throws -> RecordedEvent {
        try await write { db in
            try SourceRows.save(source, url, for: digest, in: db)
            return try EventRows.append(event, to: db)
        }
    }
}

// Called on blocking lanes.
extension StateStore {
    func hostRecords() throws -> [String: HostRecord] {
        try database.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT host, record FROM host ORDER BY usedAt DESC LIMIT ?", arguments: [HostBook.capacity])
            return try Dictionary(
                rows.map { ($0["host"] as String, try MemoryRows.decode($0["record"] as String) as HostRecord) }, uniquingKeysWith: { $1 })
        }
    }

    func save(_ record: HostRecord, of host: String) throws {
        try database.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO host (host, usedAt, record) VALUES (?, ?, ?)",
                arguments: [host, record.usedAt, try MemoryRows.encode(record)])
            try db.execute(
                sql: "DELETE FROM host WHERE host NOT IN (SELECT host FROM host ORDER BY usedAt DESC LIMIT ?)",
                arguments: [HostBook.capacity])
        }
    }

    /// By URL, what served other bytes for a digest and is not forgiven yet.
    func badSources(for digest: String) throws -> [String: BadSource] {
        try reader.read { try SourceRows.badSources(for: digest, from: $0) }
    }

    /// The same, and how far a file has come already.
    func background(of file: RelativePath, in id: ModelID, for digest: String) throws -> (bad: [String: BadSource], begun: PartialDownload?)
    {
        try reader.read { (try SourceRows.badSources(for: digest, from: $0), try PartialRows.load(file, in: id, from: $0)) }
    }

    /// Files that were seen to have a digest, those that were read last first, and were not seen to have another since.
    /// - Parameters:
    ///   - sha256: What counts where both are given.
    func files(with sha1: SHA1Digest?, _ sha256: SHA256Digest?, limit: Int) throws -> [KnownFile] {
        guard let digest = sha256?.description ?? sha1?.description else { return [] }
        let column = sha256 == nil ? "goodSha1" : "goodSha256"
        return try reader.read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT zoo, path, file FROM binary WHERE \(column) = ? AND hashedSha256 = goodSha256 ORDER BY goodAt DESC LIMIT ?
                    """)
            let rows = try Row.fetchAll(statement, arguments: [digest, limit])
            return try rows.compactMap { row in
                guard let model = ModelID(row: row), let file = try? RelativePath(row["file"] as String),
                    let good = try BinaryRows.load(file, [model.zoo, model.path.description], from: db)?.good
                else { return nil }
                return KnownFile(model: model, file: file, good: good)
            }
        }
    }
}
