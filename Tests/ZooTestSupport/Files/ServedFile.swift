import Foundation

/// A file of ``LoopbackFileHost`` with what its headers say.
public struct ServedFile: Sendable {
    /// The validator that is sent.
    public enum ETag: Sendable, Hashable {
        /// `"…"`, derived from the content.
        case strong
        /// `W/"…"`, derived from the content: no good for ranges.
        case weak
        /// This text as it is, quotes included.
        case text(String)
        /// None.
        case none
    }

    /// What it holds.
    public var content: FileContent
    /// Default: strong.
    public var etag: ETag
    /// Whole seconds are sent; nil: no header.
    public var lastModified: Date?
    /// Default: `application/octet-stream`; nil: no header.
    public var contentType: String?
    /// False: `Range` is ignored and `Accept-Ranges` is not sent.
    public var acceptsRanges: Bool

    /// True: `If-Range` is ignored, so that a part is sent also of what has changed.
    public var ignoresIfRange = false
    /// When the server says that it is, without which `Last-Modified` tells nothing about the file's age; nil: no header.
    public var date: Date?

    /// A file as a good server would serve it, unless told otherwise.
    public init(
        _ content: FileContent, etag: ETag = .strong, lastModified: Date? = Date(timeIntervalSince1970: 1_700_000_000),
        contentType: String? = "application/octet-stream", acceptsRanges: Bool = true
    ) {
        (self.content, self.etag, self.lastModified) = (content, etag, lastModified)
        (self.contentType, self.acceptsRanges) = (contentType, acceptsRanges)
    }

    /// The `ETag` header's text.
    var etagText: String? {
        get throws {
            switch etag {
            case .strong: "\"\(try contentTag)\""
            case .weak: "W/\"\(try contentTag)\""
            case .text(let text): text
            case .none: nil
            }
        }
    }

    private var contentTag: String {
        get throws {
            switch content {
            case .bytes(let bytes): ContentDigests(of: bytes).sha1.description
            case .generated(let seed, let byteCount): "g\(seed)-\(byteCount)"
            case .file(let path): "f\(try content.byteCount)-\(ContentDigests(of: Array(path.string.utf8)).sha1.description.prefix(12))"
            }
        }
    }

    var dateText: String? { date.map(httpDate) }
    var lastModifiedText: String? { lastModified.map(httpDate) }
}
