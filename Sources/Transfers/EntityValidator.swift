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

    /// What an answer says in its place; nil when it says nothing.
    func counterpart(in headers: HTTPHeaders) -> String? {
        switch self {
        case .entityTag: headers["ETag"]
        case .lastModified: headers["Last-Modified"]
        }
    }

    /// How much older than the answer a `Last-Modified` must be to tell two versions apart: RFC 9110 (8.8.2.2) asks for a second by one
    /// clock, RFC 7232 for a minute; the servers behind one name do not share a clock.
    private static let settledSeconds = 60

    /// What an answer's headers offer; nil when that is nothing, or nothing to rely on.
    init?(_ headers: HTTPHeaders) {
        if let tag = headers["ETag"], tag.utf8.count >= 2, tag.hasPrefix("\""), tag.hasSuffix("\""), Self.isSendable(tag) {
            self = .entityTag(tag)
        } else if let text = headers["Last-Modified"], Self.isSendable(text), let modified = HTTPDate.seconds(text),
            let date = headers["Date"].flatMap(HTTPDate.seconds), date - modified >= Self.settledSeconds
        {
            self = .lastModified(text)
        } else {
            return nil
        }
    }

    /// It comes from outside, is kept, and goes out again as a header.
    private static func isSendable(_ value: String) -> Bool {
        value.utf8.count <= 1024 && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
