import FoundationEssentials
import ModelInfo

/// Files of one model as they were together at one time: kept before zood writes over them, and when they travel.
public struct InfoVersion: Equatable, Sendable {
    /// Counts all versions of this state, from 1.
    public var number: Int64
    public var model: ModelID
    public var at: Date
    public var reason: VersionReason
    /// The gist's revision that holds or held them, 40 hexadecimal digits; nil where none is known.
    public var gistRevision: String?
    /// Bytes by file name; a version names the files that it is about, not everything in the directory.
    public var files: [String: [UInt8]]
}

/// A version without its bytes.
public struct VersionRecord: Equatable, Sendable {
    /// A file's bytes by their digest.
    public struct File: Equatable, Sendable {
        public var sha256: SHA256Digest
        public var byteCount: Int
    }

    public var number: Int64
    public var model: ModelID
    public var at: Date
    public var reason: VersionReason
    /// As in ``InfoVersion``.
    public var gistRevision: String?
    /// By file name.
    public var files: [String: File]
}
