import ControlProtocol
import FoundationEssentials
import GRDB
import ModelInfo

extension StateStore {
    /// The newest events, newest first, at most `limit`, of one model or of all.
    func newestEvents(_ limit: Int, of model: ModelID? = nil) async throws -> [RecordedEvent] {
        try await database.read { db in
            let rows =
                if let model {
                    try Row.fetchAll(
                        db, sql: "SELECT * FROM event WHERE zoo = ? AND path = ? ORDER BY seq DESC LIMIT ?",
                        arguments: [model.zoo, model.path.description, limit])
                } else {
                    try Row.fetchAll(db, sql: "SELECT * FROM event ORDER BY seq DESC LIMIT ?", arguments: [limit])
                }
            return try rows.map(EventRows.decode)
        }
    }
}

extension EventRecord {
    /// - Parameter model: The id as people write it.
    init(_ recorded: RecordedEvent, model: String?) {
        let event = recorded.event
        self.init(
            seq: recorded.seq, time: event.at, kind: event.kind, model: model, message: event.message, details: event.details,
            uid: event.uid)
    }
}
