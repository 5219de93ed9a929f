import FoundationEssentials
import ModelInfo

/// The whole zoo at a glance: what `GET /v1/status` answers and `zooctl status --json` prints.
///
/// With `?view=table` it is the same document made short: `diagnostics` are empty, `url`, `sha1` and `sha256` are null.
public struct StatusReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.status/1"
    public var daemon: DaemonStatus
    public var summary: StatusSummary
    /// Sorted by id.
    public var models: [ModelStatus]
    public var verification: VerificationStatus
    /// What is wrong with the daemon or the machine, and not with one model; the most severe first.
    public var health: [HealthItem]
    /// The bandwidth of downloads; nil from a zood that does not say.
    public var limit: LimitStatus?

    public init(
        daemon: DaemonStatus, summary: StatusSummary, models: [ModelStatus], verification: VerificationStatus, health: [HealthItem],
        limit: LimitStatus? = nil
    ) {
        (self.daemon, self.summary, self.models) = (daemon, summary, models)
        (self.verification, self.health, self.limit) = (verification, health, limit)
    }
}

/// The zood process that answers.
public struct DaemonStatus: Codable, Hashable, Sendable {
    public var version: String
    public var pid: Int32
    public var startedAt: Date
    public var state: DaemonState
    /// Path of the configuration file in force; nil when there is none and the defaults hold.
    public var configuration: String?

    public init(version: String, pid: Int32, startedAt: Date, state: DaemonState, configuration: String?) {
        (self.version, self.pid, self.startedAt) = (version, pid, startedAt)
        (self.state, self.configuration) = (state, configuration)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(version, forKey: .version)
        try container.encode(pid, forKey: .pid)
        try container.encode(startedAt, forKey: .startedAt)
        try container.encode(state, forKey: .state)
        try container.encode(configuration, forKey: .configuration)
    }
}

/// How many models are in each state. `models` is the sum of the others.
public struct StatusSummary: Codable, Hashable, Sendable {
    public var models: Int
    public var ok: Int
    public var busy: Int
    public var attention: Int
    public var failed: Int

    public init(models: Int, ok: Int, busy: Int, attention: Int, failed: Int) {
        (self.models, self.ok, self.busy, self.attention, self.failed) = (models, ok, busy, attention, failed)
    }

    /// Counts them.
    public init(_ models: [ModelStatus]) {
        func count(_ state: ModelState) -> Int { models.count { $0.state == state } }
        self.init(
            models: models.count, ok: count(.ok), busy: count(.busy), attention: count(.attention), failed: count(.failed))
    }
}

/// How far the stored binaries have been read again.
public struct VerificationStatus: Codable, Hashable, Sendable {
    /// Part of all bytes that were verified within `verify.every`, 0...1; nil while there is nothing to verify.
    public var coverage: Double?
    /// Nil while nothing was verified yet.
    public var oldestVerifiedAt: Date?
    /// Binaries that were not read within `verify.every`, those among them that could not be read.
    public var overdue: Int
    /// Bytes of those.
    public var overdueBytes: Int64
    /// Bytes of all binaries that are present.
    public var bytes: Int64
    /// `verify.every` in seconds; nil when nothing is read again by itself.
    public var everySeconds: Double?
    /// When the next one is read again by itself; nil when none is.
    public var nextVerifyAt: Date?
    /// Binaries that were never read as they are now: just come, waiting for their turn, or such as cannot be read. Nil from a zood that
    /// does not say.
    public var neverRead: Int?

    public init(
        coverage: Double?, oldestVerifiedAt: Date?, overdue: Int, bytes: Int64, overdueBytes: Int64 = 0, everySeconds: Double? = nil,
        nextVerifyAt: Date? = nil, neverRead: Int = 0
    ) {
        self.neverRead = neverRead
        (self.coverage, self.oldestVerifiedAt, self.overdue, self.bytes) = (coverage, oldestVerifiedAt, overdue, bytes)
        (self.overdueBytes, self.everySeconds, self.nextVerifyAt) = (overdueBytes, everySeconds, nextVerifyAt)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(coverage, forKey: .coverage)
        try container.encode(oldestVerifiedAt, forKey: .oldestVerifiedAt)
        try container.encode(overdue, forKey: .overdue)
        try container.encode(overdueBytes, forKey: .overdueBytes)
        try container.encode(bytes, forKey: .bytes)
        try container.encode(everySeconds, forKey: .everySeconds)
        try container.encode(nextVerifyAt, forKey: .nextVerifyAt)
        try container.encode(neverRead, forKey: .neverRead)
    }
}

/// One thing that is wrong with the daemon or its machine, said to a person.
public struct HealthItem: Codable, Hashable, Sendable {
    /// A stable word in kebab-case; `docs/troubleshooting.md` explains each.
    public var code: String
    public var severity: Diagnostic.Severity
    /// A few words, without a full stop.
    public var title: String
    /// What was found, with its names and numbers.
    public var text: String
    /// The command or the edit that helps; nil when there is none.
    public var hint: String?

    public init(code: String, severity: Diagnostic.Severity, title: String, text: String, hint: String?) {
        (self.code, self.severity, self.title, self.text, self.hint) = (code, severity, title, text, hint)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(code, forKey: .code)
        try container.encode(severity, forKey: .severity)
        try container.encode(title, forKey: .title)
        try container.encode(text, forKey: .text)
        try container.encode(hint, forKey: .hint)
    }
}
