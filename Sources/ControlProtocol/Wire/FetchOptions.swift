/// Body of `POST /v1/models/{id}/fetch`; none at all means the defaults.
public struct FetchOptions: Codable, Hashable, Sendable {
    /// Also what is larger than `binaries.max_size`. For operators.
    public var force: Bool

    public init(force: Bool = false) { self.force = force }

    public init(from decoder: any Decoder) throws {
        force = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Bool.self, forKey: .force) ?? false
    }
}
