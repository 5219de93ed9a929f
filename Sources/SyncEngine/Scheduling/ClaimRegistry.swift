import ModelInfo
import Planning

/// Which model directories name which gist and which checksum, as last seen on disk: copied readmes keep the old ids.
public actor ClaimRegistry {
    private var gistIDs: [ModelID: GistID] = [:]
    private var claimants: [GistID: Set<ModelID>] = [:]

    public init() {}

    /// Records what a model names now.
    /// - Returns: Other models whose situation this changes.
    public func claim(_ gist: GistID?, by model: ModelID) -> Set<ModelID> {
        let before = gistIDs[model]
        guard before != gist else { return [] }
        var affected: Set<ModelID> = []
        if let before {
            claimants[before]?.remove(model)
            affected.formUnion(claimants[before] ?? [])
            if claimants[before]?.isEmpty == true { claimants[before] = nil }
        }
        gistIDs[model] = gist
        if let gist {
            affected.formUnion(claimants[gist] ?? [])
            claimants[gist, default: []].insert(model)
        }
        return affected
    }

    /// Other models that name the same gist, sorted.
    public func others(claiming gist: GistID, besides model: ModelID) -> [ModelID] {
        (claimants[gist] ?? []).subtracting([model]).sorted()
    }
}
