import FoundationEssentials
import ModelInfo

/// What people decided about one model, kept for as long as the model is known.
public struct Decisions: Equatable, Sendable, Codable {
    /// Jobs whose one deed (a rollback, the end of a conflict, the end of a gist) was done: it is not done again when the process ends
    /// before the job is closed. Only those that were open when the last one was carried out.
    public var carriedOut: Set<Int64> = []
    /// The gist that a person ended, and when: the model is not published again by itself, and that id goes out of the readme.
    public var withdrawn: WithdrawnGist?
    /// Lines that look like secrets and that a person allowed to be published.
    public var allowedSecrets: Set<AllowedSecret> = []
    /// What somebody else's gist names as the source of a binary, and no person has asked for yet (`DeclaredBinary.fetchMark`).
    public var unconfirmedSources: Set<String> = []
    /// When the newest of them came: who asked before that did not ask for it.
    public var unconfirmedAt: Date?
    /// Sources that an operator lets through however large the file is (`DeclaredBinary.fetchMark`).
    public var sourcesOfAnySize: Set<String> = []

    /// A directory made from a gist that is about to get its name here, or just got it. Until that is settled nothing else is done.
    public var arrival: Arrival?
    /// The uid of who had the model added from a gist; nil when it came otherwise.
    public var addedBy: UInt32?
    /// Since when its directory, or the readme in it, was seen to be gone; nil when what lies there is known to be this model.
    public var absentSince: Date?

    public init() {}

    /// What was stored before there was such a decision has none of it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        carriedOut = try container.decode(Set<Int64>.self, forKey: .carriedOut)
        withdrawn = try container.decodeIfPresent(WithdrawnGist.self, forKey: .withdrawn)
        allowedSecrets = try container.decode(Set<AllowedSecret>.self, forKey: .allowedSecrets)
        unconfirmedSources = try container.decode(Set<String>.self, forKey: .unconfirmedSources)
        unconfirmedAt = try container.decodeIfPresent(Date.self, forKey: .unconfirmedAt)
        sourcesOfAnySize = try container.decodeIfPresent(Set<String>.self, forKey: .sourcesOfAnySize) ?? []
        arrival = try container.decodeIfPresent(Arrival.self, forKey: .arrival)
        addedBy = try container.decodeIfPresent(UInt32.self, forKey: .addedBy)
        absentSince = try container.decodeIfPresent(Date.self, forKey: .absentSince)
    }

    /// Remembers that the one deed of a job was done, and forgets it of jobs that are over.
    /// - Parameter open: The model's open jobs.
    public mutating func carryOut(_ job: Int64, open: [Goal]) {
        carriedOut.formIntersection(open.map(\.id))
        carriedOut.insert(job)
    }
}

/// A model's directory on its way from staging to its name.
public struct Arrival: Hashable, Sendable, Codable {
    public var wish: AddWish
    /// The job that it is for.
    public var goal: Int64
    /// Name in the staging directory.
    public var staged: String
    /// Of the directory: by these it is known again, whatever else got its name.
    public var device: UInt64
    public var inode: UInt64

    public init(wish: AddWish, goal: Int64, staged: String, device: UInt64, inode: UInt64) {
        (self.wish, self.goal, self.staged, self.device, self.inode) = (wish, goal, staged, device, inode)
    }
}

/// A gist that was deleted because a person asked for it.
public struct WithdrawnGist: Hashable, Sendable, Codable {
    public var id: GistID
    public var at: Date

    public init(id: GistID, at: Date) { (self.id, self.at) = (id, at) }
}

/// One line of one file that a person allowed to go out although it looks like a secret: this very text and no other.
public struct AllowedSecret: Hashable, Sendable, Codable {
    public var file: String
    /// SHA-256 of the line's bytes without its end; of a private key, of the whole key.
    public var line: SHA256Digest

    public init(file: String, line: SHA256Digest) { (self.file, self.line) = (file, line) }
}
