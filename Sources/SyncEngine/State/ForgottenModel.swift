import FoundationEssentials
import GRDB
import ModelInfo
import Planning

extension StateStore {
    /// Names in staging of the directories whose arrival is not settled.
    func arrivals(in zoo: String) throws -> Set<String> {
        try database.read { db in
            let names = try String.fetchAll(
                db,
                sql: """
                    SELECT json_extract(decisions, '$.arrival.staged') FROM decision
                    WHERE zoo = ? AND json_extract(decisions, '$.arrival.staged') IS NOT NULL
                    """, arguments: [zoo])
            return Set(names)
        }
    }

    /// Drops all that is known of a model, its kept versions too, but for the events that tell of it.
    func forget(_ id: ModelID, _ event: NewEvent) async throws -> RecordedEvent {
        try await write { db in
            let key: StatementArguments = [id.zoo, id.path.description]
            try db.execute(
                sql: "DELETE FROM versionFile WHERE number IN (SELECT number FROM version WHERE zoo = ? AND path = ?)", arguments: key)
            for table in ["gist", "gistFile", "intent", "home", "trouble", "binary", "reading", "download", "decision", "version"] {
                try db.execute(sql: "DELETE FROM \(table) WHERE zoo = ? AND path = ?", arguments: key)
            }
            try db.execute(sql: "DELETE FROM content WHERE digest NOT IN (SELECT digest FROM versionFile)")
            return try EventRows.append(event, to: db)
        }
    }
}
