import FoundationEssentials
import GRDB
import ModelInfo
import Planning
import SystemPackage

/// What zood remembers, in one SQLite file. Every write is one transaction that survives a power loss once it returned.
public final class StateStore: Sendable {
    let database: DatabaseQueue
    /// A connection of its own, so that nobody who only wants to know waits for somebody else's fsync.
    let reader: DatabaseQueue
    private let commits: CommitGroup
    /// Says that the old state was damaged and set aside; nil normally.
    public let setAside: String?

    public init(directory: FilePath, now: Date) throws {
        (database, setAside) = try StateDatabase.open(in: directory, now: now)
        reader = try StateDatabase.openReader(in: directory)
        commits = CommitGroup(database)
    }

    /// What is remembered of a model; empty for one never seen.
    public func memory(of id: ModelID) async throws -> ModelMemory {
        try await reader.read { try MemoryRows.load(id, from: $0) }
    }

    /// Changes what is remembered of a model, together with the events that tell of it.
    /// - Returns: The events as recorded, with their numbers.
    @discardableResult
    public func record(
        _ id: ModelID, events: [NewEvent] = [], _ change: @escaping @Sendable (inout ModelMemory) -> Void
    ) async throws -> [RecordedEvent] {
        try await recordTelling(id) { memory in
            change(&memory)
            return events
        }
    }

    /// The same, where only the change tells what happened.
    func recordTelling(_ id: ModelID, _ change: @escaping @Sendable (inout ModelMemory) -> [NewEvent]) async throws -> [RecordedEvent] {
        try await write { db in
            let before = try MemoryRows.load(id, from: db)
            var after = before
            let events = change(&after)
            if after != before { try MemoryRows.save(after, over: before, of: id, in: db) }
            return try events.map { try EventRows.append($0, to: db) }
        }
    }

    /// A write that a cancelled task makes as well: what has happened outside has to be remembered, also by a task that is being stopped.
    func write<Value: Sendable>(_ change: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await commits.write(change)
    }

    /// Proves that something can be written.
    func checkWritable(at now: Date) async throws { try await set(.writtenAt, to: now) }

    /// Gives all that is remembered of `old` to `new`: its directory was renamed.
    /// - Parameter isExchange: Whether `old` gets what was remembered of `new`.
    func move(_ old: ModelID, to new: ModelID, isExchange: Bool = false, _ news: [NewEvent]) async throws -> [RecordedEvent] {
        // No zoo has this name.
        let aside = ModelID(zoo: "", path: new.path)
        let steps = isExchange ? [(new, aside), (old, new), (aside, old)] : [(old, new)]
        return try await write { db in
            for (from, to) in steps {
                for table in [
                    "gist", "gistFile", "intent", "home", "trouble", "binary", "reading", "download", "decision", "version", "trash",
                ] {
                    try db.execute(
                        sql: "UPDATE OR REPLACE \(table) SET zoo = ?, path = ? WHERE zoo = ? AND path = ?",
                        arguments: [to.zoo, to.path.description, from.zoo, from.path.description])
                }
            }
            let key: StatementArguments = [new.zoo, new.path.description]
            var decisions = try MemoryRows.decisions(key, from: db)
            // It was missed at its old place only.
            if decisions.absentSince != nil {
                decisions.absentSince = nil
                try MemoryRows.save(decisions, of: key, in: db)
            }
            return try news.map { try EventRows.append($0, to: db) }
        }
    }

    /// Forgets troubles of these kinds, so that what failed is tried again: their cause may be gone.
    func forgetTroubles(of kinds: [Trouble.Kind]) async throws {
        try await write { db in
            for kind in kinds {
                try db.execute(sql: "DELETE FROM trouble WHERE json_extract(trouble, '$.kind') = ?", arguments: [kind.rawValue])
            }
        }
    }

    /// Every model of which something is remembered, also those that are gone from the disk.
    public func knownModels() async throws -> Set<ModelID> {
        try await database.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT zoo, path FROM gist UNION SELECT zoo, path FROM intent
                    UNION SELECT zoo, path FROM binary UNION SELECT zoo, path FROM trouble UNION SELECT zoo, path FROM decision
                    """)
            return Set(rows.compactMap { ModelID(row: $0) })
        }
    }

    /// Which model a gist was recorded for.
    public func keeper(of gist: GistID) async throws -> ModelID? {
        try await reader.read { db in
            try Row.fetchOne(db, sql: "SELECT zoo, path FROM gist WHERE gistID = ?", arguments: [gist.description])
                .flatMap { ModelID(row: $0) }
        }
    }

    /// A small value that belongs to the daemon as a whole.
    public func setting<Value: Codable & Sendable>(_ key: SettingKey, as type: Value.Type) async throws -> Value? {
        try await database.read { db in
            try String.fetchOne(db, sql: "SELECT value FROM setting WHERE key = ?", arguments: [key.rawValue])
                .map { try JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
        }
    }

    /// Nil takes the value away.
    public func set<Value: Codable & Sendable>(_ key: SettingKey, to value: Value?) async throws {
        let json = try value.map { String(decoding: try JSONEncoder.sorted.encode($0), as: UTF8.self) }
        try await write { db in
            if let json {
                try db.execute(sql: "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", arguments: [key.rawValue, json])
            } else {
                try db.execute(sql: "DELETE FROM setting WHERE key = ?", arguments: [key.rawValue])
            }
        }
    }
}

/// The daemon-wide values that are persisted.
public enum SettingKey: String, Sendable {
    /// `Closure`: the gist host may not be asked before.
    case hostClosed
    /// A random id of this state, written into the zoos that it owns.
    case stateID
    /// A time: the last proof that the state can be written, after it could not.
    case writtenAt
    /// The models that the brake holds, by what it holds them from.
    case heldByBrake
    /// `PollingMemory`: when remote changes are looked for next, and what was seen of the lists.
    case polling
    /// `GistCensus`: the walk over all own gists that is under way.
    case census
    /// `DownloadLimit.Override`: what an operator said in the place of `binaries.bandwidth`.
    case downloadLimit
    /// A time: when what has been in the trash for its time was last removed.
    case trashSweptAt
}

extension ModelID {
    init?(row: Row) {
        guard let zoo = row["zoo"] as String?, let text = row["path"] as String?, let path = try? RelativePath(text) else { return nil }
        self.init(zoo: zoo, path: path)
    }
}

extension JSONEncoder {
    /// Keys in one order, so that equal values are equal text.
    static let sorted = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return encoder
    }()
}
