import FoundationEssentials
import GRDB
import ModelInfo
import Planning

/// What changes with one binary: its memory, and what was decided about its model. A model may have a hundred others, which are neither read
/// nor written for it.
struct BinaryRecord: Sendable {
    var binary: BinaryMemory
    var decisions: Decisions
}

extension StateStore {
    /// Changes what is remembered of one binary, together with the events that tell of it.
    /// - Parameter endsDownload: Whether nothing of a download is left to go on with.
    func record(
        _ file: RelativePath, of id: ModelID, endsDownload: Bool, _ change: @escaping @Sendable (inout BinaryRecord) -> [NewEvent]
    ) async throws -> [RecordedEvent] {
        try await write { db in
            let key: StatementArguments = [id.zoo, id.path.description]
            let before = BinaryRecord(
                binary: try MemoryRows.binary(file, key, from: db), decisions: try MemoryRows.decisions(key, from: db))
            var after = before
            let events = change(&after)
            try MemoryRows.save(after.binary, over: before.binary, of: file, key, in: db)
            if after.decisions != before.decisions { try MemoryRows.save(after.decisions, of: key, in: db) }
            if endsDownload { try PartialRows.save(nil, of: file, in: id, db) }
            return try events.map { try EventRows.append($0, to: db) }
        }
    }

    /// Remembers that a download begins, and tells of it.
    /// - Parameter partial: Nil where it goes on with what is remembered already.
    func begin(_ partial: PartialDownload?, of file: RelativePath, in id: ModelID, _ event: NewEvent?) async throws -> RecordedEvent? {
        try await write { db in
            if let partial { try PartialRows.save(partial, of: file, in: id, db) }
            return try event.map { try EventRows.append($0, to: db) }
        }
    }
}
