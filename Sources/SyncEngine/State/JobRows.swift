import FoundationEssentials
import GRDB
import ModelInfo
import Planning

/// A job as the state keeps it: what was asked, by whom, of which models, and how far each got.
public struct StoredJob: Equatable, Sendable {
    public enum State: String, Sendable, Codable { case queued, running, done, failed, cancelled }

    public struct Member: Equatable, Sendable {
        public var model: ModelID
        public var state: State
        public var failure: GoalFailure?
        public var note: String?
        public var hint: String?
    }

    public var id: Int64
    public var kind: Goal.Kind
    public var requestedAt: Date
    public var uid: UInt32
    public var state: State
    public var finishedAt: Date?
    /// Sorted by model.
    public var members: [Member]

    public var isOpen: Bool { state == .queued || state == .running }
}

extension StateStore {
    /// So many finished jobs are kept.
    static let keptJobs = 1000

    /// Records a job for `models`. A job without models is done at once.
    public func addJob(_ kind: Goal.Kind, models: [ModelID], uid: UInt32, at now: Date) async throws -> StoredJob {
        try await write { db in
            let state: StoredJob.State = models.isEmpty ? .done : .running
            try db.execute(
                sql: "INSERT INTO job (kind, requestedAt, uid, state, finishedAt) VALUES (?, ?, ?, ?, ?)",
                arguments: [try MemoryRows.encode(kind), now, Int64(uid), state.rawValue, models.isEmpty ? now : nil])
            let id = db.lastInsertedRowID
            for model in models {
                try db.cachedStatement(sql: "INSERT INTO jobModel (job, zoo, path, state) VALUES (?, ?, ?, ?)").execute(
                    arguments: [id, model.zoo, model.path.description, StoredJob.State.running.rawValue])
            }
            try db.execute(
                sql: "DELETE FROM job WHERE finishedAt IS NOT NULL AND id <= ?", arguments: [id - Int64(Self.keptJobs)])
            return try Self.job(id, in: db)!
        }
    }

    public func job(_ id: Int64) async throws -> StoredJob? { try await database.read { try Self.job(id, in: $0) } }

    /// Newest first, at most `limit`.
    public func jobs(limit: Int) async throws -> [StoredJob] {
        try await database.read { db in
            try Int64.fetchAll(db, sql: "SELECT id FROM job ORDER BY id DESC LIMIT ?", arguments: [limit])
                .compactMap { try Self.job($0, in: db) }
        }
    }

    /// Jobs that are not over, oldest first: what a restart takes up again.
    public func openJobs() async throws -> [StoredJob] {
        try await database.read { db in
            try Int64.fetchAll(db, sql: "SELECT id FROM job WHERE state IN ('queued', 'running') ORDER BY id")
                .compactMap { try Self.job($0, in: db) }
        }
    }

    /// Records how a job ended for one model, and that the whole is over when it was the last.
    /// - Returns: The job, when it is over now; nil too when it had ended for this model before: what was said first stays.
    public func endJob(_ id: Int64, for member: StoredJob.Member, at now: Date) async throws -> StoredJob? {
        try await write { db in
            try db.cachedStatement(
                sql:
                    "UPDATE jobModel SET state = ?, failure = ?, note = ?, hint = ? WHERE job = ? AND zoo = ? AND path = ? AND state = 'running'"
            ).execute(
                arguments: [
                    member.state.rawValue, member.failure?.rawValue, member.note, member.hint, id, member.model.zoo,
                    member.model.path.description,
                ])
            guard db.changesCount > 0 else { return nil }
            // A job may be about every model of the zoo: its members are counted only when the last one has ended.
            let isRunning = try Bool.fetchOne(
                try db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM jobModel WHERE job = ? AND state = ?)"),
                arguments: [id, StoredJob.State.running.rawValue])
            guard isRunning == false, let job = try Self.job(id, in: db), job.isOpen else { return nil }
            let state: StoredJob.State =
                job.members.contains { $0.state == .cancelled }
                ? .cancelled : job.members.contains { $0.state == .failed } ? .failed : .done
            try db.execute(sql: "UPDATE job SET state = ?, finishedAt = ? WHERE id = ?", arguments: [state.rawValue, now, id])
            return try Self.job(id, in: db)
        }
    }

    private static func job(_ id: Int64, in db: Database) throws -> StoredJob? {
        guard let row = try Row.fetchOne(try db.cachedStatement(sql: "SELECT * FROM job WHERE id = ?"), arguments: [id]) else { return nil }
        let all = try db.cachedStatement(sql: "SELECT * FROM jobModel WHERE job = ? ORDER BY zoo, path")
        let members = try Row.fetchAll(all, arguments: [id])
        return StoredJob(
            id: id, kind: try MemoryRows.decode(row["kind"] as String), requestedAt: row["requestedAt"],
            uid: UInt32(truncatingIfNeeded: row["uid"] as Int64), state: StoredJob.State(rawValue: row["state"]) ?? .failed,
            finishedAt: row["finishedAt"],
            members: members.compactMap { row in
                ModelID(row: row).map {
                    StoredJob.Member(
                        model: $0, state: StoredJob.State(rawValue: row["state"]) ?? .failed,
                        failure: (row["failure"] as String?).flatMap(GoalFailure.init(rawValue:)), note: row["note"], hint: row["hint"])
                }
            })
    }
}
