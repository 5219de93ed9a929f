import FoundationEssentials

/// What the configuration and the hosts' limits allow, as far as planning one model needs to know. Made anew for each pass.
public struct Policy: Equatable, Sendable {
    public enum Host: String, Sendable { case local, github, none }
    public enum Direction: String, Sendable { case both, publish, pull }

    /// The zoo's `mode: read-only`, or a zoo that is served read-only for another reason.
    public var zooIsReadOnly = false
    public var host: Host = .local
    /// `gists.create: automatic`.
    public var createsGists = false
    /// `gists.new_files: automatic`.
    public var sendsNewFiles = false
    public var direction: Direction = .both
    /// Bytes; what is larger in a gist is no model info (`gists.max_file_size`).
    public var maximumFileSize = 1 << 20
    /// `gists.visibility: public`.
    public var newGistsArePublic = false
    /// Nothing may be asked of the gist host before this time (a rate limit, a login block); nil when it may.
    public var hostClosed: Closure?
    /// Since when the host is asked with these credentials; what was forbidden before may be allowed now.
    public var hostSince: Date?
    /// `binaries.fetch: automatic`.
    public var fetchesBinaries = true
    /// `binaries.allow_unverified`.
    public var fetchesUnverified = false
    /// Seconds within which every byte is read again; nil is `verify.every: off`.
    public var verifyEvery: TimeInterval? = 30 * 86_400
    /// When binaries are read again, `verify.window`; nil: at any time.
    public var readingHours: ReadingHours?
    /// `verify.repair: refetch`.
    public var repairs = true
    /// The clock on the wall of this machine, for times in notes.
    public var zone = ZoneOffsets.gmt
    /// `paused`: look and tell, but start nothing. Until when, or nil when nothing is paused; `.distantFuture` without an end.
    public var pausedUntil: Date?

    public init() {}
}

/// A host that must be left alone for a while, and why.
public struct Closure: Hashable, Sendable, Codable {
    public let until: Date
    public let because: String
    public let hint: String?
    /// Waiting alone will not open it: the token is missing, wrong or refused.
    public let needsPerson: Bool

    public init(until: Date, because: String, hint: String? = nil, needsPerson: Bool = false) {
        (self.until, self.because, self.hint, self.needsPerson) = (until, because, hint, needsPerson)
    }
}
