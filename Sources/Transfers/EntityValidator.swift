/// By what a later answer is known to be of the same bytes: what `If-Range` carries.
public enum EntityValidator: Hashable, Sendable, Codable {
    /// A strong entity tag, quotes included. A weak one (`W/"…"`) does not promise the same bytes and is never kept.
    case entityTag(String)
    /// The date as the server wrote it.
    case lastModified(String)

    /// The value of `If-Range`.
    var headerValue: String {
        switch self {
        case .entityTag(let value), .lastModified(let value): value
        }
    }
}
