import FoundationEssentials
import GRDB
import ModelInfo

/// Bytes that a person saved and that might otherwise be lost: kept before zood writes over them or removes them.
struct KeptVersion: Equatable, Sendable {
    var model: ModelID
    /// In the model's directory.
    var file: RelativePath
    var at: Date
    /// Why it was kept, in words.
    var reason: String
    var content: [UInt8]

    /// So many of the newest of one file are kept.
    static let limit = 50
}

extension StateStore {
    /// Blocks until it is on the disk.
    /// - Returns: Its number.
    @discardableResult
    func keepVersion(_ version: KeptVersion) throws -> Int64 {
        try database.write { db in
            let key: StatementArguments = [version.model.zoo, version.model.path.description, version.file.description]
            try db.execute(
                sql: "INSERT INTO version (zoo, path, file, at, reason, content) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: key + [version.at, version.reason, Data(version.content)])
            let number = db.lastInsertedRowID
            try db.execute(
                sql: """
                    DELETE FROM version WHERE zoo = ? AND path = ? AND file = ? AND number NOT IN
                    (SELECT number FROM version WHERE zoo = ? AND path = ? AND file = ? ORDER BY number DESC LIMIT ?)
                    """, arguments: key + key + [KeptVersion.limit])
            return number
        }
    }

    /// Oldest first.
    func versions(of model: ModelID) throws -> [KeptVersion] {
        try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM version WHERE zoo = ? AND path = ? ORDER BY number", arguments: [model.zoo, model.path.description]
            ).map { row in
                KeptVersion(
                    model: model, file: try RelativePath(row["file"] as String), at: row["at"], reason: row["reason"],
                    content: Array(row["content"] as Data))
            }
        }
    }
}
