import FoundationEssentials
import ModelInfo

/// What the state remembers of one model: nothing that the disk or the gist could tell, and everything that they could not.
public struct ModelMemory: Equatable, Sendable {
    public var gist: GistMemory?
    /// Saved before the POST and kept until the gist it made is known.
    public var intent: PublishIntent?
    public var gistTrouble: Trouble?
    /// Why the last edit of the readme did not happen.
    public var editTrouble: Trouble?
    public var binaries: [RelativePath: BinaryMemory]
    /// What people decided about it.
    public var decisions: Decisions
    /// The directory that the gist, or the intent to make one, is of: until its readme names the gist, or where nobody may write that
    /// there, a renamed one is known by it. Nil without a gist and an intent.
    public var home: DirectoryIdentity?

    public init(
        gist: GistMemory? = nil, intent: PublishIntent? = nil, gistTrouble: Trouble? = nil, editTrouble: Trouble? = nil,
        binaries: [RelativePath: BinaryMemory] = [:], decisions: Decisions = Decisions()
    ) {
        (self.gist, self.intent, self.gistTrouble, self.editTrouble) = (gist, intent, gistTrouble, editTrouble)
        (self.binaries, self.decisions) = (binaries, decisions)
    }
}

extension ModelMemory {
    /// Whether something is remembered that matters after the directory is gone: failures alone do not.
    public var isWorthKeeping: Bool {
        gist != nil || intent != nil || decisions != Decisions() || binaries.values.contains { $0.hashed != nil || $0.good != nil }
    }

    /// Whether a file of this model was seen to have the digest: then the claim is no copy's, whoever else makes it.
    public func hasVerified(_ sha1: SHA1Digest) -> Bool { binaries.values.contains { $0.good?.sha1 == sha1 } }

    /// Whether this model had the digest on record before a newcomer claimed it: verified, or published with it.
    public func hasRecorded(_ sha1: SHA1Digest) -> Bool {
        hasVerified(sha1) || gist?.files.values.contains { $0.lowercased().contains(sha1.description) } ?? false
    }

    /// Whether a fetch of this model waits until there is room for it.
    public var awaitsRoom: Bool { binaries.values.contains { $0.trouble?.neededRoom != nil } }

    /// What of this model waits for room on a disk, in words; nil when nothing does.
    public var shortage: String? {
        if let trouble = [gistTrouble, editTrouble].lazy.compactMap({ $0 }).first(where: { $0.kind == .space }) { return trouble.message }
        return binaries.lazy.filter { $0.value.trouble?.kind == .space }.min { $0.key < $1.key }?.value.trouble?.message
    }
}

/// "I am about to make a gist": the one thing that keeps a model from ever getting two.
public struct PublishIntent: Hashable, Sendable, Codable {
    /// 12 hexadecimal digits; the gist's description ends in ` [zood:TOKEN]` for good.
    public var token: String
    /// What was asked for, so that a second POST asks for the same.
    public var isPublic: Bool
    /// When a POST may have reached the host without an answer that we know of; nil when surely none is under way.
    public var sentAt: Date?
    /// Complete searches of the own gists since `sentAt` that did not find it.
    public var fruitlessSearches: Int

    public init(token: String, isPublic: Bool = false, sentAt: Date?, fruitlessSearches: Int = 0) {
        (self.token, self.isPublic, self.sentAt, self.fruitlessSearches) = (token, isPublic, sentAt, fruitlessSearches)
    }

    /// Whether a second request follows when the next search is without it too, on GitHub.
    public var isLastSearch: Bool { fruitlessSearches + 1 >= Self.searchDelays(at: .github).count }

    /// What the description of the gist ends in.
    public var mark: String { "[zood:\(token)]" }

    /// Seconds after `sentAt` at which the own gists are searched; a second request to make one comes only after all were without it.
    /// GitHub may list a new gist minutes late. Repositories of our own are listed as they are, so one search there tells.
    static func searchDelays(at host: Policy.Host) -> [TimeInterval] { host == .github ? [0, 10, 60, 300] : [0] }
}

/// What is known of one binary from reading or fetching it.
public struct BinaryMemory: Hashable, Sendable {
    /// The newest complete reading of the file, whatever it showed.
    public var hashed: HashedFile?
    /// The newest reading whose digest fitted the info of that time: what `corrupt` and `modified` are judged against.
    public var good: HashedFile?
    public var trouble: Trouble?
    /// The newest job that wanted the file read and whose reading has ended, well or not; 0 for none. By number, since a clock may be set
    /// back between the wish and the reading.
    public var answered: Int64

    public init(hashed: HashedFile? = nil, good: HashedFile? = nil, trouble: Trouble? = nil, answered: Int64 = 0) {
        (self.hashed, self.good, self.trouble, self.answered) = (hashed, good, trouble, answered)
    }
}

/// Digests of a file together with the inode that they were computed from, through one descriptor. `at` is when the reading began.
public struct HashedFile: Hashable, Sendable, Codable {
    public var identity: FileIdentity
    /// Nil when only the SHA-256 was computed.
    public var sha1: SHA1Digest?
    public var sha256: SHA256Digest
    public var at: Date

    public init(identity: FileIdentity, sha1: SHA1Digest?, sha256: SHA256Digest, at: Date) {
        (self.identity, self.sha1, self.sha256, self.at) = (identity, sha1, sha256, at)
    }
}

extension BinaryMemory {
    /// Remembers one complete reading. It becomes the good one when it fits what the info says, or when it is the first of a binary
    /// without a checksum.
    /// - Parameter goal: The newest job that it answers; 0 for none.
    public mutating func wasRead(_ reading: HashedFile, declared: DeclaredBinary, answering goal: Int64 = 0) {
        var reading = reading
        answered = max(answered, goal)
        // The SHA-1 of bytes with a known SHA-256 is known too.
        for known in [good, hashed].compactMap({ $0 }) where known.sha256 == reading.sha256 { reading.sha1 = reading.sha1 ?? known.sha1 }
        hashed = reading
        if trouble?.kind == .local { trouble = nil }
        if fits(reading, declared) { good = reading }
    }

    /// A person puts a file there that zood had moved away: what was read so far says nothing of it. And it is not the good file, whose
    /// inode has this number again at most by chance, so that other bytes in it are never called rot.
    public mutating func wasPutBack() {
        hashed = nil
        good?.identity = .none
    }

    /// Whether bytes with these digests are what the info names: a SHA-1 that was once recorded passes only with the same SHA-256.
    public func accepts(_ reading: HashedFile, _ declared: DeclaredBinary) -> Bool { fits(reading, declared) }

    /// What the newest reading showed: `verified` or `unverifiable` (there is no checksum, and it is as first recorded), `outdated`,
    /// `corrupt` or `modified`; nil before the first.
    public func shown(by declared: DeclaredBinary) -> BinaryState? {
        guard let hashed else { return nil }
        if fits(hashed, declared) { return declared.sha1 == nil && declared.sha256 == nil ? .unverifiable : .verified }
        guard let good else { return .modified }
        if good.sha256 == hashed.sha256 { return .outdated }
        return hashed.identity.isUntouched(since: good.identity) ? .corrupt : .modified
    }

    private func fits(_ reading: HashedFile, _ declared: DeclaredBinary) -> Bool {
        if let expected = declared.sha256, expected != reading.sha256 { return false }
        if let expected = declared.sha1 {
            // What was once recorded for this SHA-1 is the only thing that passes for it.
            if let good, good.sha1 == expected { return good.sha256 == reading.sha256 }
            return reading.sha1 == expected
        }
        return declared.sha256 != nil || good == nil || good?.sha256 == reading.sha256
    }
}
