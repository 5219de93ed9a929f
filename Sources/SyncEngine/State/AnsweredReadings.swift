import FoundationEssentials
import GRDB
import ModelInfo

extension StateStore {
    /// Bytes of all files that were read since a job asked for it.
    /// - Parameter model: Only of this one's; nil: of all.
    func byteCount(readFor job: Int64, of model: ModelID?) async throws -> Int64 {
        let place: StatementArguments = model.map { [$0.zoo, $0.path.description] } ?? []
        let sql = "SELECT SUM(hashedSize) FROM binary WHERE answered >= ?" + (model == nil ? "" : " AND zoo = ? AND path = ?")
        return try await database.read { try Int64.fetchOne($0, sql: sql, arguments: [job] + place) ?? 0 }
    }
}
