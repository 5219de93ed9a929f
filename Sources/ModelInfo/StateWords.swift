// The words that status, JSON and scripts share. They are strings on the wire, so none is ever renamed.

/// What reading a model's readme gave.
public enum InfoState: String, Sendable, Codable, CaseIterable { case valid, warnings, invalid }

/// How a model and its gist stand to each other.
public enum GistState: String, Sendable, Codable, CaseIterable {
    case inSync
    /// Settling, or queued.
    case pending
    case publishing, pulling
    /// No gist, and `gists.create` is `manual`.
    case unpublished
    /// Not published; the note says why: invalid, secret found, duplicate id, brake, a published file no longer publishable.
    case held
    case conflict
    /// The gist belongs to someone else: it is only pulled.
    case readOnly
    /// The host answers 404.
    case gone
    case failed, off
}

/// How a binary on disk stands to what the model info says of it.
public enum BinaryState: String, Sendable, Codable, CaseIterable {
    case verified
    /// Present, but the info gives no checksum; the first digest is recorded.
    case unverifiable
    case missing, queued, fetching, verifying
    /// Differs from the checksum, and size, modification time or inode changed since it was last verified.
    case modified
    /// Differs from what this very file had when last verified, although none of these changed.
    case corrupt
    /// Still what it was when verified, but the info now names another checksum.
    case outdated
    /// What the URL serves is not what the info says.
    case mismatch
    /// The URL may not or cannot be fetched; the note says why.
    case blocked
    case failed
    /// No URL.
    case none
}

/// A model at a glance.
public enum ModelState: String, Sendable, Codable, CaseIterable {
    case ok, busy
    /// A person should look.
    case attention
    case failed
}

public enum DaemonState: String, Sendable, Codable, CaseIterable { case starting, running, degraded, paused, stopping }
