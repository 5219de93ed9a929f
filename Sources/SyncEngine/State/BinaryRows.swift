import FoundationEssentials
import GRDB
import ModelInfo
import Planning

/// How what is known of the binaries lies in its table: a column for each fact, since thousands of rows are read at once.
enum BinaryRows {
    /// Of `hashed`, and with `good` before them.
    private static let facts = [
        "Device", "Inode", "Size", "Modified", "Changed", "Mode", "Owner", "Group", "Links", "Sha1", "Sha256", "At",
    ]

    /// Replaces the JSON of earlier releases.
    static func makeColumns(in db: Database) throws {
        try db.rename(table: "binary", to: "binaryAsJSON")
        try db.create(table: "binary") { t in
            t.column("zoo", .text).notNull()
            t.column("path", .text).notNull()
            t.column("file", .text).notNull()
            t.column("answered", .integer).notNull().defaults(to: 0)
            for reading in ["hashed", "good"] {
                for fact in facts {
                    let isText = fact.hasPrefix("Sha")
                    t.column(reading + fact, fact == "At" ? .double : isText ? .text : .integer)
                }
            }
            t.primaryKey(["zoo", "path", "file"])
        }
        let numbers = ["device", "inode", "size", "modified", "changed", "mode", "owner", "group", "links"]
        let values = ["hashed", "good"].flatMap { reading in
            // An inode may be larger than SQLite's numbers: then the file is read once more.
            numbers.map { "CAST(json_extract(\(reading), '$.identity.\($0)') AS INTEGER)" }
                + ["sha1", "sha256", "at"].map { "json_extract(\(reading), '$.\($0)')" }
        }
        try db.execute(
            sql: "INSERT INTO binary SELECT zoo, path, file, 0, \(values.joined(separator: ", ")) FROM binaryAsJSON")
        try db.drop(table: "binaryAsJSON")
        // Which file has a digest is asked before each fetch.
        try db.execute(sql: "CREATE INDEX binaryBySHA1 ON binary (goodSha1)")
        try db.execute(sql: "CREATE INDEX binaryBySHA256 ON binary (goodSha256)")
    }

    private static let columns =
        "file, answered, " + ["hashed", "good"].flatMap { reading in facts.map { reading + $0 } }.joined(separator: ", ")

    static func load(_ key: StatementArguments, from db: Database) throws -> [RelativePath: BinaryMemory] {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM binary WHERE zoo = ? AND path = ?")
        var memories: [RelativePath: BinaryMemory] = [:]
        let rows = try Row.fetchCursor(statement, arguments: key)
        while let row = try rows.next() {
            memories[try MemoryRows.required(try? RelativePath(row[0] as String), "binary.file")] = try memory(row)
        }
        return memories
    }

    /// Nil when nothing is known of the file.
    static func load(_ file: RelativePath, _ key: StatementArguments, from db: Database) throws -> BinaryMemory? {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM binary WHERE zoo = ? AND path = ? AND file = ?")
        return try Row.fetchOne(statement, arguments: key + [file.description]).map(memory)
    }

    /// All of it but the trouble, which has a table of its own.
    static func save(_ memory: BinaryMemory, of file: RelativePath, _ key: StatementArguments, in db: Database) throws {
        let places = Array(repeating: "?", count: 4 + 2 * facts.count).joined(separator: ", ")
        let statement = try db.cachedStatement(sql: "INSERT OR REPLACE INTO binary (zoo, path, \(columns)) VALUES (\(places))")
        try statement.execute(
            arguments: key + [file.description, memory.answered] + arguments(memory.hashed) + arguments(memory.good))
    }

    /// What was read again and is as it was has new times only: then no digest is written and no index changes.
    static func save(
        _ after: BinaryMemory, over before: BinaryMemory, of file: RelativePath, _ key: StatementArguments, in db: Database
    ) throws {
        guard let hashed = after.hashed, after.differsByTimesOnly(from: before) else { return try save(after, of: file, key, in: db) }
        let statement = try db.cachedStatement(
            sql: "UPDATE binary SET answered = ?, hashedAt = ?, goodAt = ? WHERE zoo = ? AND path = ? AND file = ?")
        try statement.execute(
            arguments: [
                after.answered, hashed.at.timeIntervalSinceReferenceDate, after.good?.at.timeIntervalSinceReferenceDate,
            ] + key + [file.description])
    }

    private static func memory(_ row: Row) throws -> BinaryMemory {
        BinaryMemory(hashed: try hashedFile(row, from: 2), good: try hashedFile(row, from: 2 + facts.count), answered: row[1])
    }

    private static func hashedFile(_ row: Row, from first: Int) throws -> HashedFile? {
        guard let sha256 = row[first + 10] as String? else { return nil }
        let sha1 = row[first + 9] as String?
        return HashedFile(
            identity: FileIdentity(
                device: UInt64(bitPattern: row[first]), inode: UInt64(bitPattern: row[first + 1]), size: row[first + 2],
                modified: row[first + 3], changed: row[first + 4], mode: UInt32(truncatingIfNeeded: row[first + 5] as Int64),
                owner: UInt32(truncatingIfNeeded: row[first + 6] as Int64), group: UInt32(truncatingIfNeeded: row[first + 7] as Int64),
                links: UInt64(bitPattern: row[first + 8])),
            sha1: try sha1.map { try MemoryRows.required(SHA1Digest(hex: $0), "binary.sha1") },
            sha256: try MemoryRows.required(SHA256Digest(hex: sha256), "binary.sha256"),
            at: Date(timeIntervalSinceReferenceDate: row[first + 11]))
    }

    private static func arguments(_ hashed: HashedFile?) -> StatementArguments {
        guard let hashed else { return StatementArguments(Array(repeating: DatabaseValue.null, count: facts.count)) }
        let identity = hashed.identity
        return [
            Int64(bitPattern: identity.device), Int64(bitPattern: identity.inode), identity.size, identity.modified, identity.changed,
            Int64(identity.mode), Int64(identity.owner), Int64(identity.group), Int64(bitPattern: identity.links),
            hashed.sha1?.description, hashed.sha256.description, hashed.at.timeIntervalSinceReferenceDate,
        ]
    }
}

extension BinaryMemory {
    /// Whether both know the same of the same files, each at its own time.
    fileprivate func differsByTimesOnly(from other: BinaryMemory) -> Bool {
        guard let hashed = other.hashed, self.hashed != nil, (good == nil) == (other.good == nil) else { return false }
        var copy = self
        (copy.answered, copy.trouble) = (other.answered, other.trouble)
        copy.hashed?.at = hashed.at
        if let at = other.good?.at { copy.good?.at = at }
        return copy == other
    }
}
