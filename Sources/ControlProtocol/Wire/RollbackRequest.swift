/// Body of `POST /v1/models/{id}/rollback`.
public struct RollbackRequest: Codable, Hashable, Sendable {
    /// A version's number, or four or more digits of a gist's revision.
    public var version: String

    public init(version: String) { self.version = version }
}
