import GRDB
import ModelInfo

/// How the directories that gists are of lie in the table `home`. SQLite's integers are signed, so the kernel's numbers are kept by their
/// bits.
enum HomeRows {
    static func makeTable(in db: Database) throws {
        try db.create(table: "home") { t in
            t.column("zoo", .text).notNull()
            t.column("path", .text).notNull()
            t.column("device", .integer).notNull()
            t.column("inode", .integer).notNull()
            t.column("born", .integer).notNull()
            t.primaryKey(["zoo", "path"])
        }
        try db.create(index: "homeByDirectory", on: "home", columns: ["inode", "device", "born"])
    }

    static func load(_ key: StatementArguments, from db: Database) throws -> DirectoryIdentity? {
        let statement = try db.cachedStatement(sql: "SELECT device, inode, born FROM home WHERE zoo = ? AND path = ?")
        return try Row.fetchOne(statement, arguments: key).map {
            DirectoryIdentity(
                device: UInt64(bitPattern: $0["device"]), inode: UInt64(bitPattern: $0["inode"]), born: $0["born"])
        }
    }

    static func save(_ home: DirectoryIdentity?, of key: StatementArguments, in db: Database) throws {
        guard let home else { return try db.execute(sql: "DELETE FROM home WHERE zoo = ? AND path = ?", arguments: key) }
        try db.execute(
            sql: "INSERT OR REPLACE INTO home (zoo, path, device, inode, born) VALUES (?, ?, ?, ?, ?)",
            arguments: key + [Int64(bitPattern: home.device), Int64(bitPattern: home.inode), home.born])
    }
}

extension StateStore {
    /// The models whose gist, or intent to make one, is remembered to be of this directory: more than one only where a file system gives
    /// numbers again without saying when a directory was made.
    func residents(of home: DirectoryIdentity) async throws -> [ModelID] {
        try await reader.read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT zoo, path FROM home WHERE inode = ? AND device = ? AND born = ? ORDER BY zoo, path")
            let numbers: StatementArguments = [Int64(bitPattern: home.inode), Int64(bitPattern: home.device), home.born]
            return try Row.fetchAll(statement, arguments: numbers).compactMap { ModelID(row: $0) }
        }
    }
}
