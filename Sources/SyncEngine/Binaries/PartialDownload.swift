import FoundationEssentials
import GRDB
import ModelInfo
import Transfers

/// What is remembered of a download that did not end: enough to go on with it, never more than the file itself proves.
struct PartialDownload: Codable, Equatable, Sendable {
    /// Name in the zoo's staging directory.
    var stagingName: RelativePath
    var url: String
    /// `DeclaredBinary.fetchMark`: a corrected readme starts anew.
    var mark: String
    /// Nil as long as no answer came, or when the server gives nothing to recognise the file by: then it starts at zero.
    var validator: EntityValidator?
    var totalByteCount: Int64?
    /// What a power cut leaves.
    var syncedByteCount: Int64
    /// The kernel's boot id when this was written: in the same boot, all that is in the file counts.
    var bootID: String

    /// Where to go on from.
    func resume(bootID now: String) -> PartialContent? {
        validator.map {
            PartialContent(byteCount: now == bootID ? .max : syncedByteCount, validator: $0, totalByteCount: totalByteCount)
        }
    }

    /// The kernel's id of this boot; empty where it is not given.
    static let currentBootID: String = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
}

// Called on the transfer workers' threads, hence the blocking calls.
extension StateStore {
    func partial(of file: RelativePath, in id: ModelID) throws -> PartialDownload? {
        try database.read { db in
            let json = try String.fetchOne(
                db, sql: "SELECT partial FROM download WHERE zoo = ? AND path = ? AND file = ?",
                arguments: [id.zoo, id.path.description, file.description])
            return try json.map { try MemoryRows.decode($0) }
        }
    }

    /// Nil forgets it.
    func setPartial(_ partial: PartialDownload?, of file: RelativePath, in id: ModelID) throws {
        let json = try MemoryRows.encode(partial)
        try database.write { db in
            let key: StatementArguments = [id.zoo, id.path.description, file.description]
            if let json {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO download (zoo, path, file, partial) VALUES (?, ?, ?, ?)", arguments: key + [json])
            } else {
                try db.execute(sql: "DELETE FROM download WHERE zoo = ? AND path = ? AND file = ?", arguments: key)
            }
        }
    }

    /// Staging names that downloads of this zoo still want: everything else there is a leftover.
    func stagingNames(of zoo: String) throws -> Set<String> {
        try database.read { db in
            let rows = try String.fetchAll(db, sql: "SELECT partial FROM download WHERE zoo = ?", arguments: [zoo])
            return Set(try rows.map { try MemoryRows.decode($0) as PartialDownload }.map(\.stagingName.description))
        }
    }
}
