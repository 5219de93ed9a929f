import FoundationEssentials
import GRDB
import ModelInfo
import Planning

/// How a `ModelMemory` lies in the tables.
enum MemoryRows {
    static func load(_ id: ModelID, from db: Database) throws -> ModelMemory {
        var memory = ModelMemory()
        let key: StatementArguments = [id.zoo, id.path.description]
        if let row = try Row.fetchOne(db, sql: "SELECT * FROM gist WHERE zoo = ? AND path = ?", arguments: key) {
            memory.gist = try GistRows.load(row, key, from: db)
        }
        memory.decisions = try decisions(of: id, from: db)
        if let row = try Row.fetchOne(db, sql: "SELECT * FROM intent WHERE zoo = ? AND path = ?", arguments: key) {
            memory.intent = PublishIntent(
                token: row["token"], isPublic: row["isPublic"], sentAt: row["sentAt"], fruitlessSearches: row["fruitlessSearches"])
        }
        for row in try Row.fetchAll(db, sql: "SELECT * FROM binary WHERE zoo = ? AND path = ?", arguments: key) {
            memory.binaries[try required(try? RelativePath(row["file"] as String), "binary.file")] = try binary(row)
        }
        for row in try Row.fetchAll(db, sql: "SELECT topic, trouble FROM trouble WHERE zoo = ? AND path = ?", arguments: key) {
            let trouble: Trouble = try decode(row["trouble"] as String)
            switch Topic(text: row["topic"]) {
            case .gist: memory.gistTrouble = trouble
            case .edit: memory.editTrouble = trouble
            case .binary(let file): memory.binaries[file, default: BinaryMemory()].trouble = trouble
            case nil: break
            }
        }
        return memory
    }

    /// What is remembered of one binary, with its trouble.
    static func load(_ file: RelativePath, of id: ModelID, from db: Database) throws -> BinaryMemory {
        let key: StatementArguments = [id.zoo, id.path.description]
        let row = try Row.fetchOne(
            db, sql: "SELECT hashed, good FROM binary WHERE zoo = ? AND path = ? AND file = ?", arguments: key + [file.description])
        var memory = try row.map(binary) ?? BinaryMemory()
        memory.trouble = try decodeIfPresent(
            String.fetchOne(
                db, sql: "SELECT trouble FROM trouble WHERE zoo = ? AND path = ? AND topic = ?",
                arguments: key + [Topic.binary(file).text]))
        return memory
    }

    private static func binary(_ row: Row) throws -> BinaryMemory {
        let (hashed, good): (String?, String?) = (row["hashed"], row["good"])
        let newest: HashedFile? = try decodeIfPresent(hashed)
        // Mostly the newest reading is the good one.
        return BinaryMemory(hashed: newest, good: good == hashed ? newest : try decodeIfPresent(good))
    }

    /// Writes what differs of these binaries, which may be some of a model's.
    static func save(
        _ after: [RelativePath: BinaryMemory], over before: [RelativePath: BinaryMemory], of key: StatementArguments, in db: Database
    ) throws {
        for (file, binary) in after where binary.withoutTrouble != before[file]?.withoutTrouble {
            try db.execute(
                sql: "INSERT OR REPLACE INTO binary (zoo, path, file, hashed, good) VALUES (?, ?, ?, ?, ?)",
                arguments: key + [file.description, try encode(binary.hashed), try encode(binary.good)])
        }
        for file in before.keys where after[file] == nil {
            try db.execute(sql: "DELETE FROM binary WHERE zoo = ? AND path = ? AND file = ?", arguments: key + [file.description])
        }
        try save(troubles(of: after), over: troubles(of: before), of: key, in: db)
    }

    static func decisions(of id: ModelID, from db: Database) throws -> Decisions {
        try decodeIfPresent(
            String.fetchOne(
                db, sql: "SELECT decisions FROM decision WHERE zoo = ? AND path = ?", arguments: [id.zoo, id.path.description]))
            ?? Decisions()
    }

    static func save(_ decisions: Decisions, of key: StatementArguments, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO decision (zoo, path, decisions) VALUES (?, ?, ?)", arguments: key + [try encode(decisions)])
    }

    /// Writes what differs. A changed gist replaces its files as a whole: they are few and small.
    static func save(_ after: ModelMemory, over before: ModelMemory, of id: ModelID, in db: Database) throws {
        let key: StatementArguments = [id.zoo, id.path.description]
        if after.gist != before.gist { try GistRows.save(after.gist, of: key, in: db) }
        if after.decisions != before.decisions { try save(after.decisions, of: key, in: db) }
        if after.intent != before.intent {
            try db.execute(sql: "DELETE FROM intent WHERE zoo = ? AND path = ?", arguments: key)
            if let intent = after.intent {
                try db.execute(
                    sql: "INSERT INTO intent (zoo, path, token, isPublic, sentAt, fruitlessSearches) VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: key + [intent.token, intent.isPublic, intent.sentAt, intent.fruitlessSearches])
            }
        }
        try save(after.binaries, over: before.binaries, of: key, in: db)
        try save(ownTroubles(of: after), over: ownTroubles(of: before), of: key, in: db)
    }

    private static func save(_ new: [Topic: Trouble], over old: [Topic: Trouble], of key: StatementArguments, in db: Database) throws {
        for (topic, trouble) in new where old[topic] != trouble {
            try db.execute(
                sql: "INSERT OR REPLACE INTO trouble (zoo, path, topic, trouble) VALUES (?, ?, ?, ?)",
                arguments: key + [topic.text, try encode(trouble)])
        }
        for topic in old.keys where new[topic] == nil {
            try db.execute(sql: "DELETE FROM trouble WHERE zoo = ? AND path = ? AND topic = ?", arguments: key + [topic.text])
        }
    }

    /// What a trouble is about, as the table's `topic`.
    private enum Topic: Hashable {
        case gist, edit
        case binary(RelativePath)

        init?(text: String) {
            switch text {
            case "gist": self = .gist
            case "edit": self = .edit
            default:
                guard text.hasPrefix("binary:"), let file = try? RelativePath(String(text.dropFirst(7))) else { return nil }
                self = .binary(file)
            }
        }

        var text: String {
            switch self {
            case .gist: "gist"
            case .edit: "edit"
            case .binary(let file): "binary:\(file)"
            }
        }
    }

    private static func ownTroubles(of memory: ModelMemory) -> [Topic: Trouble] {
        var troubles: [Topic: Trouble] = [:]
        (troubles[.gist], troubles[.edit]) = (memory.gistTrouble, memory.editTrouble)
        return troubles
    }

    private static func troubles(of binaries: [RelativePath: BinaryMemory]) -> [Topic: Trouble] {
        Dictionary(uniqueKeysWithValues: binaries.compactMap { file, binary in binary.trouble.map { (.binary(file), $0) } })
    }

    static func required<Value>(_ value: Value?, _ column: String) throws -> Value {
        guard let value else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\(column) holds no such value") }
        return value
    }

    static func decode<Value: Decodable>(_ json: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(json.utf8))
    }

    static func decodeIfPresent<Value: Decodable>(_ json: String?) throws -> Value? { try json.map { try decode($0) } }

    static func encode<Value: Encodable>(_ value: Value?) throws -> String? {
        try value.map { String(decoding: try JSONEncoder.sorted.encode($0), as: UTF8.self) }
    }
}

extension BinaryMemory {
    /// Troubles lie in a table of their own.
    fileprivate var withoutTrouble: BinaryMemory? {
        var copy = self
        copy.trouble = nil
        return copy == BinaryMemory() ? nil : copy
    }
}
