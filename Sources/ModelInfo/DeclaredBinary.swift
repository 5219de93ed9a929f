/// A trained weights file as the model info names it: what to fetch, from where, and how to know it.
public struct DeclaredBinary: Hashable, Sendable {
    /// The file's name in the model directory; nil when none is written or what is written is no safe name.
    public let file: RelativePath?
    /// The name as written; nil when there is none.
    public let fileText: String?
    /// What to fetch: an absolute http or https URL, percent-encoded, without credentials. Nil when what is written may not be fetched.
    public let url: String?
    /// The URL as written, for people: one with credentials reads `https://…@host`.
    public let urlText: String?
    /// Further URLs of the same file, to be tried in order after `url`; the same promises as `url`.
    public let mirrors: [String]
    public let sha1: SHA1Digest?
    public let sha256: SHA256Digest?

    public init(
        file: RelativePath?, fileText: String?, url: String?, urlText: String?, mirrors: [String] = [], sha1: SHA1Digest?,
        sha256: SHA256Digest? = nil
    ) {
        (self.file, self.fileText, self.url, self.urlText) = (file, fileText, url, urlText)
        (self.mirrors, self.sha1, self.sha256) = (mirrors, sha1, sha256)
    }
}
