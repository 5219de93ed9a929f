import FoundationEssentials

/// What a job does.
public enum JobKind: String, Codable, Hashable, Sendable, CaseIterable {
    case sync, publish, fetch, verify, repair, pull, unpublish, resolve, rollback, add
    /// A binary is taken from disk.
    case `import`
}

/// Where a job stands. The last three are final.
public enum JobState: String, Codable, Hashable, Sendable, CaseIterable {
    case queued, running, done, failed, cancelled

    /// Nothing more will happen to it.
    public var isFinal: Bool { self != .queued && self != .running }
}

/// Work that takes time: what `GET /v1/jobs/{id}` answers.
public struct JobReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.job/1"
    public var id: String
    public var kind: JobKind
    /// Nil when it concerns the whole zoo.
    public var model: String?
    public var state: JobState
    public var createdAt: Date
    /// Nil until the state is final.
    public var finishedAt: Date?
    /// Nil unless bytes are moving or being read; of several files their sum.
    public var progress: TransferProgress?
    /// How many files `progress` is the sum of; absent for one.
    public var fileCount: Int?
    /// Why it failed; nil in every other state.
    public var error: ControlError?
    /// What is going on, or what came of it, in a few words.
    public var note: String?
    /// Who asked for it; nil when the daemon did so by itself.
    public var requestedBy: Requester?
    /// Whether the peer that asks may cancel it now.
    public var mayCancel: Bool

    public init(
        id: String, kind: JobKind, model: String?, state: JobState, createdAt: Date, finishedAt: Date? = nil,
        progress: TransferProgress? = nil, error: ControlError? = nil, note: String? = nil, requestedBy: Requester? = nil,
        mayCancel: Bool = false, fileCount: Int? = nil
    ) {
        (self.id, self.kind, self.model, self.state) = (id, kind, model, state)
        (self.createdAt, self.finishedAt, self.progress) = (createdAt, finishedAt, progress)
        self.fileCount = fileCount
        (self.error, self.note, self.requestedBy, self.mayCancel) = (error, note, requestedBy, mayCancel)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(id, forKey: .id)
        try container.encode(kind, forKey: .kind)
        try container.encode(model, forKey: .model)
        try container.encode(state, forKey: .state)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(finishedAt, forKey: .finishedAt)
        try container.encode(progress, forKey: .progress)
        try container.encodeIfPresent(fileCount, forKey: .fileCount)
        try container.encode(error, forKey: .error)
        try container.encode(note, forKey: .note)
        try container.encode(requestedBy, forKey: .requestedBy)
        try container.encode(mayCancel, forKey: .mayCancel)
    }
}

/// The local user who asked, as the kernel told it.
public struct Requester: Codable, Hashable, Sendable {
    public var uid: UInt32
    /// Nil when the uid has no name.
    public var user: String?

    public init(uid: UInt32, user: String?) {
        (self.uid, self.user) = (uid, user)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(uid, forKey: .uid)
        try container.encode(user, forKey: .user)
    }
}

/// What `GET /v1/jobs` answers: the jobs that are not done, then those done lately.
public struct JobList: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.jobs/1"
    /// The newest first.
    public var jobs: [JobReport]

    public init(jobs: [JobReport]) {
        self.jobs = jobs
    }
}

/// What a request that starts work is answered with, status 202. The `Location` header holds `/v1/jobs/ID`.
public struct AcceptedJob: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.accepted/1"
    /// The job's id.
    public var job: String
    /// Nil when it concerns the whole zoo.
    public var model: String?

    public init(job: String, model: String?) {
        (self.job, self.model) = (job, model)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(job, forKey: .job)
        try container.encode(model, forKey: .model)
    }
}
