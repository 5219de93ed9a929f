import FoundationEssentials
import GRDB
import ModelInfo
import Planning

/// How a `ModelMemory` lies in the tables.
enum MemoryRows {
    static func load(_ id: ModelID, from db: Database) throws -> ModelMemory {
        var memory = ModelMemory()
        let key: StatementArguments = [id.zoo, id.path.description]
        if let row = try Row.fetchOne(try db.cachedStatement(sql: "SELECT * FROM gist WHERE zoo = ? AND path = ?"), arguments: key) {
            memory.gist = try GistRows.load(row, key, from: db)
        }
        memory.decisions = try decisions(key, from: db)
        if let row = try Row.fetchOne(try db.cachedStatement(sql: "SELECT * FROM intent WHERE zoo = ? AND path = ?"), arguments: key) {
            memory.intent = PublishIntent(
                token: row["token"], isPublic: row["isPublic"], sentAt: row["sentAt"], fruitlessSearches: row["fruitlessSearches"])
        }
        memory.home = try HomeRows.load(key, from: db)
        memory.binaries = try BinaryRows.load(key, from: db)
        let troubles = try db.cachedStatement(sql: "SELECT topic, trouble FROM trouble WHERE zoo = ? AND path = ?")
        for row in try Row.fetchAll(troubles, arguments: key) {
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

    /// Writes what differs. A changed gist replaces its files as a whole: they are few and small.
    static func save(_ after: ModelMemory, over before: ModelMemory, of id: ModelID, in db: Database) throws {
        let key: StatementArguments = [id.zoo, id.path.description]
        if after.gist != before.gist { try GistRows.save(after.gist, of: key, in: db) }
        if after.decisions != before.decisions { try save(after.decisions, of: key, in: db) }
        if after.home != before.home { try HomeRows.save(after.home, of: key, in: db) }
        if after.intent != before.intent {
            try db.execute(sql: "DELETE FROM intent WHERE zoo = ? AND path = ?", arguments: key)
            if let intent = after.intent {
                try db.execute(
                    sql: "INSERT INTO intent (zoo, path, token, isPublic, sentAt, fruitlessSearches) VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: key + [intent.token, intent.isPublic, intent.sentAt, intent.fruitlessSearches])
            }
        }
        for (file, binary) in after.binaries where binary.withoutTrouble != before.binaries[file]?.withoutTrouble {
            try BinaryRows.save(binary, of: file, key, in: db)
        }
        for file in before.binaries.keys where after.binaries[file] == nil {
            try db.execute(sql: "DELETE FROM binary WHERE zoo = ? AND path = ? AND file = ?", arguments: key + [file.description])
        }
        let (old, new) = (troubles(of: before), troubles(of: after))
        for (topic, trouble) in new where old[topic] != trouble { try save(trouble, about: topic, key, in: db) }
        for topic in old.keys where new[topic] == nil { try save(nil, about: topic, key, in: db) }
    }

    static func decisions(_ key: StatementArguments, from db: Database) throws -> Decisions {
        let statement = try db.cachedStatement(sql: "SELECT decisions FROM decision WHERE zoo = ? AND path = ?")
        return try decodeIfPresent(String.fetchOne(statement, arguments: key)) ?? Decisions()
    }

    static func save(_ decisions: Decisions, of key: StatementArguments, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO decision (zoo, path, decisions) VALUES (?, ?, ?)", arguments: key + [try encode(decisions)])
    }

    /// What is known of one file, its trouble included.
    static func binary(_ file: RelativePath, _ key: StatementArguments, from db: Database) throws -> BinaryMemory {
        var memory = try BinaryRows.load(file, key, from: db) ?? BinaryMemory()
        let statement = try db.cachedStatement(sql: "SELECT trouble FROM trouble WHERE zoo = ? AND path = ? AND topic = ?")
        memory.trouble = try String.fetchOne(statement, arguments: key + [Topic.binary(file).text]).map { try decode($0) }
        return memory
    }

    /// Writes what differs of one file.
    static func save(
        _ after: BinaryMemory, over before: BinaryMemory, of file: RelativePath, _ key: StatementArguments, in db: Database
    ) throws {
        if after.withoutTrouble != before.withoutTrouble { try BinaryRows.save(after, over: before, of: file, key, in: db) }
        if after.trouble != before.trouble { try save(after.trouble, about: .binary(file), key, in: db) }
    }

    private static func save(_ trouble: Trouble?, about topic: Topic, _ key: StatementArguments, in db: Database) throws {
        if let trouble {
            try db.execute(
                sql: "INSERT OR REPLACE INTO trouble (zoo, path, topic, trouble) VALUES (?, ?, ?, ?)",
                arguments: key + [topic.text, try encode(trouble)])
        } else {
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

    private static func troubles(of memory: ModelMemory) -> [Topic: Trouble] {
        var troubles: [Topic: Trouble] = [:]
        troubles[.gist] = memory.gistTrouble
        troubles[.edit] = memory.editTrouble
        for (file, binary) in memory.binaries { troubles[.binary(file)] = binary.trouble }
        return troubles
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
