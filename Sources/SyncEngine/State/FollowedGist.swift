import FoundationEssentials
import GRDB
import ModelInfo

/// What is remembered of one model's gist, as far as noticing a change of it needs to know.
struct FollowedGist: Equatable, Sendable {
    let model: ModelID
    let id: GistID
    /// Login; nil for the local host, and for gists without an owner.
    var owner: String?
    var isOwn = true
    /// Time that the host gives for the newest revision known of.
    var updatedAt: Date?
    /// When the host was last asked for the contents, by this machine's clock.
    var readAt: Date?
    /// It is known already that it has to be read.
    var isNoticed = false
}

extension StateStore {
    /// Every gist that a model has on the local host, or on the other one.
    func followedGists(isLocal: Bool) async throws -> [FollowedGist] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT zoo, path, gistID, owner, isOwn, updatedAt, readAt, noticedAt FROM gist").compactMap { row in
                guard let model = ModelID(row: row), let id = GistID(bare: row["gistID"] as String), id.isLocal == isLocal else {
                    return nil
                }
                return FollowedGist(
                    model: model, id: id, owner: row["owner"], isOwn: row["isOwn"], updatedAt: row["updatedAt"], readAt: row["readAt"],
                    isNoticed: (row["noticedAt"] as Date?) != nil)
            }
        }
    }

    /// Remembers that these gists of GitHub may be written to by this account. That others may not is told by reading them: an account
    /// may have got another name.
    /// - Returns: Models of which it was not known.
    func tellOwn(of login: String) async throws -> [ModelID] {
        try await write { db in
            try Row.fetchAll(
                db,
                sql: """
                    UPDATE gist SET isOwn = 1 WHERE NOT isOwn AND gistID NOT LIKE 'local-%' AND lower(owner) = lower(?)
                    RETURNING zoo, path
                    """, arguments: [login]
            ).compactMap { ModelID(row: $0) }
        }
    }

    /// Remembers that these gists have to be read. One of which it is known already keeps the earlier time.
    func notice(_ gists: [FollowedGist], at now: Date) async throws {
        try await write { db in
            for gist in gists {
                try db.execute(
                    sql: "UPDATE gist SET noticedAt = ? WHERE zoo = ? AND path = ? AND gistID = ? AND noticedAt IS NULL",
                    arguments: [now, gist.model.zoo, gist.model.path.description, gist.id.description])
            }
        }
    }
}
