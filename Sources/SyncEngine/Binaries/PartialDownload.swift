import FoundationEssentials
import GRDB
import ModelInfo
import Transfers

/// What is remembered of a download that did not end: enough to go on with it, never more than the file itself proves.
struct PartialDownload: Codable, Equatable, Sendable {
    /// Name in the zoo's staging directory.
    var stagingName: RelativePath
    /// Empty for a file that a person handed over: there is nothing to go on with.
    var url: String
    /// `DeclaredBinary.fetchMark`: a corrected readme starts anew.
    var mark: String
    /// Nil as long as no answer came, or when the server gives nothing to recognise the file by: then it starts at zero.
    var validator: EntityValidator?
    var totalByteCount: Int64?
    /// What a power cut leaves; nil: nothing.
    var synced: ByteRanges?
    /// The kernel's boot id when this was written: in the same boot, all that the file says is in it counts.
    var bootID: String
    /// A copy under a hidden name beside the final one, for where a rename from staging cannot give the file its group, or not reach.
    var copy: RelativePath?
    /// Set before the old file and the new one swap their names.
    var exchange: BinaryExchange?
    /// How often in a row what was missing was asked for and refused; nil: not the last time.
    var refusals: Int?

    /// After so many it may be that the host gives no parts of it.
    static let doubtfulRefusals = 3

    private var isOfImport: Bool { url.isEmpty }

    /// Where to go on from.
    func resume(bootID now: String) -> PartialContent? {
        validator.map {
            // Two boots that nobody can tell apart are two.
            PartialContent(
                now == bootID && !now.isEmpty ? .all : .parts(synced ?? ByteRanges()), validator: $0, totalByteCount: totalByteCount)
        }
    }

    /// The kernel's id of this boot; empty where it is not given.
    static let currentBootID: String = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
}

extension PartialDownload {
    /// What is left of it after whatever came in between was finished or undone. Blocks.
    /// - Parameter store: Where the trash is recorded.
    /// - Returns: Nil when there is nothing to go on with.
    func recovered(
        of file: RelativePath, in model: ModelID, _ zoo: Zoo, _ store: StateStore, _ clock: any DaemonClock
    ) throws -> PartialDownload? {
        guard let staging = zoo.staging else { return self }
        let trash = Trash(staging: staging, store: store, clock: clock)
        let target = try? zoo.root.directory(model.path)
        let end = try exchange.map { exchange in
            // Without its directory a hidden copy is gone too.
            guard copy == nil || target != nil else { return BinaryExchange.End.notDone }
            let directory = copy == nil ? staging.downloads : target ?? staging.downloads
            return try exchange.settle(copy ?? stagingName, in: directory, target, model, file, trash)
        }
        if let copy, let target, try target.status(of: copy) != nil { try target.remove(copy) }
        switch end {
        case .kept, .over:
            if copy != nil { try? staging.downloads.remove(stagingName) }
            return nil
        case .notDone, .putBack, nil:
            guard !isOfImport else {
                // Who handed the file over has heard of no success, and has it still.
                try? staging.downloads.remove(stagingName)
                return nil
            }
            var left = self
            (left.copy, left.exchange) = (nil, nil)
            return left
        }
    }
}

/// How it lies in its table.
enum PartialRows {
    /// Nil forgets it.
    static func save(_ partial: PartialDownload?, of file: RelativePath, in id: ModelID, _ db: Database) throws {
        let key: StatementArguments = [id.zoo, id.path.description, file.description]
        if let json = try MemoryRows.encode(partial) {
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO download (zoo, path, file, partial) VALUES (?, ?, ?, ?)")
                .execute(arguments: key + [json])
        } else {
            try db.cachedStatement(sql: "DELETE FROM download WHERE zoo = ? AND path = ? AND file = ?").execute(arguments: key)
        }
    }

    static func load(_ file: RelativePath, in id: ModelID, from db: Database) throws -> PartialDownload? {
        let statement = try db.cachedStatement(sql: "SELECT partial FROM download WHERE zoo = ? AND path = ? AND file = ?")
        let json = try String.fetchOne(statement, arguments: [id.zoo, id.path.description, file.description])
        return try json.map { try MemoryRows.decode($0) }
    }
}

// Called on the transfer workers' threads, hence the blocking calls.
extension StateStore {
    func partial(of file: RelativePath, in id: ModelID) throws -> PartialDownload? {
        try reader.read { try PartialRows.load(file, in: id, from: $0) }
    }

    /// Nil forgets it.
    func setPartial(_ partial: PartialDownload?, of file: RelativePath, in id: ModelID) throws {
        try database.write { try PartialRows.save(partial, of: file, in: id, $0) }
    }

    /// Forgets it as long as it is the one in this file.
    /// - Returns: False when it is another, or none.
    func forgetPartial(named stagingName: RelativePath, of file: RelativePath, in id: ModelID) throws -> Bool {
        try database.write { db in
            try db.execute(
                sql: "DELETE FROM download WHERE zoo = ? AND path = ? AND file = ? AND json_extract(partial, '$.stagingName') = ?",
                arguments: [id.zoo, id.path.description, file.description, stagingName.description])
            return db.changesCount > 0
        }
    }

    /// All of a zoo, with the file that each is for.
    func partials(of zoo: String) throws -> [(model: ModelID, file: RelativePath, partial: PartialDownload)] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT path, file, partial FROM download WHERE zoo = ?", arguments: [zoo]).map { row in
                (
                    ModelID(zoo: zoo, path: try RelativePath(row["path"] as String)), try RelativePath(row["file"] as String),
                    try MemoryRows.decode(row["partial"] as String)
                )
            }
        }
    }
}
