import FoundationEssentials
import GRDB
import ModelInfo
import SystemIO
import Transfers

/// How versions lie in the tables: each content once, by its SHA-256, however many versions name it.
enum VersionRows {
    /// - Returns: Its number; that of the newest version when that has the same files.
    static func keep(
        _ files: [String: [UInt8]], of model: ModelID, reason: VersionReason, gistRevision: String?, at now: Date, in db: Database
    ) throws -> Int64 {
        let named = try files.mapValues { VersionRecord.File(sha256: try digest(of: $0), byteCount: $0.count) }
        if let newest = try records(of: model, limit: 1, in: db).first, newest.files == named {
            if newest.gistRevision == nil, let gistRevision {
                try db.execute(sql: "UPDATE version SET gistRevision = ? WHERE number = ?", arguments: [gistRevision, newest.number])
            }
            return newest.number
        }
        try db.execute(
            sql: "INSERT INTO version (zoo, path, at, reason, gistRevision) VALUES (?, ?, ?, ?, ?)",
            arguments: [model.zoo, model.path.description, now, reason.rawValue, gistRevision])
        let number = db.lastInsertedRowID
        for (name, bytes) in files { try insert(bytes, as: name, into: number, db) }
        try dropSurplus(of: model, now: now, in: db)
        return number
    }

    /// Adds one file to a version.
    static func insert(_ bytes: [UInt8], as name: String, into number: Int64, _ db: Database) throws {
        let digest = try digest(of: bytes).description
        try db.execute(sql: "INSERT OR IGNORE INTO content (digest, bytes) VALUES (?, ?)", arguments: [digest, Data(bytes)])
        try db.execute(sql: "INSERT INTO versionFile (number, name, digest) VALUES (?, ?, ?)", arguments: [number, name, digest])
    }

    /// Newest first, at most `limit`, of one model or of all.
    static func records(of model: ModelID?, limit: Int, in db: Database) throws -> [VersionRecord] {
        let condition = model == nil ? "" : "WHERE zoo = ? AND path = ?"
        let key: StatementArguments = model.map { [$0.zoo, $0.path.description] } ?? []
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT chosen.*, name, versionFile.digest, length(bytes) AS byteCount
                FROM (SELECT * FROM version \(condition) ORDER BY number DESC LIMIT ?) AS chosen
                LEFT JOIN versionFile USING (number) LEFT JOIN content USING (digest) ORDER BY number DESC
                """, arguments: key + [limit])
        var records: [VersionRecord] = []
        for row in rows {
            if records.last?.number != row["number"] { records.append(try record(row)) }
            if let name = row["name"] as String?, let digest = row["digest"] as String? {
                records[records.count - 1].files[name] = VersionRecord.File(sha256: try checked(digest), byteCount: row["byteCount"] ?? 0)
            }
        }
        return records
    }

    /// Nil when that model has no such version.
    static func version(_ number: Int64, of model: ModelID, in db: Database) throws -> InfoVersion? {
        let found = try Row.fetchOne(
            db, sql: "SELECT * FROM version WHERE number = ? AND zoo = ? AND path = ?",
            arguments: [number, model.zoo, model.path.description])
        guard let found else { return nil }
        let record = try record(found)
        let contents = try Row.fetchAll(
            db, sql: "SELECT name, bytes FROM versionFile JOIN content USING (digest) WHERE number = ?", arguments: [number])
        return InfoVersion(
            number: number, model: model, at: record.at, reason: record.reason, gistRevision: record.gistRevision,
            files: Dictionary(contents.map { ($0["name"], Array($0["bytes"] as Data)) }, uniquingKeysWith: { $1 }))
    }

    /// Applies ``VersionBounds`` to one model.
    fileprivate static func dropSurplus(of model: ModelID, now: Date, in db: Database) throws {
        let surplus = VersionBounds.surplus(try records(of: model, limit: VersionBounds.count + 1, in: db), now: now)
        guard let newestOfThem = surplus.max() else { return }
        let key: StatementArguments = [model.zoo, model.path.description, newestOfThem]
        let isOfThem = "SELECT number FROM version WHERE zoo = ? AND path = ? AND number <= ?"
        let contents = try String.fetchAll(
            db, sql: "SELECT DISTINCT digest FROM versionFile WHERE number IN (\(isOfThem))", arguments: key)
        try db.execute(sql: "DELETE FROM versionFile WHERE number IN (\(isOfThem))", arguments: key)
        try db.execute(sql: "DELETE FROM version WHERE number IN (\(isOfThem))", arguments: key)
        for digest in contents {
            try db.execute(
                sql: "DELETE FROM content WHERE digest = ?1 AND NOT EXISTS (SELECT 1 FROM versionFile WHERE digest = ?1)",
                arguments: [digest])
        }
    }

    /// Of every model, what its bounds no longer hold: where nothing is kept anew, time alone moves them.
    static func surplus(now: Date, in db: Database) throws -> [SurplusVersions] {
        let models = try Row.fetchAll(
            db, sql: "SELECT zoo, path FROM version GROUP BY zoo, path HAVING count(*) > ?", arguments: [VersionBounds.alwaysKept]
        ).compactMap { ModelID(row: $0) }
        return try models.compactMap { model in
            let versions = try records(of: model, limit: VersionBounds.count + 1, in: db)
            guard let newest = VersionBounds.surplus(versions, now: now).max() else { return nil }
            let dropped = versions.filter { $0.number <= newest }
            let kept = Set(versions.filter { $0.number > newest }.flatMap { $0.files.values.map(\.sha256) })
            let contents = Dictionary(dropped.flatMap { $0.files.values.map { ($0.sha256, $0.byteCount) } }, uniquingKeysWith: { $1 })
            let byteCount = contents.reduce(0) { kept.contains($1.key) ? $0 : $0 + $1.value }
            return SurplusVersions(
                model: model, count: dropped.count, byteCount: Int64(byteCount), newestAt: dropped.first?.at ?? .distantPast)
        }
    }

    private static func record(_ row: Row) throws -> VersionRecord {
        guard let model = ModelID(row: row), let reason = VersionReason(rawValue: row["reason"]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a version has no model or no reason")
        }
        return VersionRecord(
            number: row["number"], model: model, at: row["at"], reason: reason, gistRevision: row["gistRevision"], files: [:])
    }

    private static func checked(_ digest: String) throws -> SHA256Digest {
        guard let digest = SHA256Digest(hex: digest) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a content's name is no digest")
        }
        return digest
    }

    private static func digest(of bytes: [UInt8]) throws -> SHA256Digest {
        var digest = try RunningDigest(sha1: false, sha256: true)
        digest.update(bytes)
        guard let digest = digest.finish().sha256 else { throw DigestFailure.unavailable("SHA256") }
        return digest
    }
}

extension StateStore {
    /// Keeps files of a model as they are together now. Blocks until they are on the disk.
    /// - Parameter gistRevision: 40 hexadecimal digits; nil where none is known yet.
    /// - Returns: The version's number; that of the model's newest version when that has the same files.
    @discardableResult
    func keepVersion(
        of model: ModelID, _ files: [String: [UInt8]], reason: VersionReason, gistRevision: String?, at now: Date
    ) throws -> Int64 {
        let number = try database.write {
            try VersionRows.keep(files, of: model, reason: reason, gistRevision: gistRevision, at: now, in: $0)
        }
        CrashPoint.reach("version.kept")
        return number
    }

    /// Of every model, versions beyond its bounds. Blocks.
    func surplusVersions(now: Date) throws -> [SurplusVersions] { try database.read { try VersionRows.surplus(now: now, in: $0) } }

    /// Drops them and says so, in one transaction; nil when there are none.
    func dropSurplusVersions(of model: ModelID, _ event: NewEvent) async throws -> RecordedEvent? {
        try await write { db in
            let before = db.totalChangesCount
            try VersionRows.dropSurplus(of: model, now: event.at, in: db)
            return db.totalChangesCount > before ? try EventRows.append(event, to: db) : nil
        }
    }

    /// Newest first, at most `limit`, of one model or of all. Blocks.
    func versions(of model: ModelID?, limit: Int) throws -> [VersionRecord] {
        try database.read { try VersionRows.records(of: model, limit: limit, in: $0) }
    }

    /// The bytes of a digest; nil when no version names it any more. Blocks.
    func content(_ sha256: SHA256Digest) throws -> [UInt8]? {
        try database.read {
            try Data.fetchOne($0, sql: "SELECT bytes FROM content WHERE digest = ?", arguments: [sha256.description]).map { Array($0) }
        }
    }

    /// Nil when that model has no such version, or has it no more. Blocks.
    func version(_ number: Int64, of model: ModelID) throws -> InfoVersion? {
        try database.read { try VersionRows.version(number, of: model, in: $0) }
    }
}
