import FoundationEssentials
import ModelInfo

/// Everything about one model: what `GET /v1/models/{id}` answers and `zooctl show --json` prints.
public struct ModelReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.model/1"
    public var model: ModelStatus
    /// What the gist holds or would hold.
    public var published: [PublishedFile]
    /// What lies beside it and is not published, and why.
    public var skipped: [SkippedFile]
    /// What the prototxts of the directory describe: nets and solvers. One that does not parse has a diagnostic instead.
    public var prototxts: [PrototxtSummary]
    /// Revisions of the gist as far as they are known, the newest first.
    public var revisions: [GistRevision]
    /// What happened to this model, the newest first; not all of it when it is long.
    public var history: [EventRecord]
    /// What would be done next and when, and what is left to people.
    public var plan: ModelPlan

    public init(
        model: ModelStatus, published: [PublishedFile], skipped: [SkippedFile], prototxts: [PrototxtSummary] = [],
        revisions: [GistRevision], history: [EventRecord], plan: ModelPlan
    ) {
        (self.model, self.published, self.skipped, self.prototxts) = (model, published, skipped, prototxts)
        (self.revisions, self.history, self.plan) = (revisions, history, plan)
    }
}

/// A text file of the model directory that goes to the gist.
public struct PublishedFile: Codable, Hashable, Sendable {
    public var name: String
    public var byteCount: Int

    public init(name: String, byteCount: Int) {
        (self.name, self.byteCount) = (name, byteCount)
    }
}

/// One revision of a gist.
public struct GistRevision: Codable, Hashable, Sendable {
    /// The commit: 40 hex digits.
    public var revision: String
    public var time: Date

    public init(revision: String, time: Date) {
        (self.revision, self.time) = (revision, time)
    }
}
