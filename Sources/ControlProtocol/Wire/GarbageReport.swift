import FoundationEssentials

/// Body of `POST /v1/gc`. An absent key is false.
public struct GarbageRequest: Codable, Hashable, Sendable {
    /// Answer what would be removed, and remove nothing.
    public var dryRun: Bool
    /// Also old binaries whose readme names another checksum by now.
    public var outdated: Bool

    public init(dryRun: Bool = false, outdated: Bool = false) { (self.dryRun, self.outdated) = (dryRun, outdated) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        dryRun = try container.decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
        outdated = try container.decodeIfPresent(Bool.self, forKey: .outdated) ?? false
    }
}

/// What `POST /v1/gc` answers: what may go, and why; after a dry run all of it is still there.
public struct GarbageReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.gc/1"
    public var dryRun: Bool
    /// By kind, then the oldest first.
    public var items: [GarbageItem]

    public init(dryRun: Bool, items: [GarbageItem]) { (self.dryRun, self.items) = (dryRun, items) }

    /// Of what was removed, or would be.
    public var byteCount: Int64 { items.filter { $0.problem == nil }.reduce(0) { $0 + $1.byteCount } }
    /// Whether something could not be removed.
    public var hasProblem: Bool { items.contains { $0.problem != nil } }
}

/// One thing that may go.
public struct GarbageItem: Codable, Hashable, Sendable {
    /// A stable word; `docs/control-api.md` explains each: `trash`, `download`, `versions`.
    public var kind: String
    /// Nil when it is not known whose it was.
    public var model: String?
    /// The file that it was, below the model's directory; for versions, how many.
    public var name: String
    /// A stable word; `docs/control-api.md` explains each.
    public var reason: String
    public var byteCount: Int64
    /// When it was moved away, last written to, or kept.
    public var since: Date
    /// Why it is still there; nil when it was removed, and in a dry run.
    public var problem: String?

    public init(kind: String, model: String?, name: String, reason: String, byteCount: Int64, since: Date, problem: String? = nil) {
        (self.kind, self.model, self.name, self.reason) = (kind, model, name, reason)
        (self.byteCount, self.since, self.problem) = (byteCount, since, problem)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(model, forKey: .model)
        try container.encode(name, forKey: .name)
        try container.encode(reason, forKey: .reason)
        try container.encode(byteCount, forKey: .byteCount)
        try container.encode(since, forKey: .since)
        try container.encode(problem, forKey: .problem)
    }
}
