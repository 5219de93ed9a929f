import FoundationEssentials
import ModelInfo

/// One thing to do about one model. `zooctl plan` prints these; `Performer` does them.
public enum Action: Equatable, Sendable {
    /// Save an intent (or use the one that is there), then make a gist of these files.
    case createGist(files: [String: String], isPublic: Bool)
    /// Look through the own gists for the one that a POST without an answer may have made.
    case findOwnGist(PublishIntent)
    /// Write `gist_id:` into the readme, one line, the way that its owner allows.
    case writeGistID(GistID, readme: RelativePath)
    /// Send what differs from the base; a nil content takes the file out of the gist.
    case updateGist(GistID, changes: [String: String?])
    /// Ask the host for the newest content and remember it, if it is not the base.
    case readGist(GistID)
    /// The first contact with a gist that this state never synced with this model: find out what both sides held when they were last equal.
    case meetGist(GistID)
    /// Bring what the gist holds together with the files here, file by file.
    case integrate(GistID)
    /// End a conflict as a person decided.
    case resolve(GistID, keep: KeptSide, goal: Int64)
    /// Delete the gist, because a person wants it.
    case deleteGist(GistID, goal: Int64)
    /// Write the files of a kept version, because a person wants them back.
    case restoreVersion(Int64, goal: Int64)
    /// Take the `gist_id` of a gist that is no more out of the readme.
    case removeGistID(GistID, readme: RelativePath)
    /// Remember that a person lets these lines go out although they look like secrets.
    case allowSecrets(Set<AllowedSecret>)
    /// Remember that an operator wants what these sources name however large it is (`DeclaredBinary.fetchMark`).
    case allowAnySize(Set<String>)
    /// Make the model's directory from a gist.
    case addModel(AddWish, goal: Int64)
    /// Find out whether a directory made from a gist got its name before the process ended; if not, take back what was remembered of it.
    case settleArrival(Arrival)
    /// Ask whether so many models at once may do this.
    case askBrake(BrakeKind)
    /// Get the binary, verify it and put it in place.
    case fetch(DeclaredBinary, purpose: FetchPurpose)
    /// Read every byte of the binary.
    case verify(RelativePath, sha1: Bool, because: ReadingReason = .new)
    /// Keep the bytes of a file that an interrupted edit left, then remove it.
    case keepLeftover(RelativePath)
    /// Nothing to do before this time.
    case sleep(until: Date)
}

extension Action {
    /// Whether it is a step on the way of a gist's content to here.
    var bringsGist: Bool {
        switch self {
        case .readGist, .integrate: true
        default: false
        }
    }

    /// Whether it is ``verify(_:sha1:because:)``.
    public var isReading: Bool { if case .verify = self { true } else { false } }
}

public enum FetchPurpose: String, Sendable, Codable {
    /// It is not there.
    case missing
    /// Replace what rotted; the bad one goes to the trash.
    case repair
    /// The info names another checksum now; the old one goes to the trash once the new one is verified.
    case replaceOutdated
}

/// What the brake counts within one pass over the zoo.
public enum BrakeKind: String, Sendable, Codable, CaseIterable {
    /// A published file is truly absent and would be taken out of the gist.
    case losesRemoteFile
    /// `gists.create: automatic` would publish a model for the first time.
    case firstPublication
}

/// What the brake said to this model.
public enum BrakeVerdict: Equatable, Sendable {
    case notAsked, waiting, granted
    /// So many models wanted the same within one pass.
    case held(models: Int)
}
