/// What a readme says of the binary that is to have a certain SHA-1.
public struct BinaryClaim: Hashable, Sendable {
    public let sha1: SHA1Digest
    /// The file's name without directories, and the URL; nil when the readme names none.
    let file, url: String?

    /// Nil for a binary without a SHA-1, and for one whose SHA-1 is that of nothing.
    public init?(_ binary: DeclaredBinary) {
        guard let sha1 = binary.sha1, !SHA1Text.isOfNothing(sha1) else { return nil }
        (self.sha1, file, url) = (sha1, binary.file?.name, binary.url)
    }
}

/// Who claims which SHA-1 for which binary. Two directories may well hold one binary: it has the same file name in both, or comes from
/// the same URL. Two binaries that share neither cannot both have the SHA-1: one readme is a copy of the other and kept its digest.
public struct BinaryClaims<Claimant: Hashable & Comparable & Sendable>: Sendable {
    /// By digest, file name and URL: a binary that thousands share is looked up, not searched for.
    private var claimants: [SHA1Digest: [String?: [String?: Set<Claimant>]]] = [:]

    public init() {}

    public mutating func insert(_ claim: BinaryClaim, by claimant: Claimant) {
        claimants[claim.sha1, default: [:]][claim.file, default: [:]][claim.url, default: []].insert(claimant)
    }

    public mutating func remove(_ claim: BinaryClaim, by claimant: Claimant) {
        claimants[claim.sha1]?[claim.file]?[claim.url]?.remove(claimant)
        guard claimants[claim.sha1]?[claim.file]?[claim.url]?.isEmpty == true else { return }
        claimants[claim.sha1]?[claim.file]?[claim.url] = nil
        if claimants[claim.sha1]?[claim.file]?.isEmpty == true { claimants[claim.sha1]?[claim.file] = nil }
        if claimants[claim.sha1]?.isEmpty == true { claimants[claim.sha1] = nil }
    }

    /// Who claims the digest for another binary; sorted. Of many about `limit`, whichever.
    public func rivals(of claim: BinaryClaim, besides claimant: Claimant, limit: Int = .max) -> [Claimant] {
        var rivals: Set<Claimant> = []
        for (file, byURL) in claimants[claim.sha1] ?? [:] where file != claim.file && rivals.count < limit {
            for (url, group) in byURL where (url == nil || url != claim.url) && rivals.count < limit { rivals.formUnion(group) }
        }
        return rivals.subtracting([claimant]).sorted()
    }
}
