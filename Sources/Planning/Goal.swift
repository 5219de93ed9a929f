import FoundationEssentials
import ModelInfo

/// What somebody asked for and waits for: a job. It permits what policy leaves to people, and ends when the model has got there.
public struct Goal: Hashable, Sendable {
    public enum Kind: Hashable, Sendable, Codable {
        /// Look again now.
        case sync
        /// First publication, or the new files of a published model.
        case publish(PublishWish)
        case fetch
        /// Get the binaries also where they are larger than `binaries.max_size`.
        case forcedFetch
        case verify
        /// Replace what rotted, whatever `verify.repair` says.
        case repair
        /// Ask the gist's host now.
        case pull
        /// End a conflict.
        case resolve(KeptSide)
        /// Delete the gist.
        case unpublish
        /// Write the files of a kept version, and send them as a new revision.
        case rollback(version: Int64)
        /// Make the model's directory from a gist, then get its binaries.
        case add(AddWish)

        /// Whether asking for it means "try again now" for what failed so. Verifying retries what could not be read, and asks no other
        /// machine again.
        func retries(_ trouble: Trouble.Kind) -> Bool { self != .verify || trouble == .local }

        /// Whether it waits for a transfer or a reading, which ends with the last that waits for it.
        public var isLongWork: Bool { wantsBinaries || self == .verify || self == .repair }

        /// Whether missing binaries are got for it, also those that nobody gets by himself.
        var wantsBinaries: Bool { self == .fetch || self == .forcedFetch || addWish != nil }

        /// Whether somebody asked for a transfer by that name: then one goes on that a person had stopped.
        var namesTransfer: Bool { self == .fetch || self == .forcedFetch || self == .repair }

        /// Whether it only lets go what the brake held.
        var onlyLetsGo: Bool { if case .publish(let wish) = self { wish.onlyLetsGo } else { false } }

        /// Nil when it is another kind.
        public var addWish: AddWish? { if case .add(let wish) = self { wish } else { nil } }
    }

    /// The job's number.
    public let id: Int64

    /// What a failure to carry it out is about.
    public var mark: String { "job \(id)" }

    public let kind: Kind
    public let requestedAt: Date

    public init(id: Int64, kind: Kind, requestedAt: Date) {
        (self.id, self.kind, self.requestedAt) = (id, kind, requestedAt)
    }
}

/// The choices of one `zooctl publish`.
public struct PublishWish: Hashable, Sendable, Codable {
    /// Nil: as `gists.visibility` says. Only for a new gist: no host changes it later.
    public var isPublic: Bool?
    /// Publish a local copy of a model whose readme names a gist on GitHub, and write the local id over that one.
    public var replacesID: Bool
    /// Lines that look like secrets and may go out, by what stood there when it was asked.
    public var allowedSecrets: Set<AllowedSecret>
    /// What the brake held goes; whatever else waits for a person is not meant.
    public var onlyLetsGo: Bool

    public init(
        isPublic: Bool? = nil, replacesID: Bool = false, allowedSecrets: Set<AllowedSecret> = [], onlyLetsGo: Bool = false
    ) {
        (self.isPublic, self.replacesID, self.allowedSecrets) = (isPublic, replacesID, allowedSecrets)
        self.onlyLetsGo = onlyLetsGo
    }

    /// Jobs that were stored before there was a choice have none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        isPublic = try container.decodeIfPresent(Bool.self, forKey: .isPublic)
        replacesID = try container.decodeIfPresent(Bool.self, forKey: .replacesID) ?? false
        allowedSecrets = try container.decodeIfPresent(Set<AllowedSecret>.self, forKey: .allowedSecrets) ?? []
        onlyLetsGo = try container.decodeIfPresent(Bool.self, forKey: .onlyLetsGo) ?? false
    }
}

/// The choices of one `zooctl add`.
public struct AddWish: Hashable, Sendable, Codable {
    public var gist: GistID
    /// Who asked: a uid.
    public var by: UInt32

    public init(gist: GistID, by: UInt32) { (self.gist, self.by) = (gist, by) }

    /// What a failure to add it is about.
    public var mark: String { "add \(gist)" }
}

/// Whose text stays where both sides changed a file.
public enum KeptSide: String, Hashable, Sendable, Codable, CaseIterable {
    /// What lies here.
    case local
    /// What the gist holds.
    case remote
    /// The changes of both; where both changed the same lines, the lines that lie here.
    case merged
}

extension Array where Element == Goal {
    private var publishWishes: [PublishWish] { compactMap { if case .publish(let wish) = $0.kind { wish } else { nil } } }

    /// The newest wish to publish.
    var publishWish: PublishWish? { publishWishes.last { !$0.onlyLetsGo } }

    /// Whether somebody let go what the brake held.
    var letGo: Bool { publishWishes.contains(where: \.onlyLetsGo) }

    /// What the open wishes to publish allow to go out.
    var allowedSecrets: Set<AllowedSecret> {
        publishWishes.reduce(into: []) { $0.formUnion($1.allowedSecrets) }
    }

    /// When the newest wish to have the binaries was made.
    var fetchAskedAt: Date? { filter(\.kind.wantsBinaries).map(\.requestedAt).max() }

    /// When somebody last asked for a transfer, for whatever reason.
    public var transferAskedAt: Date? { filter { $0.kind.wantsBinaries || $0.kind.namesTransfer }.map(\.requestedAt).max() }

    var wantFetch: Bool { contains(where: \.kind.wantsBinaries) }

    var wantRepair: Bool { contains { $0.kind == .repair } }

    /// Whether somebody wants the binaries however large they are.
    var wantAnySize: Bool { contains { $0.kind == .forcedFetch } }

    /// When the newest wish to ask the gist's host was made.
    var pullAskedAt: Date? { filter { $0.kind == .pull }.map(\.requestedAt).max() }

    /// The oldest one-shot wish that was not carried out yet.
    func pending(_ decisions: Decisions, _ isWanted: (Goal.Kind) -> Bool) -> Goal? {
        first { !decisions.carriedOut.contains($0.id) && isWanted($0.kind) }
    }

    /// The oldest wish for a kept version that was not carried out yet.
    func pendingRollback(_ decisions: Decisions) -> (version: Int64, goal: Goal)? {
        pending(decisions) { if case .rollback = $0 { true } else { false } }
            .flatMap { goal in if case .rollback(let version) = goal.kind { (version, goal) } else { nil } }
    }

    /// The newest wish to verify, by its number: numbers grow, whatever the clock does. 0 when there is none.
    var verification: Int64 { filter { $0.kind == .verify }.map(\.id).max() ?? 0 }

    /// When that was made.
    var verificationAskedAt: Date? { filter { $0.kind == .verify }.map(\.requestedAt).max() }

    /// Whether a person waits for what depends on a file's being read.
    var awaitBinaries: Bool { contains(where: \.kind.isLongWork) }
}
