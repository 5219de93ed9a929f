import FoundationEssentials
import ModelInfo

/// Everything that a decision about one model may depend on, gathered before it is made.
public struct ModelView: Sendable {
    public var id: ModelID
    public var disk: DiskView
    public var memory: ModelMemory
    /// Other models that name the same gist or the same checksum.
    public var claims: Claims
    /// Open jobs of this model, oldest first.
    public var goals: [Goal]
    /// Long work that is under way outside the lane.
    public var inFlight: [RelativePath: BinaryWork]
    public var brake: [BrakeKind: BrakeVerdict]
    /// Bytes that downloads may still take in the zoo; nil where nothing waits for room, or the system does not say.
    public var room: Int64?
    /// The absolute path of the directory, for commands in hints; nil where it is not known.
    public var directory: String?
    /// The model's id as one word of a command for the daemon: its path, or `ZOO:PATH` where several zoos hold that path.
    public var idWord: String

    public init(
        id: ModelID, disk: DiskView, memory: ModelMemory = ModelMemory(), claims: Claims = Claims(), goals: [Goal] = [],
        inFlight: [RelativePath: BinaryWork] = [:], brake: [BrakeKind: BrakeVerdict] = [:], directory: String? = nil,
        shortID: String? = nil
    ) {
        (self.id, self.disk, self.memory, self.claims) = (id, disk, memory, claims)
        (self.goals, self.inFlight, self.brake, self.directory) = (goals, inFlight, brake, directory)
        idWord = ShellWord.of(shortID ?? id.path.description)
    }

    /// The view in which lines that a person allowed to go out hold nothing back: what was decided before, and what open jobs ask for.
    public var allowingSecrets: ModelView {
        guard case .present(var model) = disk, !model.secretLines.isEmpty else { return self }
        let allowed = memory.decisions.allowedSecrets.union(goals.allowedSecrets)
        let places = model.secretLines.filter { allowed.contains(AllowedSecret(file: $0.key.file, line: $0.value)) }
        model.reading = model.reading.allowing(Set(places.keys))
        var view = self
        view.disk = .present(model)
        return view
    }

    /// Whether an operator lets this binary through however large it is.
    public func allowsAnySize(of declared: DeclaredBinary) -> Bool {
        goals.wantAnySize || memory.decisions.sourcesOfAnySize.contains(declared.fetchMark)
    }

    /// Its directory as one word of a command that needs no daemon.
    var directoryWord: String { ShellWord.of(directory ?? "./\(id.path)") }

    /// What takes a binary from disk.
    var importCommand: String { "zooctl import \(idWord) FILE" }

    /// What makes room for a new one where a file belongs to somebody else.
    func movingAway(_ file: RelativePath) -> String {
        let path = "\(directory ?? "./\(id.path)")/\(file)"
        return "its owner or root moves it away: mv -n \(ShellWord.of(path)) \(ShellWord.of(path + ".old"))"
    }
}

/// What one look at the disk found.
public enum DiskView: Sendable {
    /// Truly gone: ENOENT in a directory that was listed without error.
    case absent
    /// The system would not say (no permission, I/O error, stale handle): nothing follows from it.
    case unknown(because: String)
    /// A directory with nothing of a model in it.
    case notAModel
    /// A `.zooignore` names it, or a directory above it.
    case ignored
    case present(PresentModel)
}

/// A model directory as it was when it was read.
public struct PresentModel: Sendable {
    public var reading: ModelReading
    /// Regular files under the names that the info gives to binaries.
    public var binaries: [RelativePath: FileIdentity]
    /// Names that lead to something else than a regular file: a link, a directory.
    public var refusedBinaries: [RelativePath: String]
    /// Those of the binaries that belong to another user than zood's, by uid: read and judged like all others, never replaced.
    public var foreignBinaries: [RelativePath: UInt32] = [:]
    public var edit: EditWay
    /// A uid; nil without a readme.
    public var readmeOwner: UInt32?
    /// Changes whenever a file that could be published changes: what a failed publication was about.
    public var contentMark: String
    /// Files that an interrupted edit left under a hidden name; one of them may hold what a person saved last.
    public var leftovers: [RelativePath: FileIdentity]
    /// Lines of what is published that look like secrets, with the SHA-256 of what a person who allows them has seen.
    public var secretLines: [SecretPlace: SHA256Digest] = [:]
    /// By what the directory is known under another name.
    public var home: DirectoryIdentity?
    /// What of the leftovers is older belongs to no edit under way: this daemon started after it.
    public var abandonedBefore = Date.distantPast

    public init(
        reading: ModelReading, binaries: [RelativePath: FileIdentity] = [:], refusedBinaries: [RelativePath: String] = [:],
        edit: EditWay = .own, contentMark: String = "",
        leftovers: [RelativePath: FileIdentity] = [:]
    ) {
        (self.reading, self.binaries, self.refusedBinaries) = (reading, binaries, refusedBinaries)
        (self.edit, self.contentMark, self.leftovers) = (edit, contentMark, leftovers)
    }
}

/// How zood may change this readme, in the order in which the ways are tried.
public enum EditWay: Equatable, Sendable {
    /// The daemon's own file, or it may give files away (CAP_CHOWN): exchanged atomically.
    case own
    /// Somebody else's, and `files.edit_foreign: in-place` allows writing into it, when quiet from `quietAt` on.
    case inPlace(quietAt: Date)
    /// Somebody else's: only its owner's `zooctl` edits it. `owner` is a uid.
    case ownerOnly(owner: UInt32)
    /// The zoo or the file system is read-only.
    case never
}

/// Who else claims what this model claims.
public struct Claims: Equatable, Sendable {
    /// Other models that name the same gist.
    public var gistID: [ModelID]
    /// The model that had the gist first; nil when that is this one, or none.
    public var gistKeeper: ModelID?
    /// Other models that claim one of this model's checksums for another binary, by the checksum.
    public var sha1: [SHA1Digest: [ModelID]]
    /// Which of them had it first; none where nobody had.
    public var sha1Keepers: [SHA1Digest: ModelID]

    public init(
        gistID: [ModelID] = [], gistKeeper: ModelID? = nil, sha1: [SHA1Digest: [ModelID]] = [:],
        sha1Keepers: [SHA1Digest: ModelID] = [:]
    ) {
        (self.gistID, self.gistKeeper, self.sha1, self.sha1Keepers) = (gistID, gistKeeper, sha1, sha1Keepers)
    }

    /// As `zooctl lint` gives them when it sees all these directories together.
    func diagnostics(for reading: ModelReading) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        if let id = reading.card?.gistID, !gistID.isEmpty {
            diagnostics.append(SharedClaims.gistIDShared(id, with: gistID.map(\.path.description), in: reading))
        }
        for (digest, others) in sha1.sorted(by: { $0.key.description < $1.key.description }) where !others.isEmpty {
            diagnostics.append(SharedClaims.sha1Shared(digest, with: others.map(\.path.description), in: reading))
        }
        return diagnostics
    }
}

/// Long work on one binary.
public struct BinaryWork: Equatable, Sendable {
    public enum Kind: String, Sendable { case queuedFetch, fetching, queuedVerification, verifying }

    public var kind: Kind
    public var doneBytes: Int64
    public var totalBytes: Int64?
    public var bytesPerSecond: Int64
    /// Of a fetch in line: the model, as a word of a command, for which the same bytes are being fetched; it takes them from there.
    public var waitsFor: String?
    /// Why it is read; nil for a fetch.
    public var reason: ReadingReason?

    public init(kind: Kind, doneBytes: Int64 = 0, totalBytes: Int64? = nil, bytesPerSecond: Int64 = 0, reason: ReadingReason? = nil) {
        (self.kind, self.doneBytes, self.totalBytes, self.bytesPerSecond) = (kind, doneBytes, totalBytes, bytesPerSecond)
        self.reason = reason
    }

    /// What a person should know of it; nil for nothing.
    public var note: String? { waitsFor.map { "the same file is being fetched for \($0)" } }
}
