/// What can have happened. The raw values are stable words: scripts match them, and `docs/control-api.md` explains each.
public enum EventKind: String, CaseIterable, Sendable {
    case gistCreated = "gist-created"
    case gistAdopted = "gist-adopted"
    case gistUpdated = "gist-updated"
    case gistMet = "gist-met"
    case gistChanged = "gist-changed"
    case gistPulled = "gist-pulled"
    case gistConflict = "gist-conflict"
    case gistResolved = "gist-resolved"
    case gistDeleted = "gist-deleted"
    case readmeEdited = "readme-edited"
    case binaryFetching = "binary-fetching"
    case binaryFetched = "binary-fetched"
    case binaryRepaired = "binary-repaired"
    case binaryMismatch = "binary-mismatch"
    case binaryVerified = "binary-verified"
    case binaryModified = "binary-modified"
    case binaryCorrupt = "binary-corrupt"
    case binaryOutdated = "binary-outdated"
    case modelMoved = "model-moved"
    case versionKept = "version-kept"
    case request
}
