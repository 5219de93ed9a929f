/// Body of `POST /v1/models/{id}/resolve`.
public struct ResolveRequest: Codable, Hashable, Sendable {
    /// Whose text stays.
    public var keep: ConflictSide

    public init(keep: ConflictSide) { self.keep = keep }
}

/// The ways to end a conflict.
public enum ConflictSide: String, Codable, Hashable, Sendable, CaseIterable {
    /// The files as they are here.
    case local
    /// The files as the gist has them.
    case remote
    /// The changes of both; where both changed the same lines, those that are here.
    case merged
}
