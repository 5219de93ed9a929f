import FoundationEssentials
import ModelInfo

/// The gist of a model, and what was last sent to it or read from it.
public struct GistMemory: Equatable, Sendable {
    public var id: GistID
    public var url: String
    /// Commit of the last synced content; nil when the host did not say.
    public var revision: String?
    public var publishedAt: Date
    /// The last synced base, by name: what both sides held when they were last equal. Only files that are model info: whatever else the
    /// gist holds is neither read nor touched.
    public var files: [String: String]
    /// Every name ever sent from this model or taken from its gist: others are new names, which wait.
    public var everPublished: Set<String>
    /// What the gist holds, or will, that is not the base and yet our own writing: an update whose answer was lost, or one that went over
    /// a revision which nobody here had seen.
    public var sending: [String: String]?
    /// The revision that ``sending`` was to replace, as long as it is not known whether it did; nil once it is known to stand there.
    public var sendingOver: String?
    /// Login of the owner; nil for the local host, which has only its own, and for gists without one.
    public var owner: String?
    /// Whether everybody finds it; nil where it was not read since that is remembered.
    public var isPublic: Bool?
    /// Whether the credentials of this daemon may write to it; the gists of others are only read.
    public var isOwn: Bool
    /// Whether ``files`` is what both sides held. False after the first contact with a gist none of whose revisions is what lies here.
    public var hasBase: Bool
    /// Time that the host gives for the newest revision known of.
    public var updatedAt: Date?
    /// Whether the gist was made by this daemon, names itself in its readme, or was written to because a person wanted it: only such a
    /// one is written to by itself.
    public var isProven = true
    /// When the host was last asked for the contents.
    public var readAt: Date?
    /// A listing told at this time that the gist is not what was last read: nil when nothing is known of a change.
    public var noticedAt: Date?
    /// The newest content read, when it is not the base: what is to be brought together with the files here.
    public var remote: RemoteContent?

    public init(
        id: GistID, url: String, revision: String?, publishedAt: Date, files: [String: String], everPublished: Set<String>,
        sending: [String: String]? = nil, owner: String? = nil, isOwn: Bool = true, hasBase: Bool = true
    ) {
        (self.id, self.url, self.revision, self.publishedAt) = (id, url, revision, publishedAt)
        (self.files, self.everPublished, self.sending) = (files, everPublished, sending)
        (self.owner, self.isOwn, self.hasBase) = (owner, isOwn, hasBase)
    }

    /// Contents are compared by bytes.
    public static func == (one: GistMemory, other: GistMemory) -> Bool {
        one.withoutTexts == other.withoutTexts && one.files.hasSameBytes(as: other.files)
            && one.sending.hasSameBytes(as: other.sending) && (one.remote?.files).hasSameBytes(as: other.remote?.files)
    }

    private var withoutTexts: Facts {
        Facts(
            texts: [id.description, url, revision, sendingOver, owner, remote?.revision],
            times: [publishedAt, updatedAt, readAt, noticedAt],
            everPublished: everPublished, isPublic: isPublic, isOwn: isOwn, hasBase: hasBase, isProven: isProven)
    }

    private struct Facts: Equatable {
        var texts: [String?]
        var times: [Date?]
        var everPublished: Set<String>
        var isPublic: Bool?
        var isOwn: Bool
        var hasBase: Bool
        var isProven: Bool
    }
}

/// The model info that a gist holds at one revision.
public struct RemoteContent: Sendable, Codable {
    /// Commit; nil when the host did not say.
    public var revision: String?
    /// Text by name, of those files that are model info.
    public var files: [String: String]

    public init(revision: String?, files: [String: String]) { (self.revision, self.files) = (revision, files) }
}
