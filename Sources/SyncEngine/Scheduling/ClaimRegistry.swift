import ModelInfo
import Planning

/// Which model directories name which gist and which checksum, as last seen on disk: copied readmes keep the old ids.
public actor ClaimRegistry {
    private struct Claim: Equatable {
        var gist: GistID?
        var binaries: [BinaryClaim] = []
    }

    private var claims: [ModelID: Claim] = [:]
    private var claimants: [GistID: Set<ModelID>] = [:]
    private var binaryClaimants = BinaryClaims<ModelID>()

    public init() {}

    /// Records what a model names now.
    /// - Returns: Other models whose situation this changes.
    public func claim(_ gist: GistID?, _ binaries: [BinaryClaim] = [], by model: ModelID) -> Set<ModelID> {
        let (before, now) = (claims[model] ?? Claim(), Claim(gist: gist, binaries: binaries))
        guard before != now else { return [] }
        claims[model] = now == Claim() ? nil : now
        var affected: Set<ModelID> = []
        if before.gist != gist {
            if let old = before.gist {
                claimants[old]?.remove(model)
                affected.formUnion(claimants[old] ?? [])
                if claimants[old]?.isEmpty == true { claimants[old] = nil }
            }
            if let gist {
                affected.formUnion(claimants[gist] ?? [])
                claimants[gist, default: []].insert(model)
            }
        }
        for old in before.binaries where !binaries.contains(old) {
            binaryClaimants.remove(old, by: model)
            affected.formUnion(binaryClaimants.rivals(of: old, besides: model))
        }
        for new in binaries where !before.binaries.contains(new) {
            affected.formUnion(binaryClaimants.rivals(of: new, besides: model))
            binaryClaimants.insert(new, by: model)
        }
        return affected
    }

    /// Other models that name the same gist, sorted.
    public func others(claiming gist: GistID, besides model: ModelID) -> [ModelID] {
        (claimants[gist] ?? []).subtracting([model]).sorted()
    }

    /// Other models that claim the checksum for another binary, sorted.
    public func rivals(of claim: BinaryClaim, besides model: ModelID) -> [ModelID] {
        binaryClaimants.rivals(of: claim, besides: model, limit: 1000)
    }
}
